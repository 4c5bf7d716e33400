//! Writes the boot info and the program's strings into guest memory: [`Strings`], [`info`].
//!
//! Neighbours: `abi::boot_info` says what is written, the isles say where.

#![allow(unsafe_code, reason = "writes to guest memory at its address on the host")]

use crate::clocks::Moment;
use crate::command_line::Program;
use crate::inheritance;
use crate::options::Options;
use abi::boot_info::{Arguments, BootInfo, Inherited, flag};
use core::ffi::CStr;
use rustix::fs::Mode;
use std::sync::OnceLock;

/// argv and envp, flattened.
#[derive(Clone, Copy, Debug)]
pub struct Strings<'a> {
    program: Program<'a>,
    len_bytes: usize,
}

impl<'a> Strings<'a> {
    /// Measures the strings of `program`.
    pub fn of(program: &Program<'a>) -> Self {
        let all = program.arguments.iter().chain(program.environment);
        Self { program: *program, len_bytes: all.map(|string| string.to_bytes_with_nul().len()).sum() }
    }

    /// Bytes in all strings together, NULs included.
    pub const fn len_bytes(&self) -> usize {
        self.len_bytes
    }

    /// What the boot info says of strings that lie at guest address `strings`.
    pub fn arguments(&self, strings: u64) -> Arguments {
        Arguments {
            argc: self.program.arguments.len() as u64,
            envc: self.program.environment.len() as u64,
            strings,
            strings_len_bytes: self.len_bytes as u64,
        }
    }

    /// Writes all strings to `to`.
    ///
    /// # Safety
    /// `to` must be valid for writes of [`Self::len_bytes`] bytes.
    pub unsafe fn write(&self, to: *mut u8) {
        let mut next = to;
        for string in self.program.arguments.iter().chain(self.program.environment) {
            let bytes = CStr::to_bytes_with_nul(string);
            // SAFETY: the sum of all lengths was measured, and the caller promises room for it; guest memory
            // and the strings of the proxy do not overlap.
            unsafe {
                next.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len());
                next = next.add(bytes.len());
            }
        }
    }
}

/// A boot info of `isle` with the clocks read now.
pub fn info(isle: u32) -> BootInfo {
    let now = Moment::now();
    BootInfo {
        tsc_at_boot: now.time_stamp,
        wall_clock_ns: now.wall_clock_ns,
        monotonic_ns: now.monotonic_ns,
        umask: take_umask(),
        ..BootInfo::new(isle)
    }
}

/// What the options say that the kernel must know.
pub fn flags(options: &Options) -> u64 {
    let verbose = if options.verbose { flag::VERBOSE } else { 0 };
    let tmpfs = if options.tmpfs { flag::TMPFS } else { 0 };
    let jit = if options.jit { flag::JIT } else { 0 };
    verbose | tmpfs | jit | flag::INHERITS
}

/// What the program has of the proxy's parent, and its stack as the options say.
pub fn inherited(options: &Options) -> Inherited {
    let mut inherited = inheritance::of_program();
    if let Some(stack) = options.stack {
        inherited.stack_bytes = stack.bytes();
        let [soft, hard] = &mut inherited.limits[libc::RLIMIT_STACK as usize];
        *soft = stack.bytes();
        *hard = stack.bytes().max(*hard);
    }
    inherited
}

/// The umask, which from now on is the program's business: the proxy's own is 0.
fn take_umask() -> u32 {
    static TAKEN: OnceLock<u32> = OnceLock::new();
    *TAKEN.get_or_init(|| rustix::process::umask(Mode::empty()).bits())
}
