//! What the process isle changes, where the guest's code could make every system call that remains: nothing,
//! but for programs with an executable stack and those that make code.

use super::RULES;
use super::When::{self, Always, OneOf};

/// PROT_NONE, PROT_READ, and one of PROT_WRITE and PROT_EXEC beside it.
const WRITTEN_OR_EXECUTED: &[u32] = &[0, 1, 3, 5];

/// What remains for a program with an executable stack: stacks are RAM, whose protection changes.
pub fn with_executable_stack() -> Vec<(i64, When)> {
    with_protection(Always)
}

/// What remains for a program that makes code: it may change from data to code and back, but never be both.
pub fn that_makes_code() -> Vec<(i64, When)> {
    with_protection(OneOf(2, &[WRITTEN_OR_EXECUTED]))
}

fn with_protection(changes: When) -> Vec<(i64, When)> {
    let change = |&(number, when)| match number {
        libc::SYS_mprotect => (number, changes),
        _ => (number, when),
    };
    RULES.iter().map(change).collect()
}
