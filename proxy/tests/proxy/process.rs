//! The process isle.

use crate::build::{guest, proxy, run, text};
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::OnceLock;

fn image() -> &'static PathBuf {
    static IMAGE: OnceLock<PathBuf> = OnceLock::new();
    IMAGE.get_or_init(|| guest("process.c", &[]))
}

fn output(what: &str) -> (Option<i32>, String, String) {
    let output = run(proxy().arg(image()).arg(what));
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn status_is_cut_as_by_exit() {
    assert_eq!(output("status"), (Some(0x42), String::new(), String::new()));
}

#[test]
fn many_arguments_and_a_large_environment() {
    let arguments: Vec<String> = (0..10_000).map(|number| format!("argument {number}")).collect();
    let value = "v".repeat(64 * 1024);
    let mut command = proxy();
    command.env_clear().arg(image()).arg("arguments").args(&arguments);
    let mut all = vec![image().display().to_string(), "arguments".into()];
    all.extend(arguments);
    for number in 0..16 {
        command.env(format!("V{number:02}"), &value);
        all.push(format!("V{number:02}={value}"));
    }
    let (mut sum, mut len) = (0_u64, 0);
    for byte in all.iter().flat_map(|string| string.bytes().chain([0])) {
        sum = sum.wrapping_mul(31).wrapping_add(u64::from(byte));
        len += 1;
    }
    let expected = format!("argc 10002\nenvc 16\nlen {len}\nsum {}\n", sum & 0xffff_ffff);
    let output = run(&mut command);
    assert_eq!((text(&output.stdout), text(&output.stderr)), (expected, String::new()));
}

#[test]
fn forbidden_system_calls_end_the_program() {
    let calls = ["execve", "socket", "ptrace", "fork", "executable", "kill"];
    for (name, number) in calls.into_iter().zip([59, 41, 101, 57, 10, 234]) {
        let (status, stdout, stderr) = output(name);
        assert_eq!((status, stdout.as_str()), (Some(159), ""), "{name}: {stderr}");
        assert!(stderr.contains(&format!("system call {number} is not allowed")), "{name}: {stderr}");
        assert_eq!(stderr.lines().count(), 1, "{name}: {stderr}");
    }
}

#[test]
fn other_processes_memory_is_out_of_reach() {
    let landlock =
        std::fs::read_to_string("/sys/kernel/security/lsm").unwrap_or_default().contains("landlock");
    if !landlock {
        eprintln!("skipped: this Linux has no Landlock");
        return;
    }
    let mine = format!("/proc/{}/mem", std::process::id());
    // Without Landlock root, and mostly anybody, may open it.
    std::fs::File::options().read(true).write(true).open(&mine).unwrap();
    let output = run(proxy().arg(image()).arg("open").arg(&mine));
    assert_eq!(text(&output.stdout), "open -13\n");
    let output = run(proxy().arg(image()).arg("open").arg("/dev/null"));
    assert_eq!(text(&output.stdout), "open 3\n");
}

#[test]
fn hostile_requests_fail() {
    let (status, stdout, stderr) = output("hostile");
    assert_eq!((status, stderr.as_str()), (Some(0), ""));
    // 63 and its like are outside as well: everything is EFAULT but what is said below.
    let mut expected = "write -14\nread -14\nstat -14\nentry -14\n".repeat(7);
    expected +=
        "long -14\nhandle -9\nprotect 0\nhidden -14\npath -14\nvector -14\noutside -22\nexecutable -22\n";
    expected += "again 0\ndiscard 0\nzero 0\nunknown -38\n";
    assert_eq!(stdout, expected);
}

#[test]
fn traps_reach_the_guest_and_its_report_the_user() {
    let (status, stdout, stderr) = output("trap");
    assert_eq!((status, stdout.as_str()), (Some(139), "trap 14\ncontinued\ntrap 14\n"));
    let image = image().display().to_string();
    assert!(stderr.starts_with(&format!("{image}: a guest's words, ended by SIGSEGV (11)\n")), "{stderr}");
    assert!(stderr.contains("cr2 0000000000000008"), "{stderr}");
    let at = |name: &str| stderr.find(name).unwrap_or_else(|| panic!("no {name}: {stderr}"));
    assert!(at("innermost at ") < at("middle at ") && at("middle at ") < at("guest at "), "{stderr}");
    assert!(stderr.contains("process.c:"), "{stderr}");
}

#[test]
fn stripped_images_are_reported_by_address() {
    let stripped = guest("process.c", &["-s"]);
    let output = run(proxy().arg(&stripped).arg("trap"));
    let stderr = text(&output.stderr);
    assert_eq!(output.status.code(), Some(139));
    assert!(stderr.lines().filter(|line| line.contains("  0x0000002")).count() >= 3, "{stderr}");
}

#[test]
fn a_fault_before_the_kernel_is_up() {
    let (status, _, stderr) = output("early fault");
    assert_eq!(status, Some(139), "{stderr}");
    assert!(stderr.contains("before its kernel was up"), "{stderr}");
}

#[test]
fn sleeping_kicks_and_the_timer() {
    let (status, stdout, stderr) = output("time");
    assert_eq!((status, stderr.as_str()), (Some(0), ""));
    // A kick of oneself, in the host, is noted; it also ends the next sleep.
    assert_eq!(stdout, "slept 1\nkick 0\npending 4\nwait 0\ntimer 33\ndue 1\n");
}

#[test]
fn further_vcpus_start_when_asked_to() {
    let here = std::thread::available_parallelism().map_or(1, usize::from);
    for (cpus, count) in [("2", 2), ("0,1", 2), ("4", 4)] {
        if cpus.contains(',') && here < 2 {
            eprintln!("skipped: --cpus {cpus} needs two CPUs");
            continue;
        }
        let output = run(proxy().args(["--cpus", cpus]).arg(image()).arg("cpus"));
        let expected = format!("cpus {count}\nstart 0\nagain -17\nbeyond -3\narrived 1\n");
        assert_eq!((text(&output.stdout), text(&output.stderr)), (expected, "further\n".into()), "{cpus}");
        assert_eq!(output.status.code(), Some(0));
    }
    let output = run(proxy().args(["--cpus", "0,1000"]).arg(image()).arg("cpus"));
    assert_eq!(output.status.code(), Some(125));
    assert!(text(&output.stderr).contains("CPU 1000"), "{}", text(&output.stderr));
}

#[test]
fn a_caught_signal_interrupts_a_read() {
    let mut command = proxy();
    let mut child =
        command.arg(image()).arg("signals").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut next = || {
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        line
    };
    assert_eq!((next().as_str(), next().as_str()), ("sigsegv -22\n", "sigusr1 0\n"));
    // Until it sleeps in read(2).
    let stat = format!("/proc/{}/stat", child.id());
    while !std::fs::read_to_string(&stat).unwrap().contains(") S ") {
        std::thread::yield_now();
    }
    // SAFETY: a signal to our own child.
    unsafe { libc::kill(child.id() as i32, libc::SIGUSR1) };
    assert_eq!((next().as_str(), next().as_str()), ("signal 3510\n", "read -4\n"));
    assert!(child.wait().unwrap().success());
}

#[test]
fn calls_that_wait_leave_the_vcpu_alone() {
    let mut command = proxy();
    command.arg(image()).arg("pend").stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut next = || {
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        line
    };
    let before = [next(), next(), next(), next(), next()];
    assert_eq!(before, ["read 1\n", "poll 1\n", "look 2000\n", "write\n", "short 2006\n"]);
    stdin.write_all(b"abcd").unwrap();
    let behind = [next(), next(), next(), next()];
    assert_eq!(behind, ["read 1\n", "poll 1\n", "revents 1\n", "ready 2003\n"]);
    let mut rest = Vec::new();
    stdout.read_to_end(&mut rest).unwrap();
    let said: Vec<u8> = rest.iter().copied().filter(|&byte| byte != 0).collect();
    assert_eq!((rest.len() - said.len(), text(&said).as_str()), (1 << 20, " 1\nlarge 1048576\n"));
    assert!(child.wait().unwrap().success());
}

#[test]
fn an_interrupt_frees_the_vcpu_from_a_read() {
    let mut child =
        proxy().arg(image()).arg("timed").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut next = || {
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        line
    };
    assert_eq!((next().as_str(), next().as_str()), ("read 1\n", "timer 1\n"));
    stdin.write_all(b"a").unwrap();
    assert_eq!(next(), "read 1\n");
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_caught_signal_ends_all_reads_that_wait() {
    let mut command = proxy();
    command.arg(image()).arg("pending signals").stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut next = || {
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        line
    };
    assert_eq!(next(), "posted 1\n");
    // SAFETY: a signal to our own child.
    unsafe { libc::kill(child.id() as i32, libc::SIGUSR1) };
    assert_eq!((next().as_str(), next().as_str()), ("sum -320\n", "signals 1\n"));
    assert!(child.wait().unwrap().success());
}

#[test]
fn data_passes_unchanged() {
    let data: Vec<u8> = (0..5_000_011_u32).flat_map(|number| number.to_le_bytes()).collect();
    let mut child =
        proxy().arg(image()).arg("copy").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let to_write = data.clone();
    let writer = std::thread::spawn(move || stdin.write_all(&to_write));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(output.status.success() && output.stdout == data);
}

#[test]
fn a_closed_pipe_ends_it_like_a_linux_program() {
    let mut child = proxy().arg(image()).arg("spin").stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().signal(), Some(libc::SIGPIPE));
}

#[test]
fn an_interrupt_ends_it() {
    let mut child = proxy().arg(image()).arg("sleep").stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "asleep\n");
    // SAFETY: a signal to our own child.
    unsafe { libc::kill(child.id() as i32, libc::SIGINT) };
    assert_eq!(child.wait().unwrap().signal(), Some(libc::SIGINT));
}

#[test]
fn closed_standard_streams_stay_closed() {
    let script = "exec \"$0\" \"$1\" hostile >&- <&-";
    let output = run(std::process::Command::new("sh")
        .arg("-c")
        .arg(script)
        .arg(env!("CARGO_BIN_EXE_proxy"))
        .arg(image()));
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(0), String::new()));
}
