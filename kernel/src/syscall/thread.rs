//! Threads and the futex.

use core::ffi::c_char;

use super::time::{Deadline, deadline};
use super::{answer_int, done, leave};
use crate::arch::percpu;
use crate::sched::{self, DEFAULT_STACK_BYTES, NAME_BYTES, Policy, Priority, Spawn, TaskId};
use crate::signal::{self, state};
use crate::sync::futex;
use crate::user::{self, UserPtr, UserStr, UserWord};
use crate::{given, platform};
use abi::c::{HERMIT_FUTEX_ABSOLUTE, HERMIT_FUTEX_REALTIME, HERMIT_FUTEX_RESTART};
use abi::errno::Errno;
use abi::file::TimeSpec;

/// Starts a thread; see the header.
#[unsafe(no_mangle)]
extern "C" fn sys_spawn2(
    entry: extern "C" fn(usize),
    argument: usize,
    priority: u8,
    stack_size: usize,
    core: isize,
) -> TaskId {
    let stack_bytes = if stack_size == 0 { DEFAULT_STACK_BYTES } else { stack_size as u64 };
    let started = Priority::new(priority).and_then(|priority| {
        sched::spawn(Spawn {
            entry,
            argument,
            priority,
            stack_bytes,
            core: usize::try_from(core).ok(),
            inherited: state::inherited(state::mask(sched::current())),
        })
    });
    answer_int(started.map(|id| id as u64))
}

/// pthread_join(3) without the value.
#[unsafe(no_mangle)]
extern "C" fn sys_join(id: TaskId) -> i32 {
    done(sched::join(id, || signal::deliver::pending(None)))
}

/// pthread_detach(3).
#[unsafe(no_mangle)]
extern "C" fn sys_detach(id: TaskId) -> i32 {
    done(sched::detach(id))
}

/// Ends the calling thread.
#[unsafe(no_mangle)]
extern "C" fn sys_thread_exit() -> ! {
    sched::exit_thread()
}

/// gettid(2); the main thread is 1.
#[unsafe(no_mangle)]
extern "C" fn sys_gettid() -> TaskId {
    sched::current().id
}

/// pthread_setschedparam(3): `policy` is SCHED_OTHER 0, SCHED_FIFO 1, SCHED_RR 2; priority 1..=31 in all of them. Errors:
/// `ESRCH` no such thread, `EINVAL`.
#[unsafe(no_mangle)]
extern "C" fn sys_set_schedule(id: TaskId, policy: i32, priority: u8) -> i32 {
    let policy = Policy::new(policy);
    done(policy.and_then(|policy| {
        let priority = Priority::new(priority)?;
        sched::set_schedule(&sched::get(id).ok_or(Errno::ESRCH)?, policy, priority);
        Ok(())
    }))
}

/// pthread_setschedprio(3). Errors: `ESRCH` no such thread, `EINVAL`.
#[unsafe(no_mangle)]
extern "C" fn sys_set_priority(id: TaskId, priority: u8) -> i32 {
    done(Priority::new(priority).and_then(|priority| {
        sched::set_priority(&sched::get(id).ok_or(Errno::ESRCH)?, priority);
        Ok(())
    }))
}

/// pthread_setname_np(3).
#[unsafe(no_mangle)]
extern "C" fn sys_set_thread_name(id: TaskId, name: *const c_char) -> i32 {
    let name = UserStr::new(name).read(NAME_BYTES).map_err(|errno| match errno {
        Errno::ENAMETOOLONG => Errno::ERANGE,
        errno => errno,
    });
    done(name.and_then(|name| sched::get(id).ok_or(Errno::ESRCH)?.name.set(&name)))
}

/// pthread_getname_np(3).
#[unsafe(no_mangle)]
extern "C" fn sys_get_thread_name(id: TaskId, name: *mut [u8; NAME_BYTES]) -> i32 {
    done(sched::get(id).ok_or(Errno::ESRCH).and_then(|task| UserPtr::new(name)?.write(task.name.get())))
}

/// sched_yield(2).
#[unsafe(no_mangle)]
extern "C" fn sys_yield() {
    sched::yield_now();
    if sched::has_crowded_cpus() {
        platform::yield_cpu();
    }
    // Whoever ran meanwhile may have sent one, and this may be all that the caller ever calls.
    if signal::is_pending() {
        signal::deliver::pending(None);
    }
}

/// Number of cores.
#[unsafe(no_mangle)]
extern "C" fn sys_available_parallelism() -> usize {
    given::nr_cores()
}

/// How many of them run at the same time: the host may have fewer CPUs for them.
#[unsafe(no_mangle)]
extern "C" fn sys_host_cpus() -> usize {
    given::nr_host_cpus()
}

/// sched_getcpu(3).
#[unsafe(no_mangle)]
extern "C" fn sys_get_core_id() -> i32 {
    percpu::current().id.get() as i32
}

/// Interrupts that the caller's core has taken since it booted. While one thread computes the number stays.
#[unsafe(no_mangle)]
extern "C" fn sys_interrupts() -> i64 {
    percpu::current().nr_interrupts.get() as i64
}

/// futex(2) FUTEX_WAIT_PRIVATE; see the header for `flags`.
#[unsafe(no_mangle)]
extern "C" fn sys_futex_wait(
    address: *const u32,
    expected: u32,
    timeout: *const TimeSpec,
    flags: u32,
) -> i32 {
    let kind = match (flags & HERMIT_FUTEX_ABSOLUTE != 0, flags & HERMIT_FUTEX_REALTIME != 0) {
        (false, _) => Deadline::Relative,
        (true, false) => Deadline::Monotonic,
        (true, true) => Deadline::Realtime,
    };
    done(UserWord::new(address).and_then(|word| {
        let timeout = user::read_optional(timeout)?;
        let deadline_ns = timeout.map(|timeout| deadline(&timeout, kind)).transpose()?;
        loop {
            match futex::wait_on(&word, expected, deadline_ns) {
                Err(Errno::EINTR) if flags & HERMIT_FUTEX_RESTART != 0 => signal::deliver::restart()?,
                result => return result,
            }
        }
    }))
}

/// futex(2) FUTEX_WAKE_PRIVATE. Returns how many were woken.
#[unsafe(no_mangle)]
extern "C" fn sys_futex_wake(address: *const u32, count: i32) -> i32 {
    let woken = futex::wake(address as usize, count.max(0) as usize) as i32;
    leave();
    woken
}
