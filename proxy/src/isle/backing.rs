//! Memory that the host leaves alone: [`prepare`] gives guest memory what `HERMIT_MEMORY` asks for, before the sandbox closes.
//!
//! Linux works on memory behind a program's back: it swaps pages out, merges equal ones (KSM), unmaps some to see which CPU uses them
//! (NUMA balancing), and backs what is touched for the first time. A program that measures or keeps deadlines wants none of that.

#![allow(unsafe_code, reason = "advice on mappings of the guest's memory")]

use super::ram::most_bytes;
use crate::error::IsleError;
use crate::options::{Memory, Options};
use core::ffi::{c_int, c_void};
use core::ops::Range;
use rustix::io::Errno;
use rustix::mm::{Advice, MlockFlags};
use rustix::process::{Resource, getrlimit};

/// Whose the pages are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// This process alone.
    Proxy,
    /// A memory file's, which QEMU maps as well: what it touches is not locked by our mapping, so all is touched here.
    File,
}

/// Guest memory, by addresses of this process.
#[derive(Clone, Debug)]
pub struct GuestPages<'a> {
    /// What is written: RAM.
    pub ram: Range<u64>,
    /// What else the program has: its image, where that lies outside.
    pub image: &'a [Range<u64>],
    /// Whose they are.
    pub owner: Owner,
}

/// `MADV_COLLAPSE` (Linux 6.1): large pages here and now, whatever the host's settings are.
const MADV_COLLAPSE: c_int = 25;

/// What the user wants, of vCPUs on these CPUs of the host (none: Linux places them). Before anything is touched that need not be.
pub fn prepare(options: &Options, host_cpus: &[usize], pages: &GuestPages<'_>) -> Result<(), IsleError> {
    let Memory { lock, populate, huge } = options.memory;
    if options.memory == Memory::default() {
        return Ok(());
    }
    if !options.ksm {
        // Merging can be on for whole process trees (PR_SET_MEMORY_MERGE). Without KSM there is nothing to switch off.
        let _ = advise(&pages.ram, Advice::LinuxUnmergeable);
    }
    stay_near(&pages.ram, host_cpus);
    if huge {
        advise(&pages.ram, Advice::LinuxHugepage)
            .map_err(IsleError::host("take large pages", "use a Linux with CONFIG_TRANSPARENT_HUGEPAGE"))?;
    }
    let populate = populate || lock && pages.owner == Owner::File;
    if populate && len(&pages.ram) > most_bytes() {
        return Err(no_room(Errno::NOMEM));
    }
    if lock {
        [&pages.ram].into_iter().chain(pages.image).try_for_each(lock_pages)?;
    }
    if populate {
        advise(&pages.ram, Advice::LinuxPopulateWrite).map_err(no_room)?;
    }
    if populate && huge {
        collapse(&pages.ram);
    }
    Ok(())
}

fn no_room(errno: Errno) -> IsleError {
    // Before Linux 5.14 the advice is unknown.
    let cure = if errno == Errno::INVAL { "use Linux 5.14 or newer" } else { "lower HERMIT_MEM" };
    IsleError::Host { what: "back all of guest RAM at the start", errno, cure }
}

fn len(range: &Range<u64>) -> u64 {
    range.end - range.start
}

fn advise(range: &Range<u64>, advice: Advice) -> rustix::io::Result<()> {
    // SAFETY: guest memory, in which nothing of Rust's lies; no advice that is given here changes what it holds.
    unsafe { rustix::mm::madvise(range.start as *mut c_void, len(range) as usize, advice) }
}

/// Each page stays locked once it has been touched: what nobody touches costs nothing.
fn lock_pages(range: &Range<u64>) -> Result<(), IsleError> {
    // SAFETY: guest memory; locking changes nothing in it.
    unsafe { rustix::mm::mlock_with(range.start as *mut c_void, len(range) as usize, MlockFlags::ONFAULT) }
        .map_err(|errno| IsleError::NotLocked {
            errno,
            wanted_kib: len(range) / 1024,
            limit: getrlimit(Resource::Memlock).current.map(|bytes| bytes / 1024),
        })
}

/// As far as the host has large pages: it says nowhere how many it got together.
fn collapse(range: &Range<u64>) {
    // SAFETY: as in `advise`.
    unsafe { libc::madvise(range.start as *mut c_void, len(range) as usize, MADV_COLLAPSE) };
}

