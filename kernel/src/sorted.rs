//! A map for few entries, or for entries that come and go at its ends: [`Sorted`].
//!
//! Each type of a B-tree map is five kilobytes of every image; this is a fraction of that. An entry in the middle
//! moves the shorter half of the others.

use alloc::collections::VecDeque;
use alloc::vec::Vec;

/// Values by their keys, ascending.
pub struct Sorted<K, V>(VecDeque<(K, V)>);

impl<K: Ord + Copy, V> Sorted<K, V> {
    /// An empty one.
    pub const fn new() -> Self {
        Self(VecDeque::new())
    }

    /// Where the key is, or where it would be.
    fn place(&self, key: K) -> Result<usize, usize> {
        self.0.binary_search_by_key(&key, |entry| entry.0)
    }

    /// Where the entries behind `key` begin.
    fn behind(&self, key: K) -> usize {
        self.0.partition_point(|entry| entry.0 <= key)
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value of `key`.
    pub fn get(&self, key: K) -> Option<&V> {
        self.place(key).ok().and_then(|place| self.0.get(place)).map(|entry| &entry.1)
    }

    /// Puts an entry in; returns the one of the same key that it replaces.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.place(key) {
            Ok(place) => self.0.get_mut(place).map(|entry| core::mem::replace(&mut entry.1, value)),
            Err(place) => {
                self.0.insert(place, (key, value));
                None
            }
        }
    }

    /// Takes an entry out.
    pub fn remove(&mut self, key: K) -> Option<V> {
        let place = self.place(key).ok()?;
        self.0.remove(place).map(|entry| entry.1)
    }

    /// Takes out every entry that `wanted` holds for.
    pub fn take(&mut self, wanted: impl Fn(K, &V) -> bool) -> Vec<(K, V)> {
        let mut taken = Vec::new();
        let mut next = 0;
        while let Some(entry) = self.0.get(next) {
            if wanted(entry.0, &entry.1) {
                taken.extend(self.0.remove(next));
            } else {
                next += 1;
            }
        }
        taken
    }

    /// The last entry whose key is `key` or less.
    pub fn at_or_before(&self, key: K) -> Option<(K, &V)> {
        self.0.get(self.behind(key).checked_sub(1)?).map(|entry| (entry.0, &entry.1))
    }

    /// The entries from the last one whose key is `key` or less, ascending; from the first one, if there is none.
    pub fn from_before(&self, key: K) -> impl Iterator<Item = (K, &V)> {
        self.0.range(self.behind(key).saturating_sub(1)..).map(|entry| (entry.0, &entry.1))
    }

    /// All values, ascending by their keys.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.0.iter().map(|entry| &entry.1)
    }

    /// All entries, ascending.
    pub fn iter(&self) -> impl Iterator<Item = (K, &V)> {
        self.0.iter().map(|entry| (entry.0, &entry.1))
    }
}

#[cfg(test)]
mod tests {
    use super::Sorted;
    use alloc::collections::BTreeMap;

    /// Whatever is done with it, it is what the standard library's map is.
    #[test]
    fn it_is_a_map() {
        let (mut sorted, mut map) = (Sorted::new(), BTreeMap::new());
        let mut number = 1_u32;
        for step in 0..20_000 {
            number = number.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let (key, what) = (number >> 16 & 63, number >> 8 & 7);
            match what {
                0..=3 => assert_eq!(sorted.insert(key, step), map.insert(key, step)),
                4 | 5 => assert_eq!(sorted.remove(key), map.remove(&key)),
                6 => {
                    let wanted = |each: u32| each % 16 == key % 16;
                    let taken: Vec<_> = map.extract_if(.., |each, _| wanted(*each)).collect();
                    assert_eq!(sorted.take(|each, _| wanted(each)), taken);
                }
                _ => {
                    assert_eq!(sorted.get(key), map.get(&key));
                    let before = map.range(..=key).next_back().map(|(key, value)| (*key, value));
                    assert_eq!(sorted.at_or_before(key), before);
                    let first = before.map_or(0, |(key, _)| key);
                    let from: Vec<_> = map.range(first..).map(|(key, value)| (*key, value)).collect();
                    assert_eq!(sorted.from_before(key).collect::<Vec<_>>(), from);
                }
            }
            assert_eq!((sorted.len(), sorted.is_empty()), (map.len(), map.is_empty()));
        }
        assert!(sorted.values().eq(map.values()));
        assert!(sorted.iter().eq(map.iter().map(|(key, value)| (*key, value))));
    }
}
