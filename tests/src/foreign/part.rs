//! A part of a suite, for when all of it would take too long: [`Part`].

/// One of `of` parts of the tests, equal but for chance: a test's name decides where it belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    number: u64,
    of: u64,
}

impl Part {
    /// Reads `K/N`.
    ///
    /// # Errors
    /// Unless 1 <= K <= N.
    pub fn parse(text: &str) -> Result<Self, String> {
        let numbers = text.split_once('/').and_then(|(k, n)| Some((k.parse().ok()?, n.parse().ok()?)));
        match numbers {
            Some((number, of)) if 1 <= number && number <= of => Ok(Self { number, of }),
            _ => Err("a part such as 3/20".to_owned()),
        }
    }

    /// Whether it is all.
    pub const fn is_all(self) -> bool {
        self.of == 1
    }

    /// Whether the test of this name belongs to it.
    pub fn has(self, name: &str) -> bool {
        // FNV-1a: no order of names shows in it.
        let step = |sum: u64, byte: u8| (sum ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
        let sum = name.bytes().fold(0xcbf2_9ce4_8422_2325, step);
        (sum >> 16) % self.of == self.number - 1
    }
}

impl std::fmt::Display for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_share_everything() {
        let parts: Vec<_> = (1..=3).map(|k| Part::parse(&format!("{k}/3")).unwrap()).collect();
        let mut sizes = [0; 3];
        for number in 0..300 {
            let name = format!("20_util/{number}.cc");
            let owners: Vec<_> = (0..3).filter(|&part| parts[part].has(&name)).collect();
            assert_eq!(owners.len(), 1);
            sizes[owners[0]] += 1;
        }
        assert!(sizes.iter().all(|&size| size > 50), "{sizes:?}");
        assert!(Part::parse("1/1").unwrap().is_all() && !parts[0].is_all());
        for bad in ["0/3", "4/3", "3", "a/b", ""] {
            assert!(Part::parse(bad).is_err(), "{bad}");
        }
    }
}
