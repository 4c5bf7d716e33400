//! What happens to a vCPU of the process isle: who wakes it, what its kernel is told of a fault, and what its
//! user.

use crate::build::{guest, proxy, run, text};
use crate::running::Running;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// `vcpu.c`, built once.
fn image() -> &'static PathBuf {
    static IMAGE: OnceLock<PathBuf> = OnceLock::new();
    IMAGE.get_or_init(|| guest("vcpu.c", &[]))
}

/// A guest that does `what` and sleeps now, its first vCPU in `Wait`.
fn asleep(cpus: &str, what: &str) -> Running {
    let mut guest = Running::start(proxy().args(["--cpus", cpus]).arg(image()).arg(what));
    assert_eq!(guest.next_line(), "asleep\n");
    guest.wait_until_asleep();
    guest
}

/// Runs to the end, which is a success without a message: what it has printed.
fn printed(what: &str) -> String {
    let output = run(proxy().arg(image()).arg(what));
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()), "{what}");
    text(&output.stdout)
}

#[test]
fn a_sleeping_vcpu_is_woken_by_another() {
    let mut guest = asleep("2", "kick");
    guest.stdin().write_all(b"x").unwrap();
    assert_eq!(guest.next_line(), "kicked 1\n");
    assert!(guest.end().status.success());
}

#[test]
fn a_sleeping_vcpu_is_woken_by_an_answer() {
    let mut guest = asleep("1", "answer");
    guest.stdin().write_all(b"x").unwrap();
    assert_eq!(guest.next_line(), "read 1\n");
    assert!(guest.end().status.success());
}

/// The vCPU learns of the signal when it leaves the host; only then the read that waits there can end.
#[test]
fn a_signal_in_the_host_ends_a_read_that_waits() {
    let mut guest = asleep("1", "answer");
    guest.signal(libc::SIGUSR1);
    assert_eq!(guest.next_line(), "read -4\n");
    assert!(guest.wait().status.success());
}

/// A deadline of 0 has passed already, and what comes before the sleep ends it.
#[test]
fn a_timer_that_is_due_ends_the_sleep_after_it() {
    assert_eq!(printed("timer"), "noted 2\nin time 1\n");
}

#[test]
fn the_word_of_what_pends_is_aligned() {
    assert_eq!(printed("words"), format!("word 0\n{}word 0\n", "word -22\n".repeat(7)));
}

/// Bits of the code: 2 is a write, 4 is not the kernel's.
#[test]
fn faults_tell_their_kind_and_may_nest() {
    assert_eq!(printed("faults"), "inner 1404\nouter 1404\nouter 1406\ncontinued\n");
}

#[test]
fn a_stream_that_is_closed_is_no_empty_file() {
    for (streams, closed) in [("<&-", 1), (">&-", 2), ("<&- >&-", 3), ("2>&-", 4), ("", 0)] {
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("exec \"$0\" \"$1\" closed {streams}"), env!("CARGO_BIN_EXE_proxy")]);
        assert_eq!(run(shell.arg(image())).status.code(), Some(closed), "{streams}");
    }
}

/// The report of a fault in `innermost`, which `middle` has called.
fn report(image: &Path) -> String {
    text(&run(proxy().arg(image).arg("report")).stderr)
}

#[test]
fn a_report_names_the_line_of_the_call() {
    let source = include_str!("../guests/vcpu.c");
    let line = source.lines().position(|line| line.contains("/* the call */")).unwrap() + 1;
    let said = report(image());
    let middle = said.lines().find(|line| line.contains(" middle at ")).unwrap_or_default();
    assert!(middle.ends_with(&format!("/vcpu.c:{line}")), "line {line}: {said}");
}

#[test]
fn a_report_without_debug_information_tells_offsets_in_functions() {
    let image = guest("vcpu.c", &["-g0"]);
    let symbols = text(&run(Command::new("nm").arg(&image)).stdout);
    let said = report(&image);
    for function in ["innermost", "middle"] {
        let line = said.lines().find(|line| line.contains(&format!(" {function}+0x")));
        let line: Vec<_> =
            line.unwrap_or_else(|| panic!("no {function}: {said}")).split_whitespace().collect();
        let number = |digits: &str| u64::from_str_radix(digits, 16).unwrap();
        let symbol = symbols.lines().find(|symbol| symbol.ends_with(&format!(" {function}"))).unwrap();
        let start = number(symbol.split(' ').next().unwrap());
        let (address, offset) = (line[1].trim_start_matches("0x"), line[2].split("+0x").last().unwrap());
        assert_eq!(number(address), start + number(offset), "{said}");
    }
}
