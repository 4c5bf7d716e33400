//! From rules to classic BPF: [`program`]. Runs in `build.rs`, and in the tests.
//!
//! A binary search over the numbers. Linux simulates a filter once for every system call when it is
//! installed, so a chain of comparisons (what filter libraries make by default) costs 200 us per start of a
//! program, the tree 50 us.

use super::rules::When;
use libc::sock_filter;

/// Offsets in `struct seccomp_data` (linux/seccomp.h).
const NUMBER: u32 = 0;
const ARCHITECTURE: u32 = 4;
const ARGUMENTS: u32 = 16;

/// AUDIT_ARCH_X86_64 (linux/audit.h).
const X86_64: u32 = 0xc000_003e;

/// Arguments of openat(2). The mode means something only if a file is made: else it may be anything.
const OPEN_FLAGS: u32 = 2;
const OPEN_MODE: u32 = 3;

/// O_CREAT, and of O_TMPFILE what is not O_DIRECTORY.
const MAKES_A_FILE: u32 = (libc::O_CREAT | libc::O_TMPFILE & !libc::O_DIRECTORY) as u32;

/// S_ISUID and S_ISGID.
const SET_ID: u32 = libc::S_ISUID | libc::S_ISGID;

/// About as many system calls does x86-64 have (asm/unistd_64.h).
const NR_SYSTEM_CALLS: u32 = 470;

/// All system calls from `first` on (up to the next range) have this rule; `None` is forbidden.
#[derive(Clone, Copy)]
struct Stretch {
    first: u32,
    when: Option<When>,
}

/// The filter: what no rule allows raises SIGSYS.
pub fn program(rules: &[(i64, When)]) -> Vec<sock_filter> {
    let mut program = vec![load(ARCHITECTURE), jump(libc::BPF_JEQ, X86_64, 1, 0), forbid(), load(NUMBER)];
    program.extend(search(&stretches(rules), NR_SYSTEM_CALLS));
    program
}

fn stretches(rules: &[(i64, When)]) -> Vec<Stretch> {
    let mut rules = rules.to_vec();
    rules.sort_by_key(|rule| rule.0);
    let mut stretches = vec![Stretch { first: 0, when: None }];
    let mut next = 0;
    for (number, when) in rules {
        let number = u32::try_from(number).expect("numbers of system calls are small");
        if number > next {
            stretches.push(Stretch { first: next, when: None });
        }
        let continues = number == next
            && matches!(when, When::Always)
            && matches!(stretches.last(), Some(Stretch { when: Some(When::Always), .. }));
        if !continues {
            stretches.push(Stretch { first: number, when: Some(when) });
        }
        next = number + 1;
    }
    stretches.push(Stretch { first: next, when: None });
    stretches
}

/// `end` is the first system call behind the stretches.
fn search(stretches: &[Stretch], end: u32) -> Vec<sock_filter> {
    if let [only] = stretches {
        return decide(only.when);
    }
    // Where half of the system calls are below: the simulation then takes the fewest steps.
    let half = stretches[0].first.midpoint(end);
    let middle = stretches.partition_point(|stretch| stretch.first <= half).clamp(1, stretches.len() - 1);
    let (low, high) = stretches.split_at(middle);
    let below = search(low, high[0].first);
    let beyond = u8::try_from(below.len()).expect("half of the filter is less than 256 steps");
    let mut steps = vec![jump(libc::BPF_JGE, high[0].first, beyond, 0)];
    steps.extend(below);
    steps.extend(search(high, end));
    steps
}

fn decide(when: Option<When>) -> Vec<sock_filter> {
    match when {
        None => vec![forbid()],
        Some(When::Always) => vec![allow()],
        Some(When::Missing) => vec![refuse(libc::ENOSYS)],
        Some(When::Refused) => vec![refuse(libc::EPERM)],
        Some(When::NoSetId) => vec![
            load(ARGUMENTS + 8 * OPEN_FLAGS),
            jump(libc::BPF_JSET, MAKES_A_FILE, 0, 2),
            load(ARGUMENTS + 8 * OPEN_MODE),
            jump(libc::BPF_JSET, SET_ID, 1, 0),
            allow(),
            refuse(libc::EPERM),
        ],
        Some(When::OneOf(argument, lists)) => {
            let values = lists.concat();
            let mut steps = vec![load(ARGUMENTS + 8 * argument)];
            for (index, &value) in values.iter().enumerate() {
                let to_allow = u8::try_from(values.len() - index).expect("few values");
                steps.push(jump(libc::BPF_JEQ, value, to_allow, 0));
            }
            steps.extend([forbid(), allow()]);
            steps
        }
        Some(When::Without(argument, bits)) => {
            vec![load(ARGUMENTS + 8 * argument), jump(libc::BPF_JSET, bits, 0, 1), forbid(), allow()]
        }
    }
}

fn step(code: u32, jt: u8, jf: u8, k: u32) -> sock_filter {
    sock_filter { code: code as u16, jt, jf, k }
}

fn load(offset: u32) -> sock_filter {
    step(libc::BPF_LD | libc::BPF_W | libc::BPF_ABS, 0, 0, offset)
}

fn jump(condition: u32, value: u32, if_true: u8, if_false: u8) -> sock_filter {
    step(libc::BPF_JMP | condition | libc::BPF_K, if_true, if_false, value)
}

fn allow() -> sock_filter {
    step(libc::BPF_RET | libc::BPF_K, 0, 0, libc::SECCOMP_RET_ALLOW)
}

fn refuse(errno: libc::c_int) -> sock_filter {
    step(libc::BPF_RET | libc::BPF_K, 0, 0, libc::SECCOMP_RET_ERRNO | errno as u32)
}

fn forbid() -> sock_filter {
    step(libc::BPF_RET | libc::BPF_K, 0, 0, libc::SECCOMP_RET_TRAP)
}
