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

/// What is decided of a system call.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Allow,
    /// Raises SIGSYS.
    Forbid,
    /// Fails with this error.
    Refuse(libc::c_int),
}

/// Where a step goes on.
#[derive(Clone, Copy)]
enum To {
    /// Behind so many steps; 0: with the next one.
    Skip(usize),
    /// There is one of each for the whole filter, at its end: Linux compiles what it is given, for each start of a program.
    End(Verdict),
}

#[derive(Clone, Copy)]
struct Step {
    code: u32,
    value: u32,
    if_true: To,
    if_false: To,
}

/// Part of a filter.
enum Part {
    Decided(Verdict),
    Steps(Vec<Step>),
}

/// The filter: what no rule allows raises SIGSYS.
pub fn program(rules: &[(i64, When)]) -> Vec<sock_filter> {
    let mut steps = vec![
        load(ARCHITECTURE),
        jump(libc::BPF_JEQ, X86_64, To::Skip(0), To::End(Verdict::Forbid)),
        load(NUMBER),
    ];
    match search(&stretches(rules), NR_SYSTEM_CALLS) {
        Part::Steps(search) => steps.extend(search),
        Part::Decided(verdict) => steps.push(jump(libc::BPF_JGE, 0, To::End(verdict), To::End(verdict))),
    }
    finish(&steps)
}

/// Puts the ends of `steps` behind them.
fn finish(steps: &[Step]) -> Vec<sock_filter> {
    let mut ends = Vec::new();
    let mut program = Vec::with_capacity(steps.len());
    for (index, step) in steps.iter().enumerate() {
        let mut distance = |to| {
            let distance = match to {
                To::Skip(distance) => distance,
                To::End(verdict) => {
                    let end = ends.iter().position(|&end| end == verdict).unwrap_or_else(|| {
                        ends.push(verdict);
                        ends.len() - 1
                    });
                    steps.len() + end - index - 1
                }
            };
            u8::try_from(distance).expect("a filter has less than 256 steps, or it needs ends in its middle")
        };
        let (jt, jf) = (distance(step.if_true), distance(step.if_false));
        program.push(sock_filter { code: step.code as u16, jt, jf, k: step.value });
    }
    program.extend(ends.into_iter().map(Verdict::end));
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
fn search(stretches: &[Stretch], end: u32) -> Part {
    if let [only] = stretches {
        return decide(only.when);
    }
    // Where half of the system calls are below: the simulation then takes the fewest steps.
    let half = stretches[0].first.midpoint(end);
    let middle = stretches.partition_point(|stretch| stretch.first <= half).clamp(1, stretches.len() - 1);
    let (low, high) = stretches.split_at(middle);
    let first_high = high[0].first;
    let (below, beyond) = (search(low, first_high), search(high, end));
    let if_true = match (&below, &beyond) {
        (_, Part::Decided(verdict)) => To::End(*verdict),
        (below, Part::Steps(_)) => To::Skip(below.steps().len()),
    };
    let if_false = match &below {
        Part::Decided(verdict) => To::End(*verdict),
        Part::Steps(_) => To::Skip(0),
    };
    let mut steps = vec![jump(libc::BPF_JGE, first_high, if_true, if_false)];
    steps.extend(below.steps());
    steps.extend(beyond.steps());
    Part::Steps(steps)
}

fn decide(when: Option<When>) -> Part {
    let (allow, forbid) = (To::End(Verdict::Allow), To::End(Verdict::Forbid));
    let refuse = To::End(Verdict::Refuse(libc::EPERM));
    let steps = match when {
        None => return Part::Decided(Verdict::Forbid),
        Some(When::Always) => return Part::Decided(Verdict::Allow),
        Some(When::Missing) => return Part::Decided(Verdict::Refuse(libc::ENOSYS)),
        Some(When::Refused) => return Part::Decided(Verdict::Refuse(libc::EPERM)),
        Some(When::NoSetId) => vec![
            load(ARGUMENTS + 8 * OPEN_FLAGS),
            jump(libc::BPF_JSET, MAKES_A_FILE, To::Skip(0), allow),
            load(ARGUMENTS + 8 * OPEN_MODE),
            jump(libc::BPF_JSET, SET_ID, refuse, allow),
        ],
        Some(When::OneOf(argument, lists)) => {
            let values = lists.concat();
            let mut steps = vec![load(ARGUMENTS + 8 * argument)];
            for (index, &value) in values.iter().enumerate() {
                let otherwise = if index + 1 == values.len() { forbid } else { To::Skip(0) };
                steps.push(jump(libc::BPF_JEQ, value, allow, otherwise));
            }
            steps
        }
        Some(When::AllOf(arguments)) => {
            let mut steps = Vec::new();
            for (index, &(argument, values)) in arguments.iter().enumerate() {
                let is_last = index + 1 == arguments.len();
                steps.push(load(ARGUMENTS + 8 * argument));
                for (index, &value) in values.iter().enumerate() {
                    let left = values.len() - index - 1;
                    let found = if is_last { allow } else { To::Skip(left) };
                    let otherwise = if left == 0 { forbid } else { To::Skip(0) };
                    steps.push(jump(libc::BPF_JEQ, value, found, otherwise));
                }
            }
            steps
        }
        Some(When::Without(argument, bits)) => {
            vec![load(ARGUMENTS + 8 * argument), jump(libc::BPF_JSET, bits, forbid, allow)]
        }
    };
    Part::Steps(steps)
}

impl Part {
    fn steps(&self) -> &[Step] {
        match self {
            Self::Decided(_) => &[],
            Self::Steps(steps) => steps,
        }
    }
}

impl Verdict {
    fn end(self) -> sock_filter {
        let action = match self {
            Self::Allow => libc::SECCOMP_RET_ALLOW,
            Self::Forbid => libc::SECCOMP_RET_TRAP,
            Self::Refuse(errno) => libc::SECCOMP_RET_ERRNO | errno as u32,
        };
        sock_filter { code: (libc::BPF_RET | libc::BPF_K) as u16, jt: 0, jf: 0, k: action }
    }
}

fn load(offset: u32) -> Step {
    let code = libc::BPF_LD | libc::BPF_W | libc::BPF_ABS;
    Step { code, value: offset, if_true: To::Skip(0), if_false: To::Skip(0) }
}

fn jump(condition: u32, value: u32, if_true: To, if_false: To) -> Step {
    Step { code: libc::BPF_JMP | condition | libc::BPF_K, value, if_true, if_false }
}
