//! The isle as a process.

use core::ffi::c_char;

use super::{done, place};
use crate::{boot, platform};
use abi::errno::Errno;
use abi::exit::signal_status;

/// Signals whose default action is to do nothing or to stop and continue (signal(7)): SIGCHLD, SIGCONT, SIGSTOP,
/// SIGTSTP, SIGTTIN, SIGTTOU, SIGURG, SIGWINCH.
const HARMLESS_SIGNALS: [i32; 8] = [17, 18, 19, 20, 21, 22, 23, 28];

/// Highest signal number.
const MAX_SIGNAL: i32 = 64;

/// _exit(2): ends the isle at once, from any thread.
#[unsafe(no_mangle)]
extern "C" fn sys_exit(status: i32) -> ! {
    platform::exit(status as u8)
}

/// getpid(2): the proxy's process id, so that names made from it do not collide on the host.
#[unsafe(no_mangle)]
extern "C" fn sys_getpid() -> i32 {
    boot::info().pid as i32
}

/// kill(2) for the isle itself, with the signal's default action.
#[unsafe(no_mangle)]
extern "C" fn sys_kill(pid: i32, signal: i32) -> i32 {
    done(kill(pid, signal))
}

fn kill(pid: i32, signal: i32) -> Result<(), Errno> {
    if !(0..=MAX_SIGNAL).contains(&signal) {
        return Err(Errno::EINVAL);
    }
    // 0 is the caller's process group: the isle alone.
    if pid != sys_getpid() && pid != 0 {
        return Err(Errno::ESRCH);
    }
    if signal != 0 && !HARMLESS_SIGNALS.contains(&signal) {
        platform::exit(signal_status(signal as u8));
    }
    Ok(())
}

/// `struct utsname` of uname(2).
#[repr(C)]
struct UtsName {
    sysname: [c_char; 65],
    nodename: [c_char; 65],
    release: [c_char; 65],
    version: [c_char; 65],
    machine: [c_char; 65],
    domainname: [c_char; 65],
}

/// uname(2).
#[unsafe(no_mangle)]
unsafe extern "C" fn sys_uname(name: *mut UtsName) -> i32 {
    // SAFETY: the C library passes its caller's pointer.
    let place = unsafe { place(name) };
    done(place.map(|name| {
        *name = UtsName {
            sysname: field("HermitCore"),
            nodename: field("hermit"),
            release: field(env!("CARGO_PKG_VERSION")),
            version: field("library kernel"),
            machine: field("x86_64"),
            domainname: field("(none)"),
        };
    }))
}

/// A NUL-padded field.
fn field(text: &str) -> [c_char; 65] {
    let mut field = [0; 65];
    for (to, from) in field.iter_mut().take(64).zip(text.bytes()) {
        *to = from as c_char;
    }
    field
}
