//! [`Choices`]: which of the host's compilers the user chose, by variables and by files.
//!
//! A file has lines `NAME = PROGRAM`, NAME being a front end's (`gcc`, `clang++`, `gcc-12`); `#` begins a comment. Read
//! are the user's (`$HERMIT_COMPILERS`, else `$XDG_CONFIG_HOME/hermit/compilers.conf`, else
//! `~/.config/hermit/compilers.conf`) and then the tree's (`PREFIX/etc/compilers.conf`).

use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;

use sysroot::Prefix;

/// Names a file in place of the user's.
const FILE_VARIABLE: &str = "HERMIT_COMPILERS";

/// What somebody chose, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The variable, or the file and its line.
    pub origin: String,
    /// A path, or a name in `PATH`.
    pub program: OsString,
}

/// Where choices are looked for. The default has none.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    files: Vec<PathBuf>,
    variables: bool,
}

impl Choices {
    /// The choices of this process' environment, and of the files.
    pub fn of_environment(prefix: &Prefix) -> Self {
        let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let config = || set("XDG_CONFIG_HOME").or_else(|| Some(set("HOME")?.join(".config")));
        let of_user = set(FILE_VARIABLE).or_else(|| Some(config()?.join("hermit/compilers.conf")));
        Self { files: of_user.into_iter().chain([prefix.compilers_conf()]).collect(), variables: true }
    }

    /// The choice for a front end's name.
    pub fn of(&self, name: &str) -> Option<Choice> {
        let variable = variable(name);
        let by_variable = || {
            let program = std::env::var_os(&variable).filter(|value| self.variables && !value.is_empty())?;
            Some(Choice { origin: format!("{variable}="), program })
        };
        by_variable().or_else(|| self.files.iter().find_map(|file| in_file(file, name)))
    }
}

/// The variable that chooses the host's program for a front end: `HERMIT_HOST_GXX` for `g++`.
pub fn variable(name: &str) -> String {
    format!("HERMIT_HOST_{}", name.replace("++", "xx").replace('-', "_").to_ascii_uppercase())
}

fn in_file(file: &std::path::Path, name: &str) -> Option<Choice> {
    let text = std::fs::read_to_string(file).ok()?;
    let entries = text.lines().enumerate().filter_map(|(index, line)| {
        let (key, value) = line.split('#').next()?.split_once('=')?;
        Some((index + 1, key.trim(), value.trim()))
    });
    let (line, _, program) =
        entries.into_iter().filter(|(_, key, value)| *key == name && !value.is_empty()).last()?;
    Some(Choice { origin: format!("{}:{line}: {name} = ", file.display()), program: program.into() })
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.origin, self.program.to_string_lossy())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_have_names_that_a_shell_accepts() {
        assert_eq!(variable("clang++"), "HERMIT_HOST_CLANGXX");
        assert_eq!(variable("gcc-12"), "HERMIT_HOST_GCC_12");
    }

    #[test]
    fn the_last_line_of_a_file_counts() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("compilers.conf");
        std::fs::write(&file, "# mine\ngcc = /a/gcc # old\nclang=\ngcc = gcc-13 # new\nnonsense\n").unwrap();
        let choices = Choices { files: vec![folder.path().join("none"), file.clone()], variables: false };
        let choice = choices.of("gcc").unwrap();
        assert_eq!(choice.to_string(), format!("{}:4: gcc = gcc-13", file.display()));
        assert_eq!(choices.of("clang"), None);
    }
}
