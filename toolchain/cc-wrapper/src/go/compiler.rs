//! `go-cc` and `go-c++`: what Go calls as C compiler and as linker: [`run`].
//!
//! Compilations are those of `x86_64-hermit-gcc`. In a link, what Go itself has made is marked as HermitCore's, and our libraries are added.
//! cgo also links a file only to look at its dynamic symbols; it gets one that has none.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use crate::command::Command;
use crate::front_end::gcc::STOPPING;
use crate::{Context, Error, response};

/// The file of a package that cgo looks into, and never links further.
const LOOKED_AT: &str = "_cgo_.o";

/// Go's linker writes what it hands over into a temporary folder of such a name.
const FOLDER_OF_GO: &str = "go-link-";

/// Behind everything else: Linux's calls by number, names that C for Linux asks for, and the C library once more for these.
const LIBRARIES: &[&str] = &["-lgohermit", "-llinux", "-lrefused", "-lc"];

/// Options that are about a program for Linux which is loaded and moved.
const LEFT_OUT: &[&str] =
    &["-rdynamic", "-static-pie", "-pie", "-Wl,-z,relro", "-Wl,-z,now", "-Wl,--export-dynamic", "-Wl,-E"];

/// Options with which a compiler does not link, beside [`STOPPING`]: it is asked something.
const ASKING: &[&str] = &["-###", "--version", "-v"];

/// What Go calls the compiler for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Task {
    /// Anything but a link.
    Compile,
    /// A file for cgo to look at.
    Look,
    /// A program.
    Link,
}

/// Compiles or links. `compiler`: ours, `gcc` or `g++`.
pub fn run(compiler: &str, context: &Context, arguments: &[OsString]) -> Result<u8, Error> {
    let expanded = response::expand(arguments);
    let ours = context.prefix.tool(compiler);
    match task(&expanded) {
        Task::Compile => Command::new(ours, arguments).exec(),
        Task::Look => empty(context, &expanded),
        Task::Link => {
            for object in expanded.iter().map(Path::new).filter(|word| is_of_go(word)) {
                elfedit::mark(object).map_err(Error::Mark)?;
            }
            let is_ours = |word: &&OsString| !LEFT_OUT.iter().any(|left_out| *word == left_out);
            let mut words: Vec<_> = expanded.iter().filter(is_ours).cloned().collect();
            words.extend(LIBRARIES.iter().map(OsString::from));
            Command::new(ours, &words).exec()
        }
    }
}

fn task(arguments: &[OsString]) -> Task {
    if arguments.iter().any(|word| STOPPING.iter().chain(ASKING).any(|option| word == option)) {
        return Task::Compile;
    }
    match output(arguments) {
        Some(output) if Path::new(output).file_name() == Some(OsStr::new(LOOKED_AT)) => Task::Look,
        _ => Task::Link,
    }
}

fn output(arguments: &[OsString]) -> Option<&OsString> {
    let at = arguments.iter().position(|word| word == "-o")?;
    arguments.get(at + 1)
}

/// Whether an input is one that Go's linker has written for this link.
fn is_of_go(word: &Path) -> bool {
    let in_folder = word.parent().and_then(Path::file_name);
    in_folder.is_some_and(|folder| folder.to_string_lossy().starts_with(FOLDER_OF_GO))
        && word.extension() == Some(OsStr::new("o"))
        && word.is_file()
}

/// A shared object of the host's with nothing in it.
fn empty(context: &Context, arguments: &[OsString]) -> Result<u8, Error> {
    let mut words: Vec<OsString> =
        ["-shared", "-nostdlib", "-x", "c", "/dev/null", "-o"].map(Into::into).to_vec();
    words.extend(output(arguments).cloned());
    Command::new(context.host.gcc()?, &words).exec()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn task_of(line: &str) -> Task {
        task(&line.split_whitespace().map(OsString::from).collect::<Vec<_>>())
    }

    #[test]
    fn tasks_are_told_by_options_and_output() {
        assert_eq!(task_of("-m64 -I . -c a.c -o /w/b001/_x001.o"), Task::Compile);
        assert_eq!(task_of("-m64 -o /w/b001/_cgo_.o _cgo_main.o a.o -g"), Task::Look);
        assert_eq!(task_of("-m64 -o /w/b001/exe/a.out /t/go-link-7/go.o -O2 -g"), Task::Link);
        assert_eq!(task_of("-E -dM -xc -"), Task::Compile);
    }

    #[test]
    fn only_what_go_wrote_is_marked() {
        let folder = tempfile::tempdir().unwrap();
        let of_go = folder.path().join("go-link-12");
        std::fs::create_dir(&of_go).unwrap();
        for place in [of_go.join("go.o"), folder.path().join("other.o")] {
            std::fs::write(place, "").unwrap();
        }
        assert!(is_of_go(&of_go.join("go.o")));
        assert!(!is_of_go(&folder.path().join("other.o")) && !is_of_go(&of_go.join("absent.o")));
    }
}
