//! argv and environ as Linux gave them, without copying: [`CommandLine`], and the program's part of it,
//! [`Program`].

#![allow(unsafe_code, reason = "the C runtime's arrays of strings")]

use abi::start::{ARGV_0, BINFMT_NAME};
use core::ffi::{CStr, c_char, c_int};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

unsafe extern "C" {
    /// environ(7).
    static environ: *const *mut c_char;
}

/// What the proxy was started with.
#[derive(Debug, Default)]
pub struct CommandLine<'a> {
    /// All arguments; the first is the proxy's own name.
    pub arguments: Vec<&'a CStr>,
    /// The environment, malformed entries included.
    pub environment: Vec<&'a CStr>,
    /// argv\[0\] of the program, if that is not its path.
    pub argv_0: Option<&'a CStr>,
    /// Whether options come before the image.
    pub options: OptionsBefore,
}

/// Whether the image may be preceded by options.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OptionsBefore {
    /// Somebody has written the command line.
    #[default]
    Possible,
    /// Linux has made it: the first argument is the image, whatever it looks like.
    Never,
}

/// The program to run: its image, arguments and environment.
#[derive(Clone, Copy, Debug)]
pub struct Program<'a> {
    image: &'a CStr,
    /// argv of the program; never empty. The first is the image as the user named it, if nobody has chosen another name.
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
        Self { arguments, environment, ..Self::default() }.of_starter()
    }
}

impl<'a> CommandLine<'a> {
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

    /// Understands who has started the proxy (`abi::start`): the image says so by a variable, binfmt_misc by the name by
    /// which it calls the proxy.
    fn of_starter(mut self) -> Self {
        if let Some(index) = self.environment.iter().position(|entry| value_of(entry, ARGV_0).is_some()) {
            self.argv_0 = value_of(self.environment.remove(index), ARGV_0);
        } else if self.arguments.len() > 2 && file_name(self.arguments[0]) == BINFMT_NAME.as_bytes() {
            self.argv_0 = Some(self.arguments.remove(2));
            self.options = OptionsBefore::Never;
        }
        self
    }

    /// The program whose path is the argument number `index`, which the option parser found there.
    pub fn program(&mut self, index: usize) -> Program<'_> {
        let image = self.arguments[index];
        self.arguments[index] = self.argv_0.unwrap_or(image);
        Program { image, arguments: &self.arguments[index..], environment: &self.environment }
    }
}

/// The value of the variable `name`, if the entry is that.
fn value_of<'a>(entry: &'a CStr, name: &str) -> Option<&'a CStr> {
    let rest = entry.to_bytes_with_nul().strip_prefix(name.as_bytes())?.strip_prefix(b"=")?;
    CStr::from_bytes_with_nul(rest).ok()
}

fn file_name(path: &CStr) -> &[u8] {
    path.to_bytes().rsplit(|&byte| byte == b'/').next().unwrap_or_default()
}

impl<'a> Program<'a> {
    /// The image file, as the user named it.
    pub fn path(&self) -> &'a Path {
        Path::new(OsStr::from_bytes(self.image.to_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn started(arguments: &[&'static CStr], environment: &[&'static CStr]) -> CommandLine<'static> {
        let (arguments, environment) = (arguments.to_vec(), environment.to_vec());
        CommandLine { arguments, environment, ..CommandLine::default() }.of_starter()
    }

    #[test]
    fn an_image_that_starts_itself_keeps_its_name() {
        let environment = [c"HERMIT_ARGV0=-sh", c"HERMIT_ARGV=x", c"A=b"];
        // The options are a wrapper's.
        let mut line = started(&[c"/p/proxy", c"--verbose", c"./image", c"-c"], &environment);
        assert_eq!(line.options, OptionsBefore::Possible);
        let program = line.program(2);
        assert_eq!(program.path(), Path::new("./image"));
        assert_eq!(program.arguments, [c"-sh", c"-c"]);
        assert_eq!(program.environment, [c"HERMIT_ARGV=x", c"A=b"]);
    }

    #[test]
    fn binfmt_misc_keeps_the_name_that_the_caller_gave() {
        let interpreter = c"/opt/hermit/libexec/hermit/binfmt-interpreter";
        let mut line = started(&[interpreter, c"-image", c"tool", c"x"], &[]);
        assert_eq!(line.options, OptionsBefore::Never);
        let program = line.program(1);
        assert_eq!((program.path(), program.arguments), (Path::new("-image"), [c"tool", c"x"].as_slice()));
    }

    #[test]
    fn by_hand_the_path_is_the_name() {
        for proxy in [c"proxy", c"/p/binfmt-interpreter/proxy"] {
            let mut line = started(&[proxy, c"./image", c"x"], &[]);
            let program = line.program(1);
            assert_eq!(program.path(), Path::new("./image"));
            assert_eq!(program.arguments, [c"./image", c"x"]);
        }
    }
}
