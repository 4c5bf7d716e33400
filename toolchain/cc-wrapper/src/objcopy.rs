//! `objcopy`: the host's keeps the mark of what it copies; what it makes out of something that is no object
//! (`-I binary -O elf64-x86-64`) is marked here.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::{Context, Error, command::Command, marked, response};

/// Options whose argument may be the next word, apart from those that name the input's format.
const WITH_ARGUMENT: &[&str] = &[
    "-O",
    "--output-target",
    "-B",
    "--binary-architecture",
    "-j",
    "--only-section",
    "-R",
    "--remove-section",
    "--remove-relocations",
    "-K",
    "--keep-symbol",
    "--keep-symbols",
    "--keep-section",
    "-N",
    "--strip-symbol",
    "--strip-symbols",
    "--strip-unneeded-symbol",
    "--strip-unneeded-symbols",
    "-L",
    "--localize-symbol",
    "--localize-symbols",
    "-G",
    "--keep-global-symbol",
    "--keep-global-symbols",
    "--globalize-symbol",
    "--globalize-symbols",
    "-W",
    "--weaken-symbol",
    "--weaken-symbols",
    "-b",
    "--byte",
    "--gap-fill",
    "--pad-to",
    "--set-start",
    "--change-start",
    "--adjust-start",
    "--change-addresses",
    "--adjust-vma",
    "--change-section-address",
    "--adjust-section-vma",
    "--change-section-lma",
    "--change-section-vma",
    "--set-section-flags",
    "--set-section-alignment",
    "--add-section",
    "--update-section",
    "--dump-section",
    "--rename-section",
    "--redefine-sym",
    "--redefine-syms",
    "--srec-len",
    "--add-symbol",
    "--add-gnu-debuglink",
    "--prefix-symbols",
    "--prefix-sections",
    "--prefix-alloc-sections",
    "--file-alignment",
    "--heap",
    "--image-base",
    "--section-alignment",
    "--stack",
    "--subsystem",
    "--alt-machine-code",
    "--reverse-bytes",
    "--interleave-width",
    "--verilog-data-width",
];

/// Copies, and marks the output if the input was given as something other than ELF.
pub fn run(context: &Context, arguments: &[OsString]) -> Result<u8, Error> {
    let command = Command::new(context.host.binutils("objcopy")?, arguments);
    let Some(made) = made_object(&response::expand(arguments)) else {
        return command.exec();
    };
    marked::run(command, &made)
}

/// The output, if the input's format is named and is not ELF.
fn made_object(arguments: &[OsString]) -> Option<PathBuf> {
    let (mut from_elf, mut files) = (true, Vec::new());
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let text = argument.to_string_lossy();
        let (name, joined) = match text.split_once('=') {
            Some((name, value)) if name.starts_with("--") => (name, Some(value.to_owned())),
            _ if text.starts_with("-I") && text.len() > 2 => ("-I", Some(text[2..].to_owned())),
            _ if text.starts_with("-F") && text.len() > 2 => ("-F", Some(text[2..].to_owned())),
            _ => (&*text, None),
        };
        match name {
            "-I" | "--input-target" | "-F" | "--target" => {
                let format =
                    joined.or_else(|| rest.next().map(|next| next.to_string_lossy().into_owned()))?;
                from_elf = format.starts_with("elf");
            }
            _ if WITH_ARGUMENT.contains(&name) => {
                if joined.is_none() {
                    rest.next();
                }
            }
            _ if name.starts_with('-') => {}
            _ => files.push(argument),
        }
    }
    if from_elf { None } else { files.last().map(PathBuf::from) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(line: &str) -> Option<PathBuf> {
        made_object(&line.split_whitespace().map(OsString::from).collect::<Vec<_>>())
    }

    #[test]
    fn only_what_was_no_object_is_marked() {
        assert_eq!(made("-I binary -O elf64-x86-64 -B i386 blob blob.o"), Some("blob.o".into()));
        assert_eq!(made("--input-target=ihex -Oelf64-x86-64 blob blob.o"), Some("blob.o".into()));
        assert_eq!(made("-Ibinary blob.o -R .text"), Some("blob.o".into()));
        assert_eq!(made("-I elf64-x86-64 a.o b.o"), None);
        assert_eq!(made("--only-keep-debug a a.debug"), None);
    }
}
