//! `go-tool`: what Go runs its own tools by (`-toolexec`), for the sake of its assembler: [`run`].
//!
//! Packages of others make system calls in assembly, too (`golang.org/x/sys/unix`). The assembler gets copies of such files with calls in
//! place of the instruction; to Go it has another version then, so that objects made without are not taken from its cache. So has Go's linker,
//! which says that a program is up to date: it is not, once HermitCore is another.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Write;
use std::path::Path;

use super::GoError;
use super::overlay::{CALL, has_instruction};
use crate::command::{self, Command};
use crate::{Context, Error};

/// What Go asks each tool for.
const VERSION: &str = "-V=full";

/// Becomes the tool, or runs it with other files. `arguments`: the tool's path, and what it is told.
pub fn run(context: &Context, arguments: &[OsString]) -> Result<u8, Error> {
    let Some((tool, words)) = arguments.split_first() else { return Err(GoError::NoTool.into()) };
    if tool == "--version" {
        return super::run(context, arguments);
    }
    let tool = Path::new(tool);
    let is = |name: &str| tool.file_name() == Some(OsStr::new(name));
    match (words == [VERSION], is("asm"), is("link")) {
        (true, true, _) => return version(tool, "hermit"),
        (true, _, true) => return version(tool, &libraries(context)),
        (false, true, _) => {}
        _ => return Command::new(tool.to_owned(), words).exec(),
    }
    let scratch = tempfile::tempdir().map_err(Error::TemporaryFolder)?;
    let mut changed = words.to_vec();
    for (index, word) in changed.iter_mut().enumerate() {
        let place = Path::new(&*word);
        if place.extension() != Some(OsStr::new("s")) {
            continue;
        }
        let Some(text) = fs::read_to_string(place).ok().and_then(|text| with_calls(place, &text)) else {
            continue;
        };
        let copy = scratch.path().join(format!("{index}.s"));
        fs::write(&copy, text).map_err(|source| GoError::Write { place: copy.clone(), source })?;
        *word = copy.into();
    }
    Ok(command::pass_on(Command::new(tool.to_owned(), &changed).run()?))
}

/// A tool's version, and what makes it ours.
fn version(tool: &Path, ours: &str) -> Result<u8, Error> {
    let (answer, status) = Command::new(tool.to_owned(), &[VERSION.into()]).capture()?;
    let answer = String::from_utf8_lossy(&answer);
    let is_told = writeln!(std::io::stdout(), "{} {ours}", answer.trim_end()).is_ok();
    Ok(if is_told { command::pass_on(status) } else { 1 })
}

/// What changes when one of the libraries does that every image has.
fn libraries(context: &Context) -> String {
    let mut hasher = DefaultHasher::new();
    for name in ["crt0.o", "libc.a", "libgohermit.a", "libhermit.a", "liblinux.a"] {
        if let Ok(metadata) = fs::metadata(context.prefix.lib().join(name)) {
            (metadata.len(), metadata.modified().ok()).hash(&mut hasher);
        }
    }
    format!("hermit-{:016x}", hasher.finish())
}

/// A file's text with calls in place of the instruction. None: it has none.
fn with_calls(place: &Path, text: &str) -> Option<String> {
    if !text.lines().any(has_instruction) {
        return None;
    }
    // What is said of lines is said of the original.
    let mut changed = format!("#line 1 \"{}\"\n", place.display());
    for line in text.lines() {
        if has_instruction(line) {
            let (code, comment) = line.split_once("//").unwrap_or((line, ""));
            let separator = if comment.is_empty() { "" } else { "//" };
            changed.push_str(&format!("{}{separator}{comment}", code.replace("SYSCALL", CALL)));
        } else {
            changed.push_str(line);
        }
        changed.push('\n');
    }
    Some(changed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instructions_become_calls() {
        let text = "#include \"x.h\"\n\tMOVQ\ta, AX\t// syscall entry\n\tSYSCALL // SYSCALL\n\tNOP; SYSCALL\n\tRET\n";
        let changed = "#line 1 \"/d/a.s\"\n#include \"x.h\"\n\tMOVQ\ta, AX\t// syscall entry\n\tCALL\thermit_go_syscall(SB) // SYSCALL\n\t\
            NOP; CALL\thermit_go_syscall(SB)\n\tRET\n";
        assert_eq!(with_calls(Path::new("/d/a.s"), text).as_deref(), Some(changed));
    }

    #[test]
    fn other_files_stay() {
        let text = "TEXT x(SB)\n\tJMP\tsyscall·Syscall(SB)\n\tMOVQ $SYS_SYSCALL, AX\n\t// SYSCALL\n";
        assert_eq!(with_calls(Path::new("a.s"), text), None);
    }
}
