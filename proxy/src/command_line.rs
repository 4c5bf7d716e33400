//! argv and environ as Linux gave them, without copying: [`CommandLine`], and the program's part of it,
//! [`Program`].

#![allow(unsafe_code, reason = "the C runtime's arrays of strings")]

use core::ffi::{CStr, c_char, c_int};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

unsafe extern "C" {
    /// environ(7).
    static environ: *const *mut c_char;
}

/// What the proxy was started with.
#[derive(Debug)]
pub struct CommandLine<'a> {
    /// All arguments; the first is the proxy's own name.
    pub arguments: Vec<&'a CStr>,
    /// The environment, malformed entries included.
    pub environment: Vec<&'a CStr>,
}

/// The program to run: its arguments (the first is the image as the user named it) and environment.
#[derive(Clone, Copy, Debug)]
pub struct Program<'a> {
    /// argv of the program; never empty.
    pub arguments: &'a [&'a CStr],
    /// envp of the program.
    pub environment: &'a [&'a CStr],
}

impl CommandLine<'static> {
    /// Takes what the C runtime hands to `main`.
    ///
    /// # Safety
    /// `argv` must point to `argc` C strings and `envp` to a null-terminated array of them; all of them must
    /// stay unchanged until the process ends.
    pub unsafe fn from_c(argc: c_int, argv: *const *const c_char, envp: *const *const c_char) -> Self {
        let argc = usize::try_from(argc).unwrap_or(0);
        // SAFETY: the caller promises `argc` pointers, each to a C string that lives forever.
        let arguments = (0..argc).map(|index| unsafe { CStr::from_ptr(*argv.add(index)) }).collect();
        let mut environment = Vec::new();
        let mut next = envp;
        // SAFETY: the caller promises that a null pointer ends the array, and the loop stops there.
        while !next.is_null() && unsafe { !(*next).is_null() } {
            // SAFETY: `*next` was just seen to be a string of the array.
            environment.push(unsafe { CStr::from_ptr(*next) });
            // SAFETY: the array has at least one more element, its end.
            next = unsafe { next.add(1) };
        }
        Self { arguments, environment }
    }
}

impl CommandLine<'_> {
    /// Leaves only the variables that `is_kept`, and overwrites the others where Linux put them: in the process
    /// isle the program sees that memory, and /proc/self/environ shows it.
    ///
    /// # Safety
    /// There is one thread, and nobody but this object refers to the strings of the process's environment.
    pub unsafe fn forget_variables(&mut self, is_kept: impl Fn(&[u8]) -> bool) {
        self.environment.retain(|entry| is_kept(entry.to_bytes()));
        // SAFETY: the C runtime's array, which a null pointer ends. Its strings lie on the stack of the process,
        // which is writable; nothing refers to those that are overwritten, as the caller promises.
        unsafe {
            let mut next = environ;
            while !next.is_null() && !(*next).is_null() {
                let entry = CStr::from_ptr(*next).to_bytes();
                let len = entry.len();
                if !is_kept(entry) {
                    (*next).write_bytes(0, len);
                }
                next = next.add(1);
            }
        }
    }

    /// The program whose image is the argument number `image_index`, which the option parser found there.
    pub fn program(&self, image_index: usize) -> Program<'_> {
        Program { arguments: &self.arguments[image_index..], environment: &self.environment }
    }
}

impl<'a> Program<'a> {
    /// The image file, as the user named it.
    pub fn path(&self) -> &'a Path {
        Path::new(OsStr::from_bytes(self.arguments[0].to_bytes()))
    }
}
