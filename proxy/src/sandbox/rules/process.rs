//! What the process isle changes, where the guest's code could make every system call that remains: nothing,
//! but for programs with an executable stack.

use super::RULES;
use super::When::{self, Always};

/// What remains for a program with an executable stack: stacks are RAM, whose protection changes.
pub fn with_executable_stack() -> Vec<(i64, When)> {
    let with_code = |&(number, when)| match number {
        libc::SYS_mprotect => (number, Always),
        _ => (number, when),
    };
    RULES.iter().map(with_code).collect()
}
