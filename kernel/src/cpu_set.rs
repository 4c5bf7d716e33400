//! Sets of cores: [`CpuSet`], a bit for each that there can be. Pure logic.

use core::sync::atomic::{AtomicU64, Ordering::SeqCst};

use abi::boot_info::MAX_CPUS;

const WORD_BITS: usize = u64::BITS as usize;
const NR_WORDS: usize = MAX_CPUS.div_ceil(WORD_BITS);

/// A set of cores that any of them may look at while others join. Who goes through it reads as many words as the isle has cores for,
/// not as many as there can be.
pub struct CpuSet([AtomicU64; NR_WORDS]);

impl CpuSet {
    /// The empty set.
    pub const fn new() -> Self {
        Self([const { AtomicU64::new(0) }; NR_WORDS])
    }

    /// Adds `core`, which is below `MAX_CPUS`.
    pub fn insert(&self, core: usize) {
        self.0[core / WORD_BITS].fetch_or(1 << (core % WORD_BITS), SeqCst);
    }

    /// Whether `core` is in it.
    pub fn contains(&self, core: usize) -> bool {
        self.0.get(core / WORD_BITS).is_some_and(|word| word.load(SeqCst) >> (core % WORD_BITS) & 1 != 0)
    }

    /// Calls `each` for its members, upwards, where the isle has `nr_cores`: words that are for none of these are not read.
    pub fn for_each(&self, nr_cores: usize, mut each: impl FnMut(usize)) {
        for (index, word) in self.0.iter().take(nr_cores.div_ceil(WORD_BITS)).enumerate() {
            let mut members = word.load(SeqCst);
            while members != 0 {
                each(index * WORD_BITS + members.trailing_zeros() as usize);
                members &= members - 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    fn members(set: &CpuSet, nr_cores: usize) -> Vec<usize> {
        let mut members = Vec::new();
        set.for_each(nr_cores, |core| members.push(core));
        members
    }

    #[test]
    fn members_come_upwards_whichever_word_they_are_in() {
        let set = CpuSet::new();
        assert!(members(&set, MAX_CPUS).is_empty());
        let all = [0, 1, 63, 64, 127, 128, 511, MAX_CPUS - 1];
        all.iter().rev().for_each(|&core| set.insert(core));
        set.insert(63);
        assert_eq!(members(&set, MAX_CPUS), all);
        for core in 0..MAX_CPUS {
            assert_eq!(set.contains(core), all.contains(&core), "{core}");
        }
    }

    #[test]
    fn only_words_that_the_isle_has_cores_for_are_read() {
        let set = CpuSet::new();
        assert!(!set.contains(MAX_CPUS) && !set.contains(usize::MAX), "there is no such core");
        set.insert(64);
        assert_eq!((members(&set, 64), members(&set, 65)), (Vec::new(), Vec::from([64])));
    }
}
