//! The sandbox as a hostile guest meets it: Linux's system calls made behind the kernel's back, files of
//! other processes.

use crate::build::{guest, image, proxy, run, text};
use std::io;
use std::os::unix::process::CommandExt;
use std::process::{Command, Output};
use tests::lack::Lack;

/// seccomp(2): the numbers of landlock_create_ruleset and its two fellows follow one another.
const LANDLOCK: i64 = libc::SYS_landlock_create_ruleset;

fn ends_with_sigsys(what: &str, number: u32, output: &Output) {
    let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
    assert_eq!((output.status.code(), stdout.as_str()), (Some(159), ""), "{what}: {stderr}");
    assert!(stderr.contains(&format!("system call {number} is not allowed")), "{what}: {stderr}");
    assert_eq!(stderr.lines().count(), 1, "{what}: {stderr}");
}

/// One of each kind that would be a way out. The filter as a whole is held against its golden in `src`; here
/// it is the right one, and it is in force.
#[test]
fn forbidden_system_calls_end_the_program() {
    const X32: u32 = 0x4000_0000;
    for (what, number, args) in [
        ("open", 2, &[][..]),
        ("ioctl TIOCSTI", 16, &["0", "21522"]),
        ("ioctl KVM_RUN, which is uhyve's", 16, &["0", "44672"]),
        ("socket", 41, &["2", "1", "0"]),
        ("clone of a process", 56, &["17"]),
        ("fork", 57, &[]),
        ("kill", 62, &["1", "0"]),
        ("fcntl F_SETOWN", 72, &["0", "8", "1"]),
        ("fcntl F_SETLEASE, which is uhyve's", 72, &["0", "1024", "0"]),
        ("ptrace", 101, &["0"]),
        ("mknod", 133, &[]),
        ("prctl", 157, &["38", "0"]),
        ("tgkill of another process", 234, &["1", "1", "9"]),
        ("mknodat", 259, &[]),
        ("process_vm_readv", 310, &[]),
        ("process_vm_writev", 311, &[]),
        ("seccomp", 317, &[]),
        ("memfd_create", 319, &[]),
        ("bpf", 321, &[]),
        ("io_uring_setup", 425, &[]),
        ("io_uring_register, which is uhyve's", 427, &["0", "2"]),
        ("pidfd_open", 434, &[]),
        ("landlock_create_ruleset", 444, &[]),
        ("one that is not there yet", 600, &[]),
        ("write of x32", X32 | 1, &["1", "0", "0"]),
    ] {
        let output = run(proxy().arg(image()).args(["system call", &number.to_string()]).args(args));
        ends_with_sigsys(what, number, &output);
    }
    ends_with_sigsys("execve", 59, &run(proxy().arg(image()).arg("execve")));
    ends_with_sigsys("mprotect", 10, &run(proxy().arg(image()).arg("executable")));
    // By the other entrance it is another system call's number.
    let output = run(proxy().arg(image()).arg("int 0x80"));
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(159), String::new()));
    // And one that is allowed.
    let output = run(proxy().arg(image()).args(["system call", "3"]));
    assert_eq!((text(&output.stdout).as_str(), output.status.code()), ("result -9\n", Some(0)));
}

#[test]
fn only_an_executable_stack_lets_pages_become_code() {
    let image = guest("process.c", &["-Wl,-z,execstack"]);
    let output = run(proxy().arg(&image).arg("executable"));
    assert_eq!((text(&output.stdout).as_str(), output.status.code()), ("result 0\n", Some(0)));
    let mapping = ["system call", "9", "0", "4096", "7"];
    ends_with_sigsys("mmap", 9, &run(proxy().arg(&image).args(mapping)));
    ends_with_sigsys(
        "io_uring_register",
        427,
        &run(proxy().arg(&image).args(["system call", "427", "0", "2"])),
    );
}

/// Whether Linux has Landlock: asked by the system call, since no file that tells need be there.
pub fn has_landlock() -> bool {
    const VERSION: u32 = 1;
    // SAFETY: asks for a number.
    let version = unsafe { libc::syscall(LANDLOCK, 0, 0, VERSION) };
    if version < 1 {
        Lack::Installed("this Linux has no Landlock".into()).skip();
    }
    version >= 1
}

#[test]
fn other_processes_memory_is_out_of_reach() {
    if !has_landlock() {
        return;
    }
    // Where Yama lets only ancestors look, here is an exception for this process; elsewhere there is no such
    // call. SAFETY: a number.
    unsafe { libc::prctl(libc::PR_SET_PTRACER, libc::PR_SET_PTRACER_ANY) };
    let file = std::fs::File::open("/dev/null").unwrap();
    let of_mine = |name: &str| format!("/proc/{}/{name}", std::process::id());
    let descriptor = of_mine(&format!("fd/{}", std::os::fd::AsRawFd::as_raw_fd(&file)));
    let paths = [
        // The server says that there is no such process, ...
        (of_mine("mem"), libc::ENOENT),
        // ... and Landlock that what its links lead to is not for the program.
        (of_mine("root/dev/null"), libc::EACCES),
        (of_mine("cwd/Cargo.toml"), libc::EACCES),
        (descriptor, libc::EACCES),
    ];
    for (path, errno) in paths {
        // An ordinary child may open it.
        let output = run(Command::new("sh").args(["-c", ": <>\"$0\"", &path]));
        assert!(output.status.success(), "{path}: {}", text(&output.stderr));
        let output = run(proxy().arg(image()).arg("open").arg(&path));
        assert_eq!(text(&output.stdout), format!("open -{errno}\n"), "{path}");
    }
    let output = run(proxy().arg(image()).arg("open").arg("/dev/null"));
    assert_eq!(text(&output.stdout), "open 3\n");
}

