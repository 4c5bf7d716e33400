//! What Linux leaves on the stack of a program that it starts (System V ABI, "Initial Process Stack"): [`Stack`].

use core::ffi::{CStr, c_char};

/// Auxiliary vector (getauxval(3)).
const AT_NULL: u64 = 0;
const AT_SECURE: u64 = 23;
const AT_EXECFN: u64 = 31;

/// The words on the stack: argc, argv with its null pointer, envp with its null pointer, the auxiliary vector.
pub struct Stack {
    argc: *mut u64,
}

impl Stack {
    /// # Safety
    /// `argc` must be the stack pointer that Linux started this program with; nobody else may use what is there.
    pub const unsafe fn new(argc: *mut u64) -> Self {
        Self { argc }
    }

    fn word(&self, index: usize) -> u64 {
        // SAFETY: `new`'s promise; the callers stay inside.
        unsafe { self.argc.add(index).read() }
    }

    /// How many arguments there are, the first of which is the program's name.
    pub fn nr_arguments(&self) -> usize {
        self.word(0) as usize
    }

    /// The name by which the program was called.
    pub fn argument_0(&self) -> &'static CStr {
        self.string(1)
    }

    /// The string whose address is at `index`.
    fn string(&self, index: usize) -> &'static CStr {
        // SAFETY: the address of a C string, which stays where Linux has put it.
        unsafe { CStr::from_ptr(self.word(index) as *const c_char) }
    }

    fn first_variable(&self) -> usize {
        self.nr_arguments() + 2
    }

    fn variables_end(&self) -> usize {
        let mut index = self.first_variable();
        while self.word(index) != 0 {
            index += 1;
        }
        index
    }

    /// The value of a variable.
    pub fn variable(&self, name: &str) -> Option<&'static [u8]> {
        (self.first_variable()..self.variables_end())
            .find_map(|index| self.string(index).to_bytes().strip_prefix(name.as_bytes())?.strip_prefix(b"="))
    }

    fn auxiliary(&self, kind: u64) -> Option<u64> {
        let mut index = self.variables_end() + 1;
        loop {
            match self.word(index) {
                AT_NULL => return None,
                found if found == kind => return Some(self.word(index + 1)),
                _ => index += 2,
            }
        }
    }

    /// Whether the program has rights that its caller has not.
    pub fn is_privileged(&self) -> bool {
        self.auxiliary(AT_SECURE).is_some_and(|secure| secure != 0)
    }

    /// The path that Linux was told to execute.
    pub fn path(&self) -> Option<&'static CStr> {
        let address = self.auxiliary(AT_EXECFN).filter(|&address| address != 0)?;
        // SAFETY: a C string that Linux has put on the stack.
        Some(unsafe { CStr::from_ptr(address as *const c_char) })
    }

    /// Makes room for one argument and one variable more, and returns the arrays: an argument 0 that is still to be
    /// written, `path` in the place of the old one, and `variable` before the others. In place: argc is not needed any
    /// more, nor is the beginning of the auxiliary vector.
    pub fn with(self, path: &CStr, variable: &CStr) -> (*mut *const c_char, *const *const c_char) {
        let (first, end) = (self.first_variable(), self.variables_end());
        // SAFETY: the words from argc to the first of the auxiliary vector, of which none is used as what it was from
        // here on.
        unsafe {
            self.argc.add(1).write(path.as_ptr() as u64);
            self.argc.add(first).copy_to(self.argc.add(first + 1), end - first + 1);
            self.argc.add(first).write(variable.as_ptr() as u64);
            (self.argc.cast(), self.argc.add(first).cast_const().cast())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &CStr) -> u64 {
        text.as_ptr() as u64
    }

    #[test]
    fn finds_what_linux_leaves_and_makes_room_in_place() {
        let (name, argument, home, proxy) = (c"./image", c"-x", c"HOME=/", c"HERMIT_PROXY=/a b/proxy");
        let path = c"/folder/image";
        let mut words = [
            2,
            word(name),
            word(argument),
            0,
            word(home),
            word(proxy),
            0,
            AT_SECURE,
            1,
            AT_EXECFN,
            word(path),
            AT_NULL,
            0,
        ];
        // SAFETY: as Linux leaves it.
        let stack = unsafe { Stack::new(words.as_mut_ptr()) };
        assert_eq!((stack.nr_arguments(), stack.argument_0(), stack.path()), (2, name, Some(path)));
        assert_eq!(stack.variable("HERMIT_PROXY"), Some(b"/a b/proxy".as_slice()));
        assert_eq!((stack.variable("HERMIT"), stack.variable("PATH")), (None, None));
        assert!(stack.is_privileged());
        let added = c"HERMIT_ARGV0=./image";
        let (argv, envp) = stack.with(path, added);
        // SAFETY: arrays of the words above, each ended by a null pointer.
        unsafe {
            argv.write(c"proxy".as_ptr());
            let strings = |array: *const *const c_char| {
                (0..)
                    .map(|index| *array.add(index))
                    .take_while(|string| !string.is_null())
                    .map(|string| CStr::from_ptr(string))
                    .collect::<alloc::vec::Vec<_>>()
            };
            assert_eq!(strings(argv), [c"proxy", path, argument]);
            assert_eq!(strings(envp), [added, home, proxy]);
        }
    }
}
