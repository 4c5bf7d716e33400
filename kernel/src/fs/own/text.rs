//! What can be read of a program: [`of`].

use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::fmt::Write;

use super::maps::{self, Sizes};
use super::spot::{MAIN, Text};
use crate::fs::fd_table;
use crate::given;
use crate::sched::{self, CpuClock, TaskId};
use crate::user::UserSlice;
use abi::c::SEEK_CUR;
use abi::errno::Errno;
use abi::layout::PAGE_SIZE;

/// Ticks of a second in `stat` (`sysconf(_SC_CLK_TCK)`), in nanoseconds.
const TICK_NS: u64 = 10_000_000;

/// FD_CLOEXEC among a descriptor's flags.
const CLOSE_ON_EXEC: u64 = abi::c::O_CLOEXEC as u64;

/// The bytes of a text.
pub fn of(text: Text, thread: TaskId) -> Result<Vec<u8>, Errno> {
    Ok(match text {
        Text::CmdLine => strings().0,
        Text::Environ => strings().1,
        Text::Comm => [&name(thread)?[..], b"\n"].concat(),
        Text::Maps => maps::text(),
        Text::Mem => return Err(Errno::EACCES),
        Text::Stat => stat(thread)?,
        Text::StatM => {
            let sizes = Sizes::now();
            let [total, code] = [sizes.total, sizes.code].map(|bytes| bytes / PAGE_SIZE);
            format!("{total} {total} 0 {code} 0 {} 0\n", total - code).into_bytes()
        }
        Text::Status => status(thread)?,
        Text::FdInfo(fd) => fd_info(fd)?,
    })
}

/// The strings that the program was given, as they are now: arguments, and environment.
fn strings() -> (Vec<u8>, Vec<u8>) {
    let arguments = &given::info().arguments;
    let mut bytes = vec![0; arguments.strings_len_bytes as usize];
    let place = UserSlice::new(arguments.strings, arguments.strings_len_bytes);
    let read = place.map_or(0, |place| place.read(&mut bytes));
    bytes.truncate(read);
    let last = arguments.argc as usize;
    let ends = bytes.iter().enumerate().filter(|(_, byte)| **byte == 0).map(|(at, _)| at + 1);
    let end = if last == 0 { 0 } else { ends.clone().nth(last - 1).unwrap_or(read) };
    let environment = bytes.split_off(end);
    (bytes, environment)
}

fn name(thread: TaskId) -> Result<Vec<u8>, Errno> {
    let mut name = sched::get(thread).ok_or(Errno::ESRCH)?.name.get().to_vec();
    name.truncate(name.iter().position(|&byte| byte == 0).unwrap_or(name.len()));
    Ok(name)
}

/// The number that Linux would call a thread by where it means it, not the program.
fn number(thread: TaskId) -> u64 {
    if thread == MAIN { given::info().pid } else { thread as u64 }
}

/// proc_pid_stat(5). What there is nothing to say about is 0.
fn stat(thread: TaskId) -> Result<Vec<u8>, Errno> {
    let sizes = Sizes::now();
    let pid = number(thread);
    let used = CpuClock::Isle.now_ns() / TICK_NS;
    let started = given::info().monotonic_ns / TICK_NS;
    let name = name(thread)?;
    let mut text = format!("{pid} ({}) R 0 {pid} {pid} 0 -1 0 0 0 0 0 ", String::from_utf8_lossy(&name));
    let (nr_threads, pages) = (sched::ids().len(), sizes.total / PAGE_SIZE);
    let _ = write!(text, "{used} 0 0 0 20 0 {nr_threads} 0 {started} {} {pages} {}", sizes.total, u64::MAX);
    // startcode to exit_code, fields 26 to 52.
    (26..=52).for_each(|_| text.push_str(" 0"));
    text.push('\n');
    Ok(text.into_bytes())
}

/// proc_pid_status(5).
fn status(thread: TaskId) -> Result<Vec<u8>, Errno> {
    let sizes = Sizes::now();
    let (pid, own) = (given::info().pid, number(thread));
    let name = name(thread)?;
    let kib = |bytes: u64| format!("{:8} kB", bytes / 1024);
    let [total, stack, code] = [sizes.total, sizes.stack, sizes.code].map(kib);
    let data = kib(sizes.total - sizes.code - sizes.stack.min(sizes.total - sizes.code));
    let none = kib(0);
    let name = String::from_utf8_lossy(&name);
    let fd_size = fd_table::numbers().last().map_or(0, |last| last + 1).max(64);
    let (nr_threads, last_core) = (sched::ids().len(), given::nr_cores().max(1) - 1);
    let cores = if last_core == 0 { "0".into() } else { format!("0-{last_core}") };
    let fields: [(&str, &dyn core::fmt::Display); 30] = [
        ("Name", &name),
        ("State", &"R (running)"),
        ("Tgid", &pid),
        ("Ngid", &0),
        ("Pid", &own),
        ("PPid", &0),
        ("TracerPid", &0),
        ("Uid", &"0\t0\t0\t0"),
        ("Gid", &"0\t0\t0\t0"),
        ("FDSize", &fd_size),
        ("Groups", &"0 "),
        ("VmPeak", &total),
        ("VmSize", &total),
        ("VmLck", &none),
        ("VmPin", &none),
        ("VmHWM", &total),
        ("VmRSS", &total),
        ("RssAnon", &data),
        ("RssFile", &code),
        ("RssShmem", &none),
        ("VmData", &data),
        ("VmStk", &stack),
        ("VmExe", &code),
        ("VmLib", &none),
        ("VmPTE", &none),
        ("VmSwap", &none),
        ("Threads", &nr_threads),
        ("Cpus_allowed_list", &cores),
        ("voluntary_ctxt_switches", &0),
        ("nonvoluntary_ctxt_switches", &0),
    ];
    let mut text = String::new();
    for (name, value) in fields {
        let _ = writeln!(text, "{name}:\t{value}");
    }
    Ok(text.into_bytes())
}

/// proc_pid_fdinfo(5).
fn fd_info(fd: i32) -> Result<Vec<u8>, Errno> {
    let file = fd_table::descriptor(fd).map_err(|_| Errno::ENOENT)?;
    let position = file.seek(0, SEEK_CUR).unwrap_or(0);
    let closes = if fd_table::close_on_exec(fd)? { CLOSE_ON_EXEC } else { 0 };
    let (flags, inode) = (file.flags()? | closes, file.stat()?.st_ino);
    Ok(format!("pos:\t{position}\nflags:\t0{flags:o}\nmnt_id:\t0\nino:\t{inode}\n").into_bytes())
}
