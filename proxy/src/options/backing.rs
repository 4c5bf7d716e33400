//! What the host must not do with memory: [`Memory`], written as `lock,populate,huge`.

use core::str::FromStr;

/// Value of `--memory` and `HERMIT_MEMORY`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    /// What has been touched stays in memory (mlock2(2)).
    pub lock: bool,
    /// All of RAM is there when the program starts.
    pub populate: bool,
    /// In large pages, from the first byte on.
    pub huge: bool,
}

/// The text is no such list.
#[derive(Debug, thiserror::Error)]
#[error("give lock, populate or huge, or several with commas between them")]
pub struct BadMemory;

impl FromStr for Memory {
    type Err = BadMemory;

    fn from_str(text: &str) -> Result<Self, BadMemory> {
        let mut memory = Self::default();
        for word in text.split(',') {
            *match word {
                "lock" => &mut memory.lock,
                "populate" => &mut memory.populate,
                "huge" => &mut memory.huge,
                _ => return Err(BadMemory),
            } = true;
        }
        Ok(memory)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_with_commas() {
        let both = Memory { lock: true, huge: true, ..Memory::default() };
        assert_eq!("huge,lock".parse::<Memory>().unwrap(), both);
        assert_eq!("lock,huge,lock".parse::<Memory>().unwrap(), both);
        assert!(["", "lock,", "all", "lock populate"].iter().all(|text| text.parse::<Memory>().is_err()));
    }
}
