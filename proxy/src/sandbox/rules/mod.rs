//! The system calls that remain: what the hypercall server, the report and glibc's allocator make
//! ([`RULES`]), and what each isle changes of that. `build.rs` compiles them.
//!
//! | module | isle |
//! |---|---|
//! | [`process`] | the process isle |
//! | [`uhyve`] | the uhyve isle |
//! | [`qemu`] | the proxy of the qemu isle; the guest's code runs in QEMU, which has rules of its own (`-sandbox`) |
//! | [`sockets`] | each of them, for images that can make sockets |
//! | [`strict`] | each of them, for programs that reach only what is named |
//!
//! `build.rs` includes this folder too, which is why this file is called `mod.rs`.
//!
//! Absent on purpose: execve, fork, clone of processes, ptrace, kill, socket and its family (but see [`sockets`]), prctl, seccomp,
//! mount, setuid, open (only openat and openat2, which Landlock judges), and everything that is younger than this list.

pub mod process;
pub mod qemu;
pub mod sockets;
pub mod strict;
pub mod uhyve;

/// Stands for the process id, which is known only at run time.
pub const PID_PLACEHOLDER: u32 = 0x5eed_1d00;

/// When a system call is allowed.
#[derive(Clone, Copy, Debug)]
pub enum When {
    /// Whatever its arguments are.
    Always,
    /// When the lower half of this argument is one of the values in these lists.
    OneOf(u32, &'static [&'static [u32]]),
    /// When the lower halves of several arguments are one of their values each.
    AllOf(&'static [(u32, &'static [u32])]),
    /// When this argument has none of these bits.
    Without(u32, u32),
    /// Never, but with ENOSYS: the C library has another way.
    Missing,
    /// Never, but with EPERM: programs live with that.
    Refused,
    /// As openat(2), unless it makes a file with a set-user-ID or set-group-ID bit: that is EPERM.
    NoSetId,
}

use When::{Always, Missing, OneOf, Without};

/// Requests on terminals, and how much there is to read.
const TERMINAL_REQUESTS: &[u32] = &[
    libc::TCGETS as u32,
    libc::TCSETS as u32,
    libc::TCSETSW as u32,
    libc::TCSETSF as u32,
    libc::TIOCGWINSZ as u32,
    libc::TIOCGPGRP as u32,
    libc::FIONREAD as u32,
];

/// Commands of fcntl(2): flags and locks.
const FILE_COMMANDS: &[u32] = &[
    libc::F_GETFD as u32,
    libc::F_GETFL as u32,
    libc::F_SETFL as u32,
    libc::F_GETLK as u32,
    libc::F_SETLK as u32,
    libc::F_SETLKW as u32,
];

/// Flags of clone(2) for one more thread of this process, as glibc's and musl's pthread_create(3) give them:
/// CLONE_VM, FS, FILES, SIGHAND, THREAD, SYSVSEM, SETTLS, PARENT_SETTID, CHILD_CLEARTID, and musl's DETACHED,
/// which means nothing.
const THREAD_FLAGS: &[u32] = &[0x3d_0f00, 0x7d_0f00];

/// ARCH_SET_GS, ARCH_SET_FS and ARCH_GET_FS of arch_prctl(2).
const SEGMENT_BASES: &[u32] = &[0x1001, 0x1002, 0x1003];

/// No page becomes code any more, but for programs that have code on their stacks, or make it ([`process`]).
const NOT_EXECUTABLE: When = Without(2, libc::PROT_EXEC as u32);

/// CLOCK_MONOTONIC of timerfd_create(2).
const MONOTONIC: &[u32] = &[libc::CLOCK_MONOTONIC as u32];

/// RWF_NOWAIT of preadv2(2) and pwritev2(2), and no other flag.
const NOT_WAITING: When = OneOf(5, &[&[libc::RWF_NOWAIT as u32]]);

