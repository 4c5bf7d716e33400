//! What Linux puts behind the environment for libraries: the auxiliary vector (getauxval(3)).

use crate::arch::{cpu, segment, trap};
use crate::{image, random};
use abi::layout::PAGE_SIZE;

/// Numbers of entries (asm-generic and x86's auxvec.h).
mod at {
    pub const NULL: u64 = 0;
    pub const PHDR: u64 = 3;
    pub const PHENT: u64 = 4;
    pub const PHNUM: u64 = 5;
    pub const PAGESZ: u64 = 6;
    pub const BASE: u64 = 7;
    pub const FLAGS: u64 = 8;
    pub const ENTRY: u64 = 9;
    pub const UID: u64 = 11;
    pub const EUID: u64 = 12;
    pub const GID: u64 = 13;
    pub const EGID: u64 = 14;
    pub const PLATFORM: u64 = 15;
    pub const HWCAP: u64 = 16;
    pub const CLKTCK: u64 = 17;
    pub const SECURE: u64 = 23;
    pub const RANDOM: u64 = 25;
    pub const HWCAP2: u64 = 26;
    pub const EXECFN: u64 = 31;
    pub const MINSIGSTKSZ: u64 = 51;
}

/// RDFSBASE and friends may be used (x86's hwcap2.h).
const HWCAP2_FSGSBASE: u64 = 1 << 1;

/// Bytes behind AT_RANDOM.
const NR_RANDOM: usize = 16;

/// `sysconf(_SC_CLK_TCK)`.
const CLOCK_TICKS: u64 = 100;

/// What a handler's stack must hold beside the vector state: the frame, the context, the kernel's own calls.
const HANDLER_BYTES: u64 = 8192;

static PLATFORM: &core::ffi::CStr = c"x86_64";

/// Entries, numbers and values in turn, up to and with AT_NULL. `path`: the address of the program's path.
pub fn vector(path: u64) -> impl Iterator<Item = u64> {
    let headers = image::headers();
    let entries = [
        [at::HWCAP, cpu::basic_features()],
        [at::HWCAP2, if segment::is_by_instruction() { HWCAP2_FSGSBASE } else { 0 }],
        [at::PAGESZ, PAGE_SIZE],
        [at::CLKTCK, CLOCK_TICKS],
        [at::PHDR, headers.address],
        [at::PHENT, headers.entry_bytes],
        [at::PHNUM, headers.count],
        [at::BASE, 0],
        [at::FLAGS, 0],
        [at::ENTRY, headers.entry],
        // There are no users in an isle.
        [at::UID, 0],
        [at::EUID, 0],
        [at::GID, 0],
        [at::EGID, 0],
        [at::SECURE, 0],
        [at::RANDOM, random_bytes()],
        [at::EXECFN, path],
        [at::PLATFORM, PLATFORM.as_ptr() as u64],
        [at::MINSIGSTKSZ, HANDLER_BYTES + trap::vector_state_bytes()],
        [at::NULL, 0],
    ];
    entries.into_iter().flatten()
}

/// The address of random bytes that nobody else uses, kept to the end of the program.
fn random_bytes() -> u64 {
    let bytes = alloc::boxed::Box::leak(alloc::boxed::Box::new([0; NR_RANDOM]));
    // Without a source of them they are as good as on a Linux that has just started.
    let _ = random::fill(bytes);
    bytes.as_ptr() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vector_has_an_end_and_each_number_once() {
        let words: alloc::vec::Vec<_> = vector(0x1234).collect();
        let (pairs, rest) = words.as_chunks::<2>();
        assert!(rest.is_empty());
        assert_eq!(pairs.last(), Some(&[at::NULL, 0]));
        let mut numbers: alloc::vec::Vec<_> = pairs.iter().map(|pair| pair[0]).collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), pairs.len());
        assert!(pairs.contains(&[at::EXECFN, 0x1234]) && pairs.contains(&[at::PAGESZ, 4096]));
    }
}
