//! Questions that a configure script asks a compiler, and that must not be answered by the host's: [`Query`].

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;

use crate::command::{self, Command};
use crate::{Context, Error};
use sysroot::links::{Folder, LINKS};

/// A question with an answer of our own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Query {
    /// `-dumpmachine`
    Machine,
    /// `--version`
    Version,
    /// `-print-sysroot`
    Sysroot,
    /// `-print-search-dirs`
    SearchDirs,
    /// `-print-file-name=NAME`
    FileName(String),
    /// `-print-prog-name=NAME`
    ProgName(String),
    /// `-print-libgcc-file-name`
    LibgccFileName,
    /// `-print-multi-lib`
    MultiLib,
    /// `-print-multi-directory` and `-print-multi-os-directory`
    MultiDirectory,
    /// `-print-multiarch`
    MultiArch,
}

/// Options of gcc whose argument is the next word, which is therefore no question.
pub(crate) const WITH_ARGUMENT: &[&str] = &[
    "-A",
    "-B",
    "-D",
    "-F",
    "-G",
    "-I",
    "-L",
    "-MF",
    "-MQ",
    "-MT",
    "-T",
    "-Tbss",
    "-Tdata",
    "-Ttext",
    "-U",
    "-Xassembler",
    "-Xlinker",
    "-Xpreprocessor",
    "-aux-info",
    "-dumpbase",
    "-dumpbase-ext",
    "-dumpdir",
    "-e",
    "-h",
    "-idirafter",
    "-imacros",
    "-imultilib",
    "-include",
    "-iprefix",
    "-iquote",
    "-isysroot",
    "-isystem",
    "-iwithprefix",
    "-iwithprefixbefore",
    "-l",
    "-o",
    "-specs",
    "-u",
    "-wrapper",
    "-x",
    "-z",
    "--entry",
    "--include",
    "--output",
    "--param",
    "--sysroot",
];

/// Files that belong to the host's compiler and not to its operating system.
const COMPILER_FILES: &[&str] = &["include", "plugin", "liblto_plugin.so"];

impl Query {
    /// The first question among the arguments (without `@FILE`s). Like gcc, one question and nothing else.
    pub fn of(arguments: &[OsString]) -> Option<Self> {
        let mut rest = arguments.iter().map(|argument| argument.to_string_lossy());
        while let Some(argument) = rest.next() {
            if WITH_ARGUMENT.contains(&&*argument) {
                rest.next();
            } else if let Some(query) = Self::from_argument(&argument) {
                return Some(query);
            }
        }
        None
    }

    fn from_argument(argument: &str) -> Option<Self> {
        if argument == "--version" {
            return Some(Self::Version);
        }
        let name = argument.strip_prefix("--").or_else(|| argument.strip_prefix('-'))?;
        Some(match name {
            "dumpmachine" => Self::Machine,
            "print-sysroot" => Self::Sysroot,
            "print-search-dirs" => Self::SearchDirs,
            "print-libgcc-file-name" => Self::LibgccFileName,
            "print-multi-lib" => Self::MultiLib,
            "print-multi-directory" | "print-multi-os-directory" => Self::MultiDirectory,
            "print-multiarch" => Self::MultiArch,
            _ => match name.split_once('=')? {
                ("print-file-name", file) => Self::FileName(file.to_owned()),
                ("print-prog-name", program) => Self::ProgName(program.to_owned()),
                _ => return None,
            },
        })
    }

    /// Prints the answer. `host` is the command with the user's arguments, for what only the host knows.
    pub fn answer(&self, context: &Context, host: Command) -> Result<u8, Error> {
        let prefix = &context.prefix;
        let line = match self {
            Self::Machine => sysroot::TARGET.to_owned(),
            Self::Version => return version(host),
            Self::Sysroot => prefix.target().display().to_string(),
            Self::SearchDirs => search_dirs(context),
            Self::LibgccFileName => prefix.gcc_lib().join("libgcc.a").display().to_string(),
            Self::MultiLib => ".;".to_owned(),
            Self::MultiDirectory => ".".to_owned(),
            Self::MultiArch => String::new(),
            Self::FileName(name) => match file_named(context, name) {
                Some(path) => path.display().to_string(),
                None if COMPILER_FILES.contains(&name.as_str()) => return host.exec(),
                None => name.clone(),
            },
            Self::ProgName(name) => match program_named(context, name) {
                Some(path) => path.display().to_string(),
                None => return host.exec(),
            },
        };
        Ok(print(format!("{line}\n").as_bytes()))
    }
}

/// The host's version, its first line kept, with ours as second line.
fn version(mut host: Command) -> Result<u8, Error> {
    // So that the first line is the host's as well: gcc begins it with its own name.
    host.argv0 = None;
    let (text, status) = host.capture()?;
    let mut lines = text.splitn(2, |&byte| byte == b'\n');
    let mut answer = lines.next().unwrap_or_default().to_vec();
    answer.extend(format!("\nhermit-toolchain {}\n", env!("CARGO_PKG_VERSION")).as_bytes());
    answer.extend(lines.next().unwrap_or_default());
    let printed = print(&answer);
    Ok(if status.success() { printed } else { command::pass_on(status) })
}

fn search_dirs(context: &Context) -> String {
    let prefix = &context.prefix;
    format!(
        "install: {gcc_lib}/\nprograms: ={tools}/:{bin}/\nlibraries: ={lib}/:{gcc_lib}/",
        gcc_lib = prefix.gcc_lib().display(),
        tools = prefix.compiler_tools().display(),
        bin = prefix.bin().display(),
        lib = prefix.lib().display(),
    )
}

fn file_named(context: &Context, name: &str) -> Option<PathBuf> {
    let folders = [context.prefix.lib(), context.prefix.gcc_lib()];
    folders.iter().map(|folder| folder.join(name)).find(|path| path.exists())
}

/// Our tool of that name: the one that gcc itself uses, else the one for users.
fn program_named(context: &Context, name: &str) -> Option<PathBuf> {
    let of_folder = |folder| LINKS.iter().find(|link| link.folder == folder && link.name == name);
    let link = of_folder(Folder::CompilerTools).or_else(|| of_folder(Folder::Bin))?;
    Some(link.path(&context.prefix))
}

fn print(text: &[u8]) -> u8 {
    u8::from(std::io::stdout().write_all(text).is_err())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(line: &str) -> Option<Query> {
        Query::of(&line.split_whitespace().map(OsString::from).collect::<Vec<_>>())
    }

    #[test]
    fn questions_are_found_among_other_options() {
        assert_eq!(query("-O2 -dumpmachine"), Some(Query::Machine));
        assert_eq!(query("--print-file-name=libc.a"), Some(Query::FileName("libc.a".into())));
        assert_eq!(query("-march=native --version"), Some(Query::Version));
    }

    #[test]
    fn arguments_of_options_are_no_questions() {
        for line in
            ["-Xlinker --version x.c", "-Wl,--version x.c", "-o -dumpmachine x.c", "-dumpversion", "-v x.c"]
        {
            assert_eq!(query(line), None, "{line}");
        }
    }
}
