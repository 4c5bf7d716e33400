//! How long calls on a socket wait: SO_RCVTIMEO and SO_SNDTIMEO.

use abi::c::{SO_RCVTIMEO, SO_SNDTIMEO, SOL_SOCKET};
use abi::errno::Errno;

use core::sync::atomic::{AtomicU64, Ordering::Relaxed};

const NS_PER_US: u64 = 1000;
const US_PER_S: i64 = 1_000_000;

/// Bytes of `struct timeval`.
const TIME_BYTES: usize = 16;

/// Which way data goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// To the program.
    In,
    /// From it.
    Out,
}

/// The time limits of one socket, in nanoseconds; 0: none.
pub struct Patience {
    pub incoming: AtomicU64,
    pub outgoing: AtomicU64,
}

impl Patience {
    pub const fn new() -> Self {
        Self { incoming: AtomicU64::new(0), outgoing: AtomicU64::new(0) }
    }

    const fn word(&self, way: Way) -> &AtomicU64 {
        match way {
            Way::In => &self.incoming,
            Way::Out => &self.outgoing,
        }
    }

    pub fn of(&self, way: Way) -> u64 {
        self.word(way).load(Relaxed)
    }

    /// getsockopt(2), if the option is a time limit.
    pub fn option(&self, level: i32, name: i32) -> Option<[u8; TIME_BYTES]> {
        time_limit(level, name).map(|way| time_limit_bytes(self.of(way)))
    }

    /// setsockopt(2), if the option is a time limit.
    pub fn set_option(&self, level: i32, name: i32, value: &[u8]) -> Option<Result<(), Errno>> {
        let way = time_limit(level, name)?;
        Some(time_limit_ns(value).map(|limit_ns| self.word(way).store(limit_ns, Relaxed)))
    }
}

/// Which time limit an option is.
const fn time_limit(level: i32, name: i32) -> Option<Way> {
    match (level, name) {
        (SOL_SOCKET, SO_RCVTIMEO) => Some(Way::In),
        (SOL_SOCKET, SO_SNDTIMEO) => Some(Way::Out),
        _ => None,
    }
}

/// A `struct timeval` as nanoseconds. `EINVAL`: too short; `EDOM`: no time.
fn time_limit_ns(value: &[u8]) -> Result<u64, Errno> {
    let word =
        |at: usize| value.get(at..at + 8).and_then(|word| word.try_into().ok()).map(i64::from_ne_bytes);
    let (seconds, microseconds) = word(0).zip(word(8)).ok_or(Errno::EINVAL)?;
    if !(0..US_PER_S).contains(&microseconds) {
        return Err(Errno::EDOM);
    }
    // Before now: as Linux has it, not at all.
    let Ok(seconds) = u64::try_from(seconds) else { return Ok(1) };
    let whole_us = seconds.saturating_mul(US_PER_S as u64).saturating_add(microseconds as u64);
    Ok(whole_us.saturating_mul(NS_PER_US))
}

/// As a `struct timeval`.
fn time_limit_bytes(limit_ns: u64) -> [u8; TIME_BYTES] {
    let whole_us = limit_ns / NS_PER_US;
    let (seconds, rest) = (whole_us / US_PER_S as u64, whole_us % US_PER_S as u64);
    let mut time = [0; TIME_BYTES];
    time[..8].copy_from_slice(&seconds.to_ne_bytes());
    time[8..].copy_from_slice(&rest.to_ne_bytes());
    time
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_limits_are_read_as_linux_reads_them() {
        let of = |seconds: i64, microseconds: i64| {
            time_limit_ns(&[seconds.to_ne_bytes(), microseconds.to_ne_bytes()].concat())
        };
        assert_eq!((of(0, 0), of(1, 5)), (Ok(0), Ok(1_000_005_000)));
        assert_eq!((of(0, 1_000_000), of(0, -1)), (Err(Errno::EDOM), Err(Errno::EDOM)));
        assert_eq!((of(-1, 0), of(i64::MAX, 0)), (Ok(1), Ok(u64::MAX)));
        assert_eq!(time_limit_ns(&[0; 15]), Err(Errno::EINVAL));
    }
}
