//! The command `x86_64-hermit-elfedit`: options as binutils' elfedit has them, as far as they concern the OSABI.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::{Osabi, UnknownOsabi, edit};

/// What the user asked for.
#[derive(Debug, PartialEq, Eq)]
enum Request {
    Help,
    Version,
    Edit { input: Option<Osabi>, output: Osabi, files: Vec<PathBuf> },
}

#[derive(Debug, thiserror::Error)]
enum UsageError {
    #[error("option '{0}' needs an argument")]
    NoArgument(String),
    #[error(
        "option '{0}' is not supported: this elfedit changes the OSABI only\nnote: for the rest use the host's elfedit"
    )]
    OtherField(String),
    #[error("unknown option '{0}'\nnote: --help lists the options")]
    Unknown(String),
    #[error(transparent)]
    Osabi(#[from] UnknownOsabi),
    #[error(
        "nothing to do: --output-osabi is missing\nnote: for instance --output-osabi {}",
        abi::elf::OSABI_NAME
    )]
    NoOutput,
    #[error("no files")]
    NoFiles,
}

/// Options of binutils' elfedit for other fields of the header.
const OTHER_FIELDS: &[&str] = &[
    "--input-mach",
    "--output-mach",
    "--input-type",
    "--output-type",
    "--input-abiversion",
    "--output-abiversion",
    "--enable-x86-feature",
    "--disable-x86-feature",
];

/// Runs the command as `program` with its arguments (without the program's name) and returns the exit status: 0, or 1
/// if at least one file was refused. Every other file is still edited, as binutils does it.
pub fn run(program: &str, arguments: &[OsString]) -> u8 {
    match parse(arguments) {
        Ok(Request::Help) => print!("{}", help(program)),
        Ok(Request::Version) => {
            println!("{program} (hermit-toolchain) {}", env!("CARGO_PKG_VERSION"));
        }
        Ok(Request::Edit { input, output, files }) => return edit_all(program, input, output, &files),
        Err(error) => {
            eprintln!("{program}: {error}");
            return 1;
        }
    }
    0
}

fn edit_all(program: &str, input: Option<Osabi>, output: Osabi, files: &[PathBuf]) -> u8 {
    let mut status = 0;
    for file in files {
        if let Err(error) = edit(file, input, output) {
            eprintln!("{program}: {error}");
            status = 1;
        }
    }
    status
}

fn parse(arguments: &[OsString]) -> Result<Request, UsageError> {
    let (mut input, mut output, mut files) = (None, None, Vec::new());
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let text = argument.to_string_lossy();
        let (name, value) = match text.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (&*text, None),
        };
        match name {
            "-h" | "--help" => return Ok(Request::Help),
            "-v" | "--version" => return Ok(Request::Version),
            "--" => files.extend(rest.by_ref().map(PathBuf::from)),
            "--input-osabi" | "--output-osabi" => {
                let value = value.or_else(|| rest.next().map(|next| next.to_string_lossy().into_owned()));
                let osabi = value.ok_or_else(|| UsageError::NoArgument(name.to_owned()))?.parse()?;
                if name == "--input-osabi" { input = Some(osabi) } else { output = Some(osabi) }
            }
            _ if OTHER_FIELDS.contains(&name) => return Err(UsageError::OtherField(name.to_owned())),
            _ if name.starts_with('-') && name.len() > 1 => return Err(UsageError::Unknown(name.to_owned())),
            _ => files.push(PathBuf::from(argument)),
        }
    }
    let output = output.ok_or(UsageError::NoOutput)?;
    if files.is_empty() {
        return Err(UsageError::NoFiles);
    }
    Ok(Request::Edit { input, output, files })
}

fn help(program: &str) -> String {
    let program = Path::new(program).display();
    format!(
        "Usage: {program} [--input-osabi OSABI] --output-osabi OSABI FILE...\n\
         Sets the OSABI of ELF files, and of every ELF member of archives, in place.\n\n  \
         --input-osabi OSABI   edit a file only if it has this OSABI, else refuse it\n  \
         --output-osabi OSABI  the OSABI to set\n  \
         -h, --help            print this text\n  \
         -v, --version         print the version\n  \
         @FILE                 read further arguments from FILE\n\n\
         OSABI is a number from 0 to 255 or one of {}\n",
        Osabi::known_names()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Request, String> {
        let arguments: Vec<OsString> = line.split_whitespace().map(OsString::from).collect();
        parse(&arguments).map_err(|error| error.to_string())
    }

    #[test]
    fn options_and_files_in_any_order() {
        let wanted = Request::Edit {
            input: Some(Osabi(3)),
            output: Osabi::HERMIT,
            files: vec!["a.o".into(), "-".into(), "--b.o".into(), "-h".into()],
        };
        assert_eq!(parsed("a.o --output-osabi=HermitCore --input-osabi Linux - -- --b.o -h"), Ok(wanted));
        assert_eq!(parsed("--version"), Ok(Request::Version));
        assert_eq!(parsed("-h x.o"), Ok(Request::Help));
    }

    #[test]
    fn the_help_names_the_program_its_options_and_every_name() {
        let help = help("bin/x86_64-hermit-elfedit");
        assert!(help.starts_with("Usage: bin/x86_64-hermit-elfedit [--input-osabi"), "{help}");
        for word in ["--output-osabi", "--help", "--version", "@FILE", "none|HPUX|", "|HermitCore|Standalone"]
        {
            assert!(help.contains(word), "{word} is missing in\n{help}");
        }
    }

    #[test]
    fn wrong_usage_says_what_to_do() {
        for (line, part) in [
            ("a.o", "--output-osabi is missing"),
            ("--output-osabi HermitCore", "no files"),
            ("a.o --output-osabi", "needs an argument"),
            ("--output-osabi Plan9 a.o", "unknown OSABI 'Plan9'"),
            ("--output-mach=i386 a.o", "changes the OSABI only"),
            ("--frobnicate a.o", "unknown option '--frobnicate'"),
        ] {
            let error = parsed(line).unwrap_err();
            assert!(error.contains(part), "{line}: {error}");
        }
    }
}
