//! An amount of RAM, [`MemorySize`], and of a stack, [`StackSize`], written as `512M` or `2G`.

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
        let (number, shift) = parts(text).ok_or(BadMemorySize::Malformed)?;
        Self::from_bytes(number.checked_mul(1 << shift).ok_or(BadMemorySize::TooLarge)?)
    }
}

/// The number, and by how many bits its unit shifts it.
fn parts(text: &str) -> Option<(u64, u32)> {
    let digits_end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, unit) = text.split_at(digits_end);
    let shift = match unit.to_ascii_lowercase().trim_end_matches("ib").trim_end_matches('b') {
        "" => 0,
        "k" => 10,
        "m" => 20,
        "g" => 30,
        "t" => 40,
        _ => return None,
    };
    Some((digits.parse().ok()?, shift))
}

/// Value of `--stack` and `HERMIT_STACK`, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StackSize(u64);

/// Least stack of the main thread.
const LEAST_STACK_BYTES: u64 = 64 << 10;

/// The text is no size of a stack.
#[derive(Debug, thiserror::Error)]
#[error("give a size from 64K on, such as 64M or 1G, or unlimited")]
pub struct BadStackSize;

impl StackSize {
    /// The size in bytes; `u64::MAX`: as much as makes sense.
    pub const fn bytes(self) -> u64 {
        self.0
    }
}

impl FromStr for StackSize {
    type Err = BadStackSize;

    fn from_str(text: &str) -> Result<Self, BadStackSize> {
        if text == "unlimited" {
            return Ok(Self(u64::MAX));
        }
        let bytes = parts(text).and_then(|(number, shift)| number.checked_mul(1 << shift));
        bytes.filter(|bytes| (LEAST_STACK_BYTES..=MOST_BYTES).contains(bytes)).map(Self).ok_or(BadStackSize)
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
        for (text, bytes) in
            [("33M", 32 << 20), ("33791K", 32 << 20), ("34M", 34 << 20), ("16777217", 16 << 20)]
        {
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

    #[test]
    fn stacks() {
        let bytes = |text: &str| text.parse::<StackSize>().map(StackSize::bytes).ok();
        assert_eq!(["64K", "1G", "unlimited"].map(bytes), [Some(64 << 10), Some(1 << 30), Some(u64::MAX)]);
        assert_eq!(["", "63K", "65T", "8MM", "max", "-1"].map(bytes), [None; 6]);
    }
}