/// The proxy on a Linux that answers landlock_* with `errno`.
fn without_landlock(errno: i32) -> Command {
    without_calls(LANDLOCK as u32, errno)
}

/// The proxy on a Linux that answers the system calls from `first` to the last of landlock_* with `errno`.
fn without_calls(first: u32, errno: i32) -> Command {
    without_these(first..=LANDLOCK as u32 + 2, errno)
}

/// The proxy on a Linux that answers these system calls with `errno`.
fn without_these(calls: std::ops::RangeInclusive<u32>, errno: i32) -> Command {
    let step = |code: u32, jt, jf, k| libc::sock_filter { code: code as u16, jt, jf, k };
    let filter = [
        step(libc::BPF_LD | libc::BPF_W | libc::BPF_ABS, 0, 0, 0),
        step(libc::BPF_JMP | libc::BPF_JGE | libc::BPF_K, 0, 2, *calls.start()),
        step(libc::BPF_JMP | libc::BPF_JGT | libc::BPF_K, 1, 0, *calls.end()),
        step(libc::BPF_RET | libc::BPF_K, 0, 0, libc::SECCOMP_RET_ERRNO | errno as u32),
        step(libc::BPF_RET | libc::BPF_K, 0, 0, libc::SECCOMP_RET_ALLOW),
    ];
    let install = move || {
        let program = libc::sock_fprog { len: 5, filter: filter.as_ptr().cast_mut() };
        // SAFETY: numbers, and a program that lives through the call.
        let result = unsafe {
            libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
            libc::prctl(libc::PR_SET_SECCOMP, libc::SECCOMP_MODE_FILTER, &raw const program)
        };
        if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
    };
    let mut command = proxy();
    // SAFETY: two system calls, no allocation.
    unsafe { command.pre_exec(install) };
    command
}

/// Once, to everybody; a program that is strict does not even start.
#[test]
fn a_sandbox_without_landlock_is_told_and_refused_by_strict() {
    for (errno, why) in [(libc::ENOSYS, "this Linux has none"), (libc::EOPNOTSUPP, "it is switched off")] {
        for options in [&[][..], &["--verbose"], &["--sandbox=user"]] {
            let output = run(without_landlock(errno).args(options).arg(image()).arg("status"));
            let told = format!("proxy: the sandbox is without Landlock ({why}): ");
            let stderr = text(&output.stderr);
            assert_eq!(output.status.code(), Some(0x42));
            assert!(stderr.starts_with(&told) && stderr.matches("Landlock").count() == 1, "{stderr}");
        }
        let output = run(without_landlock(errno).arg(image()).arg("execve"));
        assert_eq!(output.status.code(), Some(159), "{}", text(&output.stderr));
        let output = run(without_landlock(errno).arg("--sandbox=strict").arg(image()).arg("status"));
        let stderr = text(&output.stderr);
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(125), String::new()), "{stderr}");
        let told = format!(
            "proxy: HERMIT_SANDBOX=strict cannot be kept: there is no Landlock ({why}); take a Linux"
        );
        assert!(stderr.starts_with(&told) && stderr.lines().count() == 1, "{stderr}");
    }
}

/// Linux has Landlock, and refuses the last step: too many rulesets, one in another.
#[test]
fn a_landlock_that_refuses_is_told() {
    let restrict_self = LANDLOCK as u32 + 2;
    let output = run(without_calls(restrict_self, libc::E2BIG).arg(image()).arg("status"));
    assert_eq!(output.status.code(), Some(0x42));
    let told = "proxy: the sandbox is without Landlock (";
    assert!(text(&output.stderr).starts_with(told), "{}", text(&output.stderr));
    let output =
        run(without_calls(restrict_self, libc::E2BIG).arg("--sandbox=strict").arg(image()).arg("status"));
    assert_eq!(output.status.code(), Some(125), "{}", text(&output.stderr));
}

/// Linux without seccomp: no level runs the guest's code then.
#[test]
fn without_seccomp_there_is_no_run() {
    let seccomp = libc::SYS_seccomp as u32;
    for level in ["user", "strict"] {
        let output = run(without_these(seccomp..=seccomp, libc::EINVAL)
            .args(["--sandbox", level])
            .arg(image())
            .arg("status"));
        let stderr = text(&output.stderr);
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(125), String::new()), "{stderr}");
        assert!(
            stderr.contains("cannot install the system-call filter") && stderr.contains("allow seccomp(2)"),
            "{stderr}"
        );
    }
}

#[test]
fn nothing_is_said_of_a_sandbox_with_landlock() {
    if has_landlock() {
        let output = run(proxy().arg("--verbose").arg(image()).arg("status"));
        assert!(!text(&output.stderr).contains("Landlock"), "{}", text(&output.stderr));
    }
}
