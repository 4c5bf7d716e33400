//! Random bytes: the host's in the process isle, where it is a function call away, else the CPU's.

use crate::arch::cpu;
use crate::{given, platform};
use abi::errno::Errno;
use abi::hypercall::Number;

/// Most bytes that the host gives at a time.
const MAX_ENTROPY_BYTES: u64 = 4096;

/// 64 random bits. Errors: what the host says when it has none.
pub fn word() -> Result<u64, Errno> {
    if !given::has_host_nearby()
        && let Some(word) = cpu::random()
    {
        return Ok(word);
    }
    let mut word = 0u64;
    // SAFETY: a word of ours.
    unsafe { from_host((&raw mut word) as u64, size_of::<u64>() as u64)? };
    Ok(word)
}

/// Fills `len_bytes` at `address`.
///
/// # Safety
/// The range is writable and used by nobody else meanwhile.
pub unsafe fn fill(address: u64, len_bytes: u64) -> Result<(), Errno> {
    let mut done = 0;
    while done < len_bytes {
        let at = address + done;
        let word = if given::has_host_nearby() { None } else { cpu::random() };
        done += match word {
            Some(word) => {
                let step = (len_bytes - done).min(8);
                let bytes = word.to_ne_bytes();
                // SAFETY: `step` bytes of the range; the word has eight.
                unsafe { core::ptr::copy_nonoverlapping(bytes.as_ptr(), at as *mut u8, step as usize) };
                step
            }
            // SAFETY: as the caller says.
            None => unsafe { from_host(at, (len_bytes - done).min(MAX_ENTROPY_BYTES))? },
        };
    }
    Ok(())
}

/// Asks the host; returns bytes.
///
/// # Safety
/// As [`fill`].
unsafe fn from_host(address: u64, len_bytes: u64) -> Result<u64, Errno> {
    match platform::ask(Number::Entropy, [address, len_bytes, 0, 0, 0, 0])? {
        0 => Err(Errno::EIO),
        count => Ok(count.min(len_bytes)),
    }
}
