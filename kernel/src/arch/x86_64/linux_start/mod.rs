//! What an image does that Linux itself has started, because nobody has registered the proxy with binfmt_misc: it becomes
//! its proxy, and only where there is none says so.
//!
//! No kernel is up here: this is an ordinary program of Linux's, on the stack that Linux gave, with all of Linux's system
//! calls. [`stack`] is what it finds, [`system`] what it does, [`copy`] how it goes on where its file cannot be read.

mod copy;
mod stack;
mod system;

use abi::exit::Failure;
use abi::start::{ARGV_0, INSTALLED_PROXY, PROXY, PROXY_IN_TREE, PROXY_NAME};
use core::ffi::CStr;
use stack::Stack;
use system::{EACCES, ENOENT, ENOTDIR, Name, exit, say};

const GREETING: &[u8] = b"this is a HermitCore image, ";

/// The entry's way to here.
///
/// # Safety
/// `stack` must be the stack pointer that Linux started the image with, and nothing of the image may have run.
#[cfg(panic = "abort")]
#[unsafe(no_mangle)]
unsafe extern "C" fn hermit_started_by_linux(stack: *mut u64) -> ! {
    // SAFETY: the one processor there is here, and nothing has run. What follows copies memory.
    unsafe { super::relocate::apply() };
    // SAFETY: the caller's promise.
    let failure = become_proxy(unsafe { Stack::new(stack) });
    exit(failure as u8)
}

/// Returns only where nothing can run the image, and has said so.
fn become_proxy(stack: Stack) -> Failure {
    if stack.is_privileged() {
        // What follows obeys its caller's variables.
        return refuse(&[
            b"and gets no rights from its file (set-user-ID, set-group-ID or capabilities): take them away",
        ]);
    }
    if stack.variable(ARGV_0).is_some() {
        return match asked(&stack) {
            Some(proxy) => {
                refuse(&[b"and what was to run it, HERMIT_PROXY=", proxy, b", has started an image again"]);
                Failure::Proxy
            }
            None => refuse(&[
                b"and what was to run it has started an image again: set HERMIT_PROXY to a proxy's path",
            ]),
        };
    }
    let (Some(path), 1..) = (stack.path(), stack.nr_arguments()) else {
        return refuse(&[b"and was started without a name"]);
    };
    let asked = asked(&stack);
    let search = stack.variable("PATH").unwrap_or_default();
    let Some(variable) = argv_0(stack.argument_0()) else { return refuse(&[b"and there is no memory"]) };
    let Some(readable) = copy::readable(path) else {
        return refuse(&[b"which may be executed and not read, and the proxy must read it: chmod +r it"]);
    };
    let Some(image) = readable.as_c_str() else { return refuse(&[b"and its path is too long"]) };
    let (argv, envp) = stack.with(image, variable);
    let execute = |path: &CStr| {
        // SAFETY: the two arrays, the first element of which is a string that lives through the call.
        unsafe {
            argv.write(path.as_ptr());
            system::execute(path, argv.cast_const(), envp)
        }
    };
    match asked {
        Some(proxy) => obey(proxy, execute),
        None => search_for_proxy(search, execute),
    }
}

/// The proxy that the user has named.
fn asked(stack: &Stack) -> Option<&'static [u8]> {
    stack.variable(PROXY).filter(|value| !value.is_empty())
}

/// What the user has named is taken or is an error: another proxy would be a surprise.
fn obey(proxy: &[u8], execute: impl Fn(&CStr) -> i64) -> Failure {
    let name = Name::of(&[proxy]);
    let why: &[u8] = match name.as_c_str().map(execute) {
        None => b"which is too long",
        Some(ENOENT | ENOTDIR) => b"which is not there",
        Some(EACCES) => b"which may not be executed",
        Some(_) => b"which is no program",
    };
    refuse(&[b"told to run with HERMIT_PROXY=", proxy, b", ", why]);
    Failure::Proxy
}

fn search_for_proxy(search: &[u8], execute: impl Fn(&CStr) -> i64) -> Failure {
    let prefix = prefix();
    let of_tree = Name::of(&[prefix, PROXY_IN_TREE.as_bytes()]);
    let installed = Name::of(&[INSTALLED_PROXY.as_bytes()]);
    // An empty folder in PATH is the working directory, which is nobody's place for a proxy.
    let in_folders = search.split(|&byte| byte == b':').filter(|folder| !folder.is_empty());
    let in_folders = in_folders.map(|folder| Name::of(&[folder, b"/", PROXY_NAME.as_bytes()]));
    let of_tree = core::iter::once(of_tree).filter(|_| !prefix.is_empty());
    for candidate in of_tree.chain([installed]).chain(in_folders) {
        candidate.as_c_str().map(&execute);
    }
    let (of_tree, comma): (&[u8], &[u8]) =
        if prefix.is_empty() { (b"", b"") } else { (PROXY_IN_TREE.as_bytes(), b", ") };
    refuse(&[
        b"and there is no proxy to run it: not ",
        prefix,
        of_tree,
        comma,
        INSTALLED_PROXY.as_bytes(),
        b", nor `proxy` in PATH. Install libhermit, or set HERMIT_PROXY to the proxy's path",
    ])
}

/// One sentence, in one piece as far as it fits.
fn refuse(words: &[&[u8]]) -> Failure {
    let mut sentence = Name::of(&[GREETING]);
    words.iter().for_each(|word| sentence.push(word));
    sentence.push(b"\n");
    match sentence.as_c_str() {
        Some(sentence) => say(sentence.to_bytes()),
        None => say(b"this is a HermitCore image, and nothing runs it\n"),
    }
    Failure::NotAnImage
}

/// The variable that tells the proxy by which name the image was called.
fn argv_0(name: &CStr) -> Option<&'static CStr> {
    let (variable, value) = (ARGV_0.as_bytes(), name.to_bytes_with_nul());
    let text = system::memory(variable.len() + 1 + value.len())?;
    let (start, rest) = text.split_at_mut(variable.len());
    start.copy_from_slice(variable);
    let (equals, rest) = rest.split_at_mut(1);
    equals.copy_from_slice(b"=");
    rest.copy_from_slice(value);
    CStr::from_bytes_with_nul(text).ok()
}

/// The root of the tree whose linker made the image; empty if it is not known.
fn prefix() -> &'static [u8] {
    #[cfg(panic = "abort")]
    let field = {
        unsafe extern "C" {
            static hermit_prefix: [u8; abi::elf::PREFIX_BYTES];
        }
        // SAFETY: the note in entry.s, which nobody changes.
        unsafe { &hermit_prefix }
    };
    #[cfg(not(panic = "abort"))]
    let field = &[0_u8; abi::elf::PREFIX_BYTES];
    field.split(|&byte| byte == 0).next().unwrap_or_default()
}