/// Pages come from the node of `cpus` if they have one in common, else from that of the CPU that touches them first. Either is a
/// policy of the mapping's own, and such mappings NUMA balancing leaves alone. Advice: containers forbid it, and a host with a single
/// node may not know it.
fn stay_near(range: &Range<u64>, cpus: &[usize]) {
    let node = common_node(cpus, node_of);
    let (mode, mask) = node.map_or((libc::MPOL_LOCAL, 0), |node| (libc::MPOL_PREFERRED, 1_u64 << node));
    let (mask_at, bits) = if mask == 0 { (core::ptr::null(), 0) } else { (&raw const mask, NODES + 1) };
    // SAFETY: the mask lives through the call, and has as many bits as the call says but one (mbind(2)).
    unsafe { libc::syscall(libc::SYS_mbind, range.start, len(range), mode, mask_at, bits, 0) };
}

/// Nodes that fit into one word of a mask.
const NODES: u64 = 64;

fn common_node(cpus: &[usize], node_of: impl Fn(usize) -> Option<u64>) -> Option<u64> {
    let (&first, others) = cpus.split_first()?;
    let node = node_of(first).filter(|&node| node < NODES)?;
    others.iter().all(|&cpu| node_of(cpu) == Some(node)).then_some(node)
}

/// As Linux tells it: a link `nodeN` in the CPU's folder.
fn node_of(cpu: usize) -> Option<u64> {
    let entries = std::fs::read_dir(format!("/sys/devices/system/cpu/cpu{cpu}")).ok()?;
    let number = |entry: std::fs::DirEntry| entry.file_name().to_str()?.strip_prefix("node")?.parse().ok();
    entries.flatten().find_map(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::isle::ram::Ram;

    const BYTES: u64 = 32 << 20;

    fn options(memory: &str) -> Options {
        Options { memory: memory.parse().unwrap(), ..Options::default() }
    }

    /// KiB of `range` that smaps has in the line `name`.
    fn kib(range: &Range<u64>, name: &str) -> u64 {
        let smaps = std::fs::read_to_string("/proc/self/smaps").unwrap();
        let (mut inside, mut sum) = (false, 0);
        for line in smaps.lines() {
            let start = line.split('-').next().and_then(|word| u64::from_str_radix(word, 16).ok());
            match line.strip_prefix(name).and_then(|rest| rest.strip_prefix(':')) {
                Some(rest) if inside => sum += rest.trim().trim_end_matches(" kB").parse::<u64>().unwrap(),
                None if !line.contains(": ") => inside = start.is_some_and(|start| range.contains(&start)),
                _ => {}
            }
        }
        sum
    }

    #[test]
    fn memory_is_there_before_it_is_touched_only_if_asked_for() {
        for (memory, backed) in [("huge", 0), ("populate", BYTES / 1024), ("populate,huge", BYTES / 1024)] {
            let ram = Ram::private(BYTES).unwrap();
            let pages = GuestPages { ram: ram.host_range(), image: &[], owner: Owner::Proxy };
            prepare(&options(memory), &[], &pages).unwrap();
            assert_eq!(kib(&pages.ram, "Rss"), backed, "{memory}");
        }
    }

    #[test]
    fn what_is_locked_is_locked_when_it_is_touched() {
        let ram = Ram::private(BYTES).unwrap();
        let pages = GuestPages { ram: ram.host_range(), image: &[], owner: Owner::Proxy };
        match prepare(&options("lock"), &[], &pages) {
            Err(IsleError::NotLocked { wanted_kib, limit: Some(limit), .. }) => assert!(wanted_kib > limit),
            result => {
                result.unwrap();
                // SAFETY: fresh RAM of this test alone.
                unsafe { ram.host_address(4096).write(1) };
                assert_eq!(kib(&pages.ram, "Locked"), 4);
            }
        }
    }

    #[test]
    fn a_node_is_common_or_none() {
        let node_of = |cpu| [Some(0), Some(0), Some(1), Some(99), None].get(cpu).copied().flatten();
        let of = |cpus: &[usize]| common_node(cpus, node_of);
        assert_eq!([of(&[0, 1]), of(&[2])], [Some(0), Some(1)]);
        assert_eq!([of(&[]), of(&[0, 2]), of(&[3]), of(&[0, 4]), of(&[4])], [None; 5]);
    }
}
