//! The filters as they are installed, interpreted: what they decide for every system call, held against
//! `golden.rs`.

use super::compile::program;
use super::golden::{EXECUTABLE_STACK, Golden, MADE_CODE, QEMU, SOCKETS, SOCKETS_UHYVE, STRICT, UHYVE};
use super::rules::{self, PID_PLACEHOLDER};
use super::{Filter, Level, Sockets};
use crate::random::Random;
use libc::sock_filter;

const X86_64: u32 = 0xc000_003e;
const I386: u32 = 0x4000_0003;

/// Marks system calls of the x32 ABI (asm/unistd.h).
const X32: u32 = 0x4000_0000;

const PID: u32 = 4711;

/// Runs `filter` as Linux would (linux/filter.h, seccomp(2)), as far as our compiler goes.
fn verdict(filter: &[sock_filter], architecture: u32, number: u32, args: [u64; 6]) -> u32 {
    // `struct seccomp_data`: number, architecture, address of the instruction, arguments; little-endian.
    let mut data = [u64::from(number) | u64::from(architecture) << 32, 0x20_0000, 0, 0, 0, 0, 0, 0];
    data[2..].copy_from_slice(&args);
    let word = |offset: u32| (data[offset as usize / 8] >> (offset % 8 * 8)) as u32;
    let (mut accumulator, mut at) = (0, 0);
    loop {
        let step = filter[at];
        let condition = match u32::from(step.code) {
            0x20 => {
                assert_eq!(step.k % 4, 0, "Linux refuses such a load");
                accumulator = word(step.k);
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

/// Whether what the filter decides for this system call hangs on an argument.
fn looks(filter: &[sock_filter], number: u32) -> bool {
    // Behind the search, which compares numbers, stands a verdict or a load of an argument.
    let mut at = 4;
    while u32::from(filter[at].code) == 0x35 {
        at += 1 + usize::from(if number >= filter[at].k { filter[at].jt } else { filter[at].jf });
    }
    u32::from(filter[at].code) == 0x20
}

/// The installed filters, and what they must decide.
fn filters() -> Vec<(String, Vec<sock_filter>, Golden)> {
    let isles = [
        (Filter::Process, "", ""),
        (Filter::ProcessThatMakesCode, MADE_CODE, ""),
        (Filter::ProcessWithExecutableStack, EXECUTABLE_STACK, ""),
        (Filter::Uhyve, UHYVE, SOCKETS_UHYVE),
        (Filter::Qemu, QEMU, ""),
    ];
    let levels = [(Level::User, ""), (Level::Strict, STRICT)];
    let mut filters = Vec::new();
    for (filter, isle, with_sockets) in isles {
        for (level, strict) in levels {
            let sockets = [(Sockets::None, vec![]), (Sockets::Some, vec![SOCKETS, with_sockets])];
            for (sockets, more) in sockets {
                let mut program = super::program_of(filter, level, sockets).to_vec();
                super::put_pid(&mut program, PID);
                let golden = Golden::of(&[&[isle, strict][..], &more].concat(), PID);
                filters.push((format!("{filter:?} {level} {sockets:?}"), program, golden));
            }
        }
    }
    filters
}

#[test]
fn every_system_call_is_decided_as_the_golden_says() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for (isle, filter, golden) in filters() {
        // All that the filter compares with, so that nothing it lets pass is missed; and all that the golden
        // names.
        let compared = filter.iter().map(|step| step.k).chain(golden.values());
        let near = compared.flat_map(|value| [value, value ^ 1]).map(u64::from);
        let bits = (0..64).map(|bit| 1_u64 << bit);
        let mut values: Vec<u64> = near.flat_map(|value| [value, value | 1 << 32]).chain(bits).collect();
        values.extend([7, u64::MAX]);
        values.sort_unstable();
        values.dedup();
        for number in 0..=500 {
            // Where neither looks at an argument, none matters.
            let varied = match looks(&filter, number) || golden.looks(number) {
                true => &values[..],
                false => &[],
            };
            let holds = |args: [u64; 6]| {
                let (got, wanted) = (verdict(&filter, X86_64, number, args), golden.verdict(number, args));
                assert_eq!(got, wanted, "{isle}: system call {number} with {args:x?}");
            };
            let backgrounds = [[0; 6], [random.next(); 6]];
            for background in backgrounds.into_iter().chain(golden.backgrounds(number)) {
                holds(background);
                for argument in 0..6 {
                    for &value in varied {
                        let mut args = background;
                        args[argument] = value;
                        holds(args);
                    }
                }
            }
        }
    }
}

#[test]
fn numbers_that_are_none_are_refused() {
    for (isle, filter, _) in filters() {
        let refused = |architecture, number| {
            let verdict = verdict(&filter, architecture, number, [0; 6]);
            assert_eq!(verdict, libc::SECCOMP_RET_TRAP, "{isle}: {number:#x} of {architecture:#x}");
        };
        for number in 0..=600 {
            refused(X86_64, X32 | number);
            refused(I386, number);
            refused(0, number);
        }
        for bit in 9..32 {
            for low in [0, 1, 9, 231] {
                refused(X86_64, 1 << bit | low);
            }
        }
        for number in 0..=600 {
            refused(X86_64, u32::MAX - number);
            refused(X86_64, 501 + number);
        }
    }
}

#[test]
fn what_is_installed_is_what_the_rules_say() {
    let fields = |step: &sock_filter| (step.code, step.jt, step.jf, step.k);
    for (name, rules) in rules::filters() {
        let (_, installed) = super::FILTERS.iter().find(|(installed, _)| *installed == name).unwrap();
        assert!(installed.iter().map(fields).eq(program(&rules).iter().map(fields)), "{name}");
        assert_eq!(installed.iter().filter(|step| step.k == PID_PLACEHOLDER).count(), 1, "{name}");
    }
}
