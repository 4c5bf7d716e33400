//! Resource limits from what the user asks for: [`limit`], [`limit_qemu`].

use crate::error::IsleError;
use crate::options::{Cpus, Level, Options};
use abi::layout::PAGE_SIZE;
use rustix::io::Errno;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Address space that the proxy needs beside all that is mapped when the guest starts, in bytes: for the
/// stacks of threads that wait in a vCPU's place, and for the report.
const OWN_BYTES: u64 = 256 << 20;

/// The same for each vCPU: its thread's stack, and what the allocator sets aside for that.
const PER_CPU_BYTES: u64 = 4 << 20;

/// The same for QEMU: of its translations alone up to 1 GiB, and libraries.
const QEMU_BYTES: u64 = 4 << 30;

/// Threads beside vCPUs: most that wait for the host, and a few.
const OWN_THREADS: u64 = 256 + 16;

const WHAT: &str = "limit address space, threads and core files";
const CURE: &str = "use HERMIT_SANDBOX=user";

/// Whether the guest can make system calls of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guest {
    /// Those that remain: it is code of this process.
    InProcess,
    /// None: it is in a virtual machine, whose RAM has its size.
    InMachine,
}

/// Limits this process, once all is mapped that the guest starts with. What it maps behind the kernel's back gets no
/// more memory than that and what the proxy needs; of a program that names no size only where it is strict.
pub fn limit(options: &Options, guest: Guest) -> Result<(), IsleError> {
    let strict = options.sandbox == Level::Strict;
    if strict {
        lower(Resource::Core, 0)?;
        lower(Resource::Nproc, threads_of_all() + nr_cpus(options) + OWN_THREADS)?;
    }
    if strict || guest == Guest::InProcess && options.mem.is_some() {
        share_one_arena();
        match Taken::now() {
            Some(Taken { address_space_bytes: bytes, .. }) => {
                lower(Resource::As, bytes + OWN_BYTES + nr_cpus(options) * PER_CPU_BYTES)?;
            }
            None if strict => {
                return Err(IsleError::Host {
                    what: "read /proc/self/statm",
                    errno: Errno::NOENT,
                    cure: CURE,
                });
            }
            None => {}
        }
    }
    Ok(())
}

/// glibc would set 64 MiB of address space aside for the allocations of each thread. A failure costs just that.
#[allow(unsafe_code, reason = "mallopt(3)")]
fn share_one_arena() {
    // SAFETY: touches the allocator's settings only, which it guards itself.
    unsafe { libc::mallopt(libc::M_ARENA_MAX, 1) };
}

/// Limits QEMU: to be called between fork and exec.
pub fn limit_qemu(ram_bytes: u64) -> rustix::io::Result<()> {
    lower_to(Resource::Core, 0)?;
    lower_to(Resource::As, ram_bytes.saturating_add(QEMU_BYTES))
}

fn lower(resource: Resource, most: u64) -> Result<(), IsleError> {
    lower_to(resource, most).map_err(IsleError::host(WHAT, CURE))
}

/// Both limits; what is lower already stays.
fn lower_to(resource: Resource, most: u64) -> rustix::io::Result<()> {
    let now = getrlimit(resource);
    let least = |limit: Option<u64>| Some(limit.map_or(most, |limit| limit.min(most)));
    setrlimit(resource, Rlimit { current: least(now.current), maximum: least(now.maximum) })
}

/// Linux counts a user's threads, not a process's: those that there may be beside ours are all there are.
fn threads_of_all() -> u64 {
    u64::from(rustix::system::sysinfo().procs)
}

fn nr_cpus(options: &Options) -> u64 {
    let all = || rustix::thread::sched_getaffinity(None).map_or(1, |set| set.count() as usize);
    options.cpus.as_ref().map_or_else(all, Cpus::count) as u64
}

/// What this process takes of its limits.
#[derive(Clone, Copy, Debug)]
pub struct Taken {
    /// Of RLIMIT_AS.
    pub address_space_bytes: u64,
    /// Of RLIMIT_DATA.
    pub data_bytes: u64,
}

impl Taken {
    /// As Linux says; `None` where /proc is not mounted.
    pub fn now() -> Option<Self> {
        // proc(5): size resident shared text lib data dt, in pages.
        let text = std::fs::read_to_string("/proc/self/statm").ok()?;
        let bytes = |index| Some(text.split_whitespace().nth(index)?.parse::<u64>().ok()? * PAGE_SIZE);
        Some(Self { address_space_bytes: bytes(0)?, data_bytes: bytes(5)? })
    }
}
