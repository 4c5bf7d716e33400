//! What the proxy's parent has given, and the program shall have: [`take`] and [`of_program`].
//!
//! Taken before anything is opened or installed. In the proxy itself descriptors above 2 are closed for others that it
//! executes, and it may open more files than the program; signals stay blocked until somebody wants them ([`let_through`]).

#![allow(unsafe_code, reason = "asks Linux about signals and descriptors, and takes descriptors over")]

use abi::boot_info::{Inherited, MAX_INHERITED_DESCRIPTORS, NR_LIMITS};
use core::ffi::c_int;
use core::sync::atomic::{AtomicU64, Ordering};
use std::os::fd::{FromRawFd, OwnedFd, RawFd};
use std::sync::OnceLock;

static TAKEN: OnceLock<Inherited> = OnceLock::new();

/// Descriptors that a strict program may have, one bit each.
static LEFT: OnceLock<[u64; MAX_INHERITED_DESCRIPTORS / 64]> = OnceLock::new();

/// Signals that the parent has blocked and the proxy still blocks: bit n - 1 is signal n.
static BLOCKED: AtomicU64 = AtomicU64::new(0);

/// Size of the kernel's `sigset_t`, in bytes.
const SET_BYTES: usize = size_of::<u64>();

const RLIMIT_STACK: usize = libc::RLIMIT_STACK as usize;
const RLIMIT_NOFILE: usize = libc::RLIMIT_NOFILE as usize;

/// Must come before anything is opened: puts /dev/null where a standard stream is closed, so that no file of the proxy
/// gets its number. The guest will see it closed all the same.
pub fn take() {
    TAKEN.get_or_init(|| {
        let limits = limits();
        let descriptors = open_descriptors(limits[RLIMIT_NOFILE][0]);
        let taken = Inherited {
            ignored_signals: ignored_signals(),
            blocked_signals: blocked_signals(),
            stack_bytes: limits[RLIMIT_STACK][0],
            descriptors,
            limits,
        };
        keep(&taken);
        taken
    });
}

/// What the program inherits.
pub fn of_program() -> Inherited {
    let mut inherited = TAKEN.get().copied().unwrap_or_default();
    if let Some(left) = LEFT.get() {
        inherited.descriptors.iter_mut().zip(left).for_each(|(descriptors, left)| *descriptors &= left);
    }
    inherited
}

/// Leaves the program the standard streams and those of `named` that it was given; the others are closed.
pub fn leave_descriptors(named: &[RawFd]) {
    LEFT.get_or_init(|| {
        let mut left = [0; MAX_INHERITED_DESCRIPTORS / 64];
        let numbers = named.iter().filter_map(|&fd| usize::try_from(fd).ok()).chain(0..=2);
        for fd in numbers.filter(|&fd| fd < MAX_INHERITED_DESCRIPTORS) {
            left[fd / 64] |= 1 << (fd % 64);
        }
        left
    });
}

fn keep(taken: &Inherited) {
    for stream in 0..=2 {
        if taken.descriptors[0] & 1 << stream == 0 {
            // SAFETY: a constant path. Descriptors are given lowest first, so this becomes `stream`.
            unsafe { libc::open(c"/dev/null".as_ptr(), libc::O_RDWR) };
        }
    }
    for descriptor in taken.descriptors().filter(|&descriptor| descriptor > 2) {
        // SAFETY: touches no memory.
        unsafe { libc::fcntl(descriptor as c_int, libc::F_SETFD, libc::FD_CLOEXEC) };
    }
    BLOCKED.store(taken.blocked_signals, Ordering::Relaxed);
    let [soft, hard] = taken.limits[RLIMIT_NOFILE];
    if soft < hard {
        let limit = libc::rlimit { rlim_cur: hard, rlim_max: hard };
        // SAFETY: a live structure. Without it the program has a few descriptors less.
        unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &raw const limit) };
    }
}

/// Lets `signal` through that the parent has blocked: there is a handler that knows what to do with it.
pub fn let_through(signal: c_int) {
    let bit = 1 << (signal - 1);
    if BLOCKED.load(Ordering::Relaxed) & bit != 0 && BLOCKED.fetch_and(!bit, Ordering::Relaxed) & bit != 0 {
        unblock(bit);
    }
}

/// Of this thread, and of those that it starts.
fn unblock(set: u64) {
    let unblock = libc::SIG_UNBLOCK;
    // SAFETY: a live set.
    unsafe {
        libc::syscall(libc::SYS_rt_sigprocmask, unblock, &raw const set, core::ptr::null::<u64>(), SET_BYTES)
    };
}

fn blocked_signals() -> u64 {
    let mut set = 0_u64;
    let block = libc::SIG_BLOCK;
    // SAFETY: a live set is filled in.
    unsafe {
        libc::syscall(libc::SYS_rt_sigprocmask, block, core::ptr::null::<u64>(), &raw mut set, SET_BYTES)
    };
    set
}

fn ignored_signals() -> u64 {
    let is_ignored = |signal: c_int| {
        // The kernel's `struct sigaction` (asm/signal.h), which begins with the handler.
        let mut action = [0_u64; 4];
        // SAFETY: a live structure is filled in.
        let result = unsafe {
            libc::syscall(
                libc::SYS_rt_sigaction,
                signal,
                core::ptr::null::<u64>(),
                &raw mut action,
                SET_BYTES,
            )
        };
        result == 0 && action[0] == libc::SIG_IGN as u64
    };
    (1..=64).filter(|&signal| is_ignored(signal)).fold(0, |set, signal| set | 1 << (signal - 1))
}

fn limits() -> [[u64; 2]; NR_LIMITS] {
    core::array::from_fn(|resource| {
        let mut limit = libc::rlimit { rlim_cur: u64::MAX, rlim_max: u64::MAX };
        // SAFETY: a live structure is filled in.
        unsafe { libc::getrlimit(resource as u32, &raw mut limit) };
        [limit.rlim_cur, limit.rlim_max]
    })
}

/// All in one call, and without /proc.
fn open_descriptors(limit: u64) -> [u64; MAX_INHERITED_DESCRIPTORS / 64] {
    let mut descriptors = [0; MAX_INHERITED_DESCRIPTORS / 64];
    let mut asked: [libc::pollfd; MAX_INHERITED_DESCRIPTORS] =
        core::array::from_fn(|fd| libc::pollfd { fd: fd as c_int, events: 0, revents: 0 });
    // More than the limit is an error.
    let count = limit.min(MAX_INHERITED_DESCRIPTORS as u64);
    // SAFETY: so many live structures.
    let result = unsafe { libc::poll(asked.as_mut_ptr(), count, 0) };
    let asked = if result < 0 { &asked[..3] } else { &asked[..count as usize] };
    for descriptor in asked.iter().filter(|descriptor| descriptor.revents & libc::POLLNVAL == 0) {
        descriptors[descriptor.fd as usize / 64] |= 1 << (descriptor.fd % 64);
    }
    descriptors
}

/// The inherited descriptors, by their numbers; call it once.
pub fn files() -> Vec<Option<OwnedFd>> {
    let inherited = of_program();
    let Some(last) = inherited.descriptors().last() else { return Vec::new() };
    let mut files: Vec<_> = (0..=last).map(|_| None).collect();
    for descriptor in inherited.descriptors() {
        // SAFETY: the descriptor is open, and std does not close its standard streams: this is the only owner.
        files[descriptor] = Some(unsafe { OwnedFd::from_raw_fd(descriptor as RawFd) });
    }
    files
}
