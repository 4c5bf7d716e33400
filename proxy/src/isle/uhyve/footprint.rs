//! How much memory the proxy takes beside guest RAM: [`beside`], by what Linux says of its mappings
//! (proc_pid_smaps(5)).

use crate::isle::ram::Ram;
use core::ops::Range;
use rustix::fs::{CWD, Mode, OFlags};

/// Bytes of this process that are in memory and not guest RAM's, pages of files included; `None` without
/// /proc. Makes system calls that the sandbox leaves.
pub fn beside(ram: &Ram) -> Option<u64> {
    let file =
        rustix::fs::openat(CWD, "/proc/self/smaps", OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty()).ok()?;
    let mut text = Vec::new();
    let mut buffer = [0; 16 << 10];
    loop {
        match rustix::io::read(&file, &mut buffer).ok()? {
            0 => return Some(sum(&String::from_utf8_lossy(&text), &ram.host_range())),
            len => text.extend_from_slice(&buffer[..len]),
        }
    }
}

/// What is resident outside of `ram`.
fn sum(smaps: &str, ram: &Range<u64>) -> u64 {
    let mut is_ram = false;
    let mut kib = 0;
    for line in smaps.lines() {
        if let Some(start) = start_of_mapping(line) {
            is_ram = ram.contains(&start);
        } else if let Some(size) = line.strip_prefix("Rss:").filter(|_| !is_ram) {
            kib += size.trim().trim_end_matches(" kB").parse().unwrap_or(0);
        }
    }
    kib * 1024
}

/// The first address in `55d0-56d0 r--p ...`; other lines have a name before a colon.
fn start_of_mapping(line: &str) -> Option<u64> {
    let (start, _) = line.split(' ').next()?.split_once('-')?;
    u64::from_str_radix(start, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[allow(unsafe_code, reason = "says what memory is the guest's")]
    fn guest_ram_that_was_used_does_not_count() {
        const USED: u64 = 64 << 20;
        let (ram, other) = (Ram::private(2 * USED).unwrap(), Ram::private(2 * USED).unwrap());
        // SAFETY: no Rust object is in it.
        let memory = unsafe { ram.guest_memory() };
        (0..USED).step_by(4096).for_each(|address| memory.write(address, &1_u64).unwrap());
        let (without, with) = (beside(&ram).unwrap(), beside(&other).unwrap());
        // Other tests take and give back some of their own meanwhile.
        assert!(with > without + USED / 2, "{without} {with}");
    }

    #[test]
    fn guest_ram_does_not_count() {
        let smaps = "1000-2000 r-xp 00000000 00:00 0 /bin/proxy\nSize: 4 kB\nRss:                 4 kB\n\
                     10000-20000 rw-p 00000000 00:00 0\nRss:                64 kB\n\
                     20000-30000 rw-p 00000000 00:00 0\nRss:                12 kB\nVmFlags: rd wr\n";
        assert_eq!(sum(smaps, &(0x10000..0x20000)), 16 * 1024);
        assert_eq!(sum(smaps, &(0..0)), 80 * 1024);
    }
}
