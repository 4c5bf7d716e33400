//! The process isle.

use crate::build::{guest, image, proxy, run, text};
use crate::running::Running;
use std::collections::BTreeSet;
use std::io::Write;
use std::os::unix::process::ExitStatusExt;
use tests::lack::Lack;

/// A running guest that does `what`.
fn running(what: &str) -> Running {
    Running::start(proxy().arg(image()).arg(what))
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
fn hostile_requests_fail() {
    let (status, stdout, stderr) = output("hostile");
    assert_eq!((status, stderr.as_str()), (Some(0), ""));
    // 63 and its like are outside as well: everything is EFAULT but what is said below.
    let mut expected = "write -14\nread -14\nstat -14\nentry -14\n".repeat(7);
    expected +=
        "long -14\nhandle -9\nprotect 0\nhidden -14\npath -14\nvector -14\noutside -22\nexecutable -22\n";
    expected += "crooked -22\nhalf a page -22\nbehind -22\ndiscard half a page -22\ndiscard behind -22\n";
    expected += "again 0\ndiscard 0\nzero 0\n";
    expected += "move to the proxy -22\nmove from the proxy -22\nmove in RAM -22\nmove half a page -22\n";
    expected += "move behind -22\nmove nothing -22\nnothing there -12\nkept 7\nmoved 0\nzero 0\n";
    expected += "taken -17\nexecutable -22\nunknown -38\n";
    expected += &"base -22\n".repeat(15);
    expected += "good base 0\nother base 0\nstill here -38\n";
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
    // The line of the call, not that behind it.
    let source = include_str!("../guests/process.c");
    let line = 1 + source.lines().position(|line| line.trim() == "innermost((int *)8);").unwrap();
    assert!(
        stderr[at("middle at ")..].lines().next().unwrap().ends_with(&format!("process.c:{line}")),
        "{stderr}"
    );
}

#[test]
fn without_debug_information_functions_and_offsets_are_told() {
    let image = guest("process.c", &["-Wl,--strip-debug"]);
    let stderr = text(&run(proxy().arg(&image).arg("trap")).stderr);
    let at = |name: &str| stderr.find(name).unwrap_or_else(|| panic!("no {name}: {stderr}"));
    // Its first instruction is the one that faults.
    assert!(at("  innermost+0x0\n") < at("  middle+0x") && at("  middle+0x") < at("  guest+0x"), "{stderr}");
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
    assert_eq!(stdout, "slept 1\nkick 0\npending 4\nwait 0\ntimer 33\ndue 1\noverdue 33\nwoken 1\n");
}

fn starts_vcpus(cpus: &str, count: u32) {
    let output = run(proxy().args(["--cpus", cpus]).arg(image()).arg("cpus"));
    let expected = format!("cpus {count}\nstart 0\nagain -17\nbeyond -3\narrived 1\n");
    assert_eq!((text(&output.stdout), text(&output.stderr)), (expected, "further\n".into()), "{cpus}");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn further_vcpus_start_when_asked_to() {
    starts_vcpus("2", 2);
    starts_vcpus("4", 4);
    // Also where the program would never start a second one.
    for what in ["cpus", "status"] {
        let output = run(proxy().args(["--cpus", "0,1000"]).arg(image()).arg(what));
        assert_eq!(output.status.code(), Some(125));
        assert!(text(&output.stderr).contains("CPU 1000"), "{}", text(&output.stderr));
    }
}

#[test]
fn each_vcpu_has_a_cpu_of_its_own() {
    if std::thread::available_parallelism().map_or(1, usize::from) < 2 {
        Lack::Machine("two vCPUs on two CPUs need two CPUs".into()).skip();
        return;
    }
    let mut guest = Running::start(proxy().args(["--cpus", "2"]).arg(image()).arg("cpus asleep"));
    while guest.next_line() != "arrived 1\n" {}
    let tasks = std::fs::read_dir(format!("/proc/{}/task", guest.id())).unwrap();
    let places: BTreeSet<String> = tasks
        .map(|task| std::fs::read_to_string(task.unwrap().path().join("status")).unwrap())
        .filter_map(|status| {
            Some(status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:\t"))?.to_owned())
        })
        .filter(|list| list.bytes().all(|byte| byte.is_ascii_digit()))
        .collect();
    assert_eq!(places.len(), 2, "{places:?}");
    guest.signal(libc::SIGTERM);
    assert_eq!(guest.wait().status.signal(), Some(libc::SIGTERM));
}

#[test]
fn a_fault_in_the_fault_handler_is_told() {
    let (status, stdout, stderr) = output("fault in trap");
    assert_eq!((status, stdout.as_str()), (Some(139), ""));
    assert!(stderr.contains("the program's kernel faults in its fault handler"), "{stderr}");
}

#[test]
fn what_has_no_contents_is_zero() {
    assert_eq!(output("not zero"), (Some(0), "bytes 1\nnot zero 0\n".into(), String::new()));
}

#[test]
fn vcpus_start_on_the_cpus_of_a_list() {
    if std::thread::available_parallelism().map_or(1, usize::from) < 2 {
        Lack::Machine("--cpus 0,1 needs two CPUs".into()).skip();
        return;
    }
    starts_vcpus("0,1", 2);
}

#[test]
fn a_caught_signal_interrupts_a_read() {
    let mut guest = running("signals");
    assert_eq!((guest.next_line().as_str(), guest.next_line().as_str()), ("sigsegv -22\n", "sigusr1 0\n"));
    // In read(2).
    guest.wait_until_asleep();
    guest.signal(libc::SIGUSR1);
    assert_eq!((guest.next_line().as_str(), guest.next_line().as_str()), ("signal 3510\n", "read -4\n"));
    assert!(guest.wait().status.success());
}

#[test]
fn calls_that_wait_leave_the_vcpu_alone() {
    let mut guest = running("pend");
    let mut stdin = guest.stdin();
    let before: Vec<String> = (0..5).map(|_| guest.next_line()).collect();
    assert_eq!(before, ["read 1\n", "poll 1\n", "look 2000\n", "write\n", "short 2006\n"]);
    stdin.write_all(b"abcd").unwrap();
    let behind: Vec<String> = (0..4).map(|_| guest.next_line()).collect();
    assert_eq!(behind, ["read 1\n", "poll 1\n", "revents 1\n", "ready 2003\n"]);
    let output = guest.end();
    let said: Vec<u8> = output.stdout.iter().copied().filter(|&byte| byte != 0).collect();
    assert_eq!((output.stdout.len() - said.len(), text(&said).as_str()), (1 << 20, " 1\nlarge 1048576\n"));
    assert!(output.status.success());
}

#[test]
fn an_interrupt_frees_the_vcpu_from_a_read() {
    let mut guest = running("timed");
    let mut stdin = guest.stdin();
    assert_eq!((guest.next_line().as_str(), guest.next_line().as_str()), ("read 1\n", "timer 1\n"));
    stdin.write_all(b"a").unwrap();
    assert_eq!(guest.next_line(), "read 1\n");
    assert!(guest.end().status.success());
}

#[test]
fn a_caught_signal_ends_all_reads_that_wait() {
    let mut guest = running("pending signals");
    assert_eq!(guest.next_line(), "posted 1\n");
    guest.signal(libc::SIGUSR1);
    assert_eq!((guest.next_line().as_str(), guest.next_line().as_str()), ("sum -320\n", "signals 1\n"));
    assert!(guest.wait().status.success());
}

/// What Linux has for the isle does not grow with use: one timer for a vCPU, however often it is set.
#[test]
fn a_vcpu_has_one_timer() {
    let mut guest = running("timers");
    assert_eq!(guest.next_line(), "set 10000\n");
    let timers = std::fs::read_to_string(format!("/proc/{}/timers", guest.id())).unwrap();
    assert_eq!(timers.lines().filter(|line| line.starts_with("ID: ")).count(), 1, "{timers}");
    guest.signal(libc::SIGTERM);
    assert_eq!(guest.wait().status.signal(), Some(libc::SIGTERM));
}

/// A text of any length: what is too much is cut off.
#[test]
fn long_texts_for_the_log_are_cut() {
    let output = run(proxy().arg("--verbose").arg(image()).arg("long texts"));
    assert_eq!(text(&output.stdout), "long 0\nendless 0\noutside -14\n");
    assert!(output.stderr.iter().all(|&byte| byte == b'x'), "{}", text(&output.stderr));
    assert_eq!(output.stderr.len(), 2 * 64 * 1024);
}

/// The signals from 1 to 64 that a thread blocks: bit n - 1 is signal n.
fn blocked_signals(thread: &std::path::Path) -> u64 {
    let status = std::fs::read_to_string(thread.join("status")).unwrap();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigBlk:")).unwrap();
    u64::from_str_radix(mask.trim(), 16).unwrap()
}

/// A signal for the program must find a vCPU: threads that wait for the host in its place take none but the
/// isle's own. The C library leaves 32 and 33 to itself, and nobody blocks SIGKILL and SIGSTOP.
#[test]
fn threads_that_wait_leave_signals_to_the_vcpus() {
    let bit = |signal: i32| 1_u64 << (signal - 1);
    let own =
        [libc::SIGSEGV, libc::SIGBUS, libc::SIGFPE, libc::SIGILL, libc::SIGTRAP, libc::SIGSYS, libc::SIGPWR];
    let taken = own
        .into_iter()
        .chain([libc::SIGKILL, libc::SIGSTOP, 32, 33])
        .fold(0, |set, signal| set | bit(signal));
    let mut guest = running("pend");
    let _stdin = guest.stdin();
    (0..5).for_each(|_| drop(guest.next_line()));
    let threads = std::fs::read_dir(format!("/proc/{}/task", guest.id())).unwrap();
    let threads = threads.map(|entry| entry.unwrap().path());
    let workers: Vec<_> = threads.filter(|path| !path.ends_with(guest.id().to_string())).collect();
    assert_eq!(workers.len(), 1, "a read and a poll wait in one thread");
    for worker in workers {
        // While a thread starts, the C library blocks everything.
        guest.wait_until("worker", || blocked_signals(&worker) & bit(libc::SIGSEGV) == 0);
        assert_eq!(blocked_signals(&worker), !taken);
    }
}

#[test]
fn data_passes_unchanged() {
    let data: Vec<u8> = (0..5_000_011_u32).flat_map(|number| number.to_le_bytes()).collect();
    let output = running("copy").end_after(&data);
    assert!(output.status.success() && output.stdout == data);
}

#[test]
fn a_closed_pipe_ends_it_like_a_linux_program() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let guest = Running::start_with_stdout(proxy().arg(image()).arg("spin"), writer.into());
    assert_eq!(guest.end().status.signal(), Some(libc::SIGPIPE));
}

#[test]
fn an_interrupt_ends_it() {
    let mut guest = running("sleep");
    assert_eq!(guest.next_line(), "asleep\n");
    guest.signal(libc::SIGINT);
    assert_eq!(guest.wait().status.signal(), Some(libc::SIGINT));
}

/// The signals that faults become, sent by somebody else, asleep and computing: they end the program as they
/// would end a Linux program, nobody speaks of a fault, and its kernel is not asked.
#[test]
fn signals_of_faults_from_outside_end_it_without_a_report() {
    for what in ["sleep", "compute"] {
        for signal in [libc::SIGSEGV, libc::SIGBUS, libc::SIGFPE, libc::SIGILL, libc::SIGTRAP, libc::SIGSYS] {
            let mut guest = running(what);
            assert_eq!(guest.next_line(), ["computing\n", "asleep\n"][usize::from(what == "sleep")]);
            guest.signal(signal);
            let output = guest.wait();
            assert_eq!(output.status.signal(), Some(signal), "{what}: {:?}", output.status);
            assert_eq!((text(&output.stdout), text(&output.stderr)), Default::default(), "{what}, {signal}");
        }
    }
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
    for (stdin, wanted) in [("<&-", "read -9\n"), ("</dev/null", "read 0\n")] {
        let script = format!("exec \"$0\" \"$1\" read {stdin}");
        let mut command = std::process::Command::new("sh");
        let output = run(command.arg("-c").arg(script).arg(env!("CARGO_BIN_EXE_proxy")).arg(image()));
        assert_eq!(text(&output.stdout), wanted);
    }
}