/// Every system call that is allowed in each isle, but for what [`qemu`] leaves out.
pub const RULES: &[(i64, When)] = &[
    // streams
    (libc::SYS_read, Always),
    (libc::SYS_write, Always),
    (libc::SYS_pread64, Always),
    (libc::SYS_pwrite64, Always),
    (libc::SYS_readv, Always),
    (libc::SYS_writev, Always),
    (libc::SYS_preadv2, NOT_WAITING),
    (libc::SYS_pwritev2, NOT_WAITING),
    (libc::SYS_lseek, Always),
    (libc::SYS_poll, Always),
    (libc::SYS_ppoll, Always),
    // the thread in which requests wait for descriptors
    (libc::SYS_epoll_create1, Always),
    (libc::SYS_epoll_ctl, Always),
    (libc::SYS_epoll_wait, Always),
    (libc::SYS_timerfd_create, OneOf(0, &[MONOTONIC])),
    (libc::SYS_timerfd_settime, Always),
    (libc::SYS_ioctl, OneOf(1, &[TERMINAL_REQUESTS])),
    (libc::SYS_fcntl, OneOf(1, &[FILE_COMMANDS])),
    // files
    (libc::SYS_openat, Always),
    (libc::SYS_openat2, Always),
    (libc::SYS_close, Always),
    (libc::SYS_newfstatat, Always),
    (libc::SYS_fstat, Always),
    (libc::SYS_fstatfs, Always),
    (libc::SYS_unlinkat, Always),
    (libc::SYS_renameat, Always),
    (libc::SYS_mkdirat, Always),
    (libc::SYS_getdents64, Always),
    (libc::SYS_ftruncate, Always),
    (libc::SYS_fsync, Always),
    (libc::SYS_fdatasync, Always),
    (libc::SYS_linkat, Always),
    (libc::SYS_symlinkat, Always),
    (libc::SYS_readlinkat, Always),
    (libc::SYS_faccessat, Always),
    (libc::SYS_chdir, Always),
    (libc::SYS_fchdir, Always),
    (libc::SYS_getcwd, Always),
    (libc::SYS_fchmodat, Always),
    (libc::SYS_fchmod, Always),
    (libc::SYS_fchownat, Always),
    (libc::SYS_fchown, Always),
    (libc::SYS_utimensat, Always),
    (libc::SYS_fallocate, Always),
    // memory
    (libc::SYS_mmap, NOT_EXECUTABLE),
    (libc::SYS_mprotect, NOT_EXECUTABLE),
    (libc::SYS_munmap, Always),
    (libc::SYS_mremap, Always),
    (libc::SYS_madvise, Always),
    (libc::SYS_brk, Always),
    // time, and what the vDSO falls back to
    (libc::SYS_clock_gettime, Always),
    (libc::SYS_clock_getres, Always),
    (libc::SYS_timer_create, Always),
    (libc::SYS_timer_settime, Always),
    (libc::SYS_restart_syscall, Always),
    // further vCPUs, and threads that wait in a vCPU's place; clone3 hides its flags from filters
    (libc::SYS_clone, OneOf(0, &[THREAD_FLAGS])),
    (libc::SYS_clone3, Missing),
    (libc::SYS_set_robust_list, Always),
    (libc::SYS_rseq, Always),
    (libc::SYS_sched_getaffinity, Always),
    (libc::SYS_sched_setaffinity, OneOf(0, &[&[0]])),
    (libc::SYS_sigaltstack, Always),
    // the thread itself; signals to threads of this process only
    (libc::SYS_futex, Always),
    (libc::SYS_sched_yield, Always),
    (libc::SYS_getpid, Always),
    (libc::SYS_gettid, Always),
    (libc::SYS_tgkill, OneOf(0, &[&[PID_PLACEHOLDER]])),
    (libc::SYS_arch_prctl, OneOf(0, &[SEGMENT_BASES])),
    (libc::SYS_getrandom, Always),
    (libc::SYS_rt_sigreturn, Always),
    (libc::SYS_rt_sigprocmask, Always),
    (libc::SYS_rt_sigaction, Always),
    (libc::SYS_exit, Always),
    (libc::SYS_exit_group, Always),
];

/// Every filter by its name. `build.rs` compiles them.
pub fn filters() -> Vec<(String, Vec<(i64, When)>)> {
    let isles = [
        ("PROCESS", RULES.to_vec()),
        ("MADE_CODE", process::that_makes_code()),
        ("EXECUTABLE_STACK", process::with_executable_stack()),
        ("UHYVE", uhyve::of_uhyve()),
        ("QEMU", qemu::of_qemu()),
    ];
    let mut filters = Vec::new();
    for (isle, rules) in isles {
        let with_sockets = sockets::with_sockets(&rules);
        for (sockets, rules) in [("", rules), ("SOCKETS_", with_sockets)] {
            filters.push((format!("STRICT_{sockets}{isle}_FILTER"), strict::strict(&rules)));
            filters.push((format!("{sockets}{isle}_FILTER"), rules));
        }
    }
    filters
}
