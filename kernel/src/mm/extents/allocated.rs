//! What is allocated, as ranges: the other side of [`Extents`].

use super::Extents;

impl Extents {
    /// Tells `each` which ranges are managed and not free, ascending as they were added: first address and end.
    pub fn for_each_allocated(&self, mut each: impl FnMut(u64, u64)) {
        for &(first, len_bytes) in &self.managed[..self.nr_managed] {
            let (mut from, end) = (first, first + len_bytes);
            let later = &self.list()[self.first_ending_after(first)..];
            for extent in later.iter().take_while(|extent| extent.start < end) {
                if extent.start > from {
                    each(from, extent.start);
                }
                from = extent.end();
            }
            if from < end {
                each(from, end);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::PageState;
    use super::*;

    #[test]
    fn what_is_not_free() {
        let mut extents = Extents::new();
        let told = |extents: &Extents| {
            let mut told = Vec::new();
            extents.for_each_allocated(|start, end| told.push((start, end)));
            told
        };
        extents.add_managed(0x1_0000, 0x8000, PageState::Zero);
        extents.add_managed(0x3_0000, 0x2000, PageState::Zero);
        assert_eq!(told(&extents), []);
        for (start, len_bytes) in [(0x1_0000, 0x1000), (0x1_3000, 0x2000), (0x3_0000, 0x2000)] {
            assert_eq!(extents.allocate_at(start, len_bytes, |_, _, _| {}), Some(()));
        }
        assert_eq!(told(&extents), [(0x1_0000, 0x1_1000), (0x1_3000, 0x1_5000), (0x3_0000, 0x3_2000)]);
    }
}
