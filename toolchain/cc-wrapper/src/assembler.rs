//! `as`: the host's, and its output is marked, also where it wrote OSABI GNU for an IFUNC or UNIQUE symbol.

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

use crate::{Context, Error, command::Command, marked, response};

/// Options with which `as` prints something and makes no object.
const QUESTIONS: &[&str] = &["--version", "-version", "--help", "--target-help", "--dump-config"];

/// Assembles, and marks the object.
pub fn run(context: &Context, arguments: &[OsString]) -> Result<u8, Error> {
    let command = Command::new(context.host.binutils("as")?, arguments);
    let Some(output) = output(&response::expand(arguments)) else {
        return command.exec();
    };
    marked::run(command, &output)
}

/// The object that `as` will write; none if it only answers a question.
fn output(arguments: &[OsString]) -> Option<PathBuf> {
    if arguments.iter().any(|argument| QUESTIONS.iter().any(|question| argument == question)) {
        return None;
    }
    let mut output = PathBuf::from("a.out");
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_bytes().strip_prefix(b"-o") {
            Some(b"") => output = rest.next()?.into(),
            Some(name) => output = std::ffi::OsStr::from_bytes(name).into(),
            None => {}
        }
    }
    Some(output)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn output_of(line: &str) -> Option<PathBuf> {
        output(&line.split_whitespace().map(OsString::from).collect::<Vec<_>>())
    }

    #[test]
    fn the_last_output_counts() {
        assert_eq!(output_of("--64 x.s"), Some("a.out".into()));
        assert_eq!(output_of("-o x.o --64 x.s"), Some("x.o".into()));
        assert_eq!(output_of("-ox.o -o y.o"), Some("y.o".into()));
        assert_eq!(output_of("-o y.o -ox.o"), Some("x.o".into()));
        assert_eq!(output_of("--version -o x.o"), None);
        assert_eq!(output_of("x.s -o"), None);
    }
}
