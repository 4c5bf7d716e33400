//! An amount of RAM: [`MemorySize`], written as `512M` or `2G`.

use abi::layout::LARGE_PAGE_SIZE;
use core::str::FromStr;

/// Value of `--mem` and `HERMIT_MEM`, a whole number of large pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemorySize(u64);

/// Least RAM that an isle starts with.
pub const LEAST_BYTES: u64 = 16 << 20;

/// Most RAM that a boot info can describe without meeting Linux's own mappings: 64 TiB.
pub const MOST_BYTES: u64 = 64 << 40;

/// The text is no size, or one nobody can use.
#[derive(Debug, thiserror::Error)]
pub enum BadMemorySize {
    /// No number, or an unknown unit.
    #[error("give a number with an optional unit K, M, G or T, such as 512M or 2G")]
    Malformed,
    /// A program does not fit.
    #[error("give at least 16M, such as 512M or 2G")]
    TooSmall,
    /// More than the address space has.
    #[error("give at most 64T, such as 512M or 2G")]
    TooLarge,
}

impl MemorySize {
    /// The size in bytes, a multiple of the large page.
    pub const fn bytes(self) -> u64 {
        self.0
    }

    /// `bytes`, rounded down to large pages.
    pub const fn from_bytes(bytes: u64) -> Result<Self, BadMemorySize> {
        match bytes {
            ..LEAST_BYTES => Err(BadMemorySize::TooSmall),
            LEAST_BYTES..=MOST_BYTES => Ok(Self(bytes - bytes % LARGE_PAGE_SIZE)),
            _ => Err(BadMemorySize::TooLarge),
        }
    }
}

impl FromStr for MemorySize {
    type Err = BadMemorySize;

    fn from_str(text: &str) -> Result<Self, BadMemorySize> {
        let digits_end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let (digits, unit) = text.split_at(digits_end);
        let number: u64 = digits.parse().map_err(|_| BadMemorySize::Malformed)?;
        let shift = match unit.to_ascii_lowercase().trim_end_matches("ib").trim_end_matches('b') {
            "" => 0,
            "k" => 10,
            "m" => 20,
            "g" => 30,
            "t" => 40,
            _ => return Err(BadMemorySize::Malformed),
        };
        Self::from_bytes(number.checked_mul(1 << shift).ok_or(BadMemorySize::TooLarge)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units() {
        for (text, bytes) in
            [("512M", 512 << 20), ("2G", 2 << 30), ("2GiB", 2 << 30), ("33554432", 32 << 20), ("1t", 1 << 40)]
        {
            assert_eq!(text.parse::<MemorySize>().unwrap().bytes(), bytes, "{text}");
        }
    }

    #[test]
    fn whole_large_pages() {
        for (text, bytes) in [("17M", 16 << 20), ("18M", 18 << 20), ("33554431", 30 << 20)] {
            assert_eq!(text.parse::<MemorySize>().unwrap().bytes(), bytes, "{text}");
        }
    }

    #[test]
    fn nonsense() {
        for text in [
            "",
            "abc",
            "M",
            "-1M",
            "1X",
            "1.5G",
            "12 M",
            "1M2",
            "0",
            "99999999999999999999",
            "9999999999T",
            "15M",
            "65T",
        ] {
            assert!(text.parse::<MemorySize>().is_err(), "{text}");
        }
    }
}
