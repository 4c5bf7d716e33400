//! The filter, interpreted: what it decides for every system call.

use super::compile::program;
use super::rules::{PID_PLACEHOLDER, RULES, When, of_uhyve, with_executable_stack};
use libc::sock_filter;

const X86_64: u32 = 0xc000_003e;

/// Runs `filter` as Linux would (linux/filter.h), as far as our compiler goes.
fn verdict(filter: &[sock_filter], architecture: u32, number: u32, args: [u32; 6]) -> u32 {
    let (mut accumulator, mut at) = (0, 0);
    loop {
        let step = filter[at];
        let condition = match u32::from(step.code) & 0xf7 {
            0x20 => {
                accumulator = match step.k {
                    0 => number,
                    4 => architecture,
                    offset => args[(offset as usize - 16) / 8],
                };
                at += 1;
                continue;
            }
            0x06 => return step.k,
            0x15 => accumulator == step.k,
            0x35 => accumulator >= step.k,
            0x45 => accumulator & step.k != 0,
            code => panic!("unknown code {code:#x}"),
        };
        at += 1 + usize::from(if condition { step.jt } else { step.jf });
    }
}

#[test]
fn every_system_call_is_decided_as_its_rule_says() {
    decided_as_ruled(RULES);
    decided_as_ruled(&of_uhyve());
    decided_as_ruled(&with_executable_stack());
}

fn decided_as_ruled(rules: &[(i64, When)]) {
    let filter = program(rules);
    let allowed = |number: u32, args| verdict(&filter, X86_64, number, args) == libc::SECCOMP_RET_ALLOW;
    for number in 0..1000 {
        let when = rules.iter().find(|rule| rule.0 == i64::from(number)).map(|rule| rule.1);
        let with = |argument: u32, value| {
            let mut args = [0xffff; 6];
            args[argument as usize] = value;
            args
        };
        match when {
            None => assert!(!allowed(number, [0; 6]) && !allowed(number, [0xffff; 6]), "{number}"),
            Some(When::Missing) => {
                let missing = libc::SECCOMP_RET_ERRNO | libc::ENOSYS as u32;
                assert_eq!(verdict(&filter, X86_64, number, [0xffff; 6]), missing, "{number}");
            }
            Some(When::Always) => assert!(allowed(number, [0xffff; 6]), "{number}"),
            Some(When::OneOf(argument, values)) => {
                assert!(!allowed(number, [0xffff; 6]), "{number}");
                assert!(values.iter().all(|&value| allowed(number, with(argument, value))), "{number}");
            }
            Some(When::Without(argument, bits)) => {
                assert!(!allowed(number, with(argument, bits)), "{number}");
                assert!(allowed(number, with(argument, !bits)), "{number}");
            }
        }
    }
    for number in [
        libc::SYS_execve,
        libc::SYS_socket,
        libc::SYS_ptrace,
        libc::SYS_fork,
        libc::SYS_clone,
        libc::SYS_clone3,
    ] {
        assert!(!allowed(number as u32, [0; 6]), "{number}");
    }
}

#[test]
fn other_entrances_are_closed() {
    let filter = program(RULES);
    let i386 = 0x4000_0003;
    assert_eq!(verdict(&filter, i386, libc::SYS_write as u32, [0; 6]), libc::SECCOMP_RET_TRAP);
    let x32 = 0x4000_0000;
    assert_eq!(verdict(&filter, X86_64, x32 | libc::SYS_write as u32, [0; 6]), libc::SECCOMP_RET_TRAP);
    assert_eq!(verdict(&filter, X86_64, u32::MAX, [0; 6]), libc::SECCOMP_RET_TRAP);
}

#[test]
fn what_is_installed_is_what_was_tested() {
    let fields = |step: &sock_filter| (step.code, step.jt, step.jf, step.k);
    assert!(super::FILTER.iter().map(fields).eq(program(RULES).iter().map(fields)));
    assert!(super::UHYVE_FILTER.iter().map(fields).eq(program(&of_uhyve()).iter().map(fields)));
    assert_eq!(super::FILTER.iter().filter(|step| step.k == PID_PLACEHOLDER).count(), 1);
}
