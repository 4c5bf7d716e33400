//! Random bytes: the host's in the process isle, where it is a function call away, else the CPU's.

use crate::arch::cpu;
use crate::{given, platform};
use abi::errno::Errno;
use abi::hypercall::Number;

/// Most bytes that the host gives at a time.
const MAX_ENTROPY_BYTES: usize = 4096;

/// 64 random bits. Errors: what the host says when it has none.
pub fn word() -> Result<u64, Errno> {
    if !given::has_host_nearby()
        && let Some(word) = cpu::random()
    {
        return Ok(word);
    }
    let mut word = [0; size_of::<u64>()];
    fill(&mut word)?;
    Ok(u64::from_ne_bytes(word))
}

/// Fills `bytes`.
pub fn fill(bytes: &mut [u8]) -> Result<(), Errno> {
    let mut rest = bytes;
    while !rest.is_empty() {
        let word = if given::has_host_nearby() { None } else { cpu::random() };
        let done = match word {
            Some(word) => {
                let done = rest.len().min(size_of_val(&word));
                rest[..done].copy_from_slice(&word.to_ne_bytes()[..done]);
                done
            }
            None => from_host(rest)?,
        };
        rest = &mut rest[done..];
    }
    Ok(())
}

/// Asks the host; returns how many bytes it gave.
fn from_host(bytes: &mut [u8]) -> Result<usize, Errno> {
    let wanted = bytes.len().min(MAX_ENTROPY_BYTES);
    match platform::ask(Number::Entropy, [bytes.as_mut_ptr() as u64, wanted as u64, 0, 0, 0, 0])? as usize {
        0 => Err(Errno::EIO),
        count => Ok(count.min(wanted)),
    }
}
