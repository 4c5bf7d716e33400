//! Flags of `go build` and its kin: [`Verb::emit`] adds ours, [`check`] refuses those that ask for what an image is not.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::GoError;

/// Our flags for Go's linker.
const LINKER_FLAGS: &str = "-linkmode=external";

/// Flags that mean something an isle has not, and what.
const REFUSED: &[(&str, &str)] = &[
    ("race", "the race detector is a library for Linux alone"),
    ("msan", "the memory sanitizer is a library for Linux alone"),
    ("asan", "the address sanitizer is a library for Linux alone"),
    ("linkshared", "an image is one static program"),
    ("toolexec", "HermitCore has a command of its own there, and Go takes one"),
    ("overlay", "HermitCore has an overlay of its own, and Go takes one"),
];

/// Build modes that make a program.
const BUILD_MODES: &[&str] = &["exe", "default"];

/// What our flags name.
#[derive(Clone, Debug)]
pub struct Ours {
    /// The list of files of Go's library that are replaced.
    pub overlay: PathBuf,
    /// By what Go runs its tools.
    pub tool: PathBuf,
    /// What runs images.
    pub proxy: PathBuf,
}

/// The verbs of `go` that make programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// `build`, `install`: programs are made.
    Make(&'static str),
    /// `run`, `test`: and then they run.
    Run(&'static str),
}

impl Verb {
    /// The verb of a command line. None: one that makes no programs.
    pub fn of(arguments: &[OsString]) -> Option<Self> {
        let verbs = [Self::Make("build"), Self::Make("install"), Self::Run("run"), Self::Run("test")];
        let first = arguments.first()?;
        verbs.into_iter().find(|verb| first == verb.name())
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Make(name) | Self::Run(name) => name,
        }
    }

    /// The whole command line. `rest`: what the user wrote behind the verb.
    pub fn emit(self, rest: &[OsString], ours: &Ours) -> Vec<OsString> {
        let mut arguments: Vec<OsString> = vec![self.name().into()];
        // Go wants it before all others.
        let folder = rest.first().map_or(0, |first| match &*first.to_string_lossy() {
            "-C" | "--C" => 2,
            word if word.starts_with("-C=") || word.starts_with("--C=") => 1,
            _ => 0,
        });
        let (folder, rest) = rest.split_at(folder.min(rest.len()));
        arguments.extend_from_slice(folder);
        arguments.push(flag("overlay", &ours.overlay));
        arguments.push(flag("toolexec", &ours.tool));
        // For all packages: when go looks whether a program needs runtime/cgo, it does not know yet which the user has named.
        arguments.push(format!("-ldflags=all={LINKER_FLAGS}").into());
        if let Self::Run(_) = self {
            arguments.push(flag("exec", &ours.proxy));
        }
        arguments.extend(with_linker_flags(rest));
        arguments
    }
}

fn flag(name: &str, path: &Path) -> OsString {
    let mut flag = OsString::from(format!("-{name}="));
    flag.push(path);
    flag
}

/// The name and the value of a flag; a value may be the next word.
fn parts(word: &str) -> Option<(&str, Option<&str>)> {
    let name = word.strip_prefix("--").or_else(|| word.strip_prefix('-'))?;
    Some(name.split_once('=').map_or((name, None), |(name, value)| (name, Some(value))))
}

/// Refuses what cannot be. `rest`: what the user wrote behind the verb.
pub fn check(rest: &[OsString]) -> Result<(), GoError> {
    let mut words = rest.iter().map(|word| word.to_string_lossy());
    while let Some(word) = words.next() {
        // What follows is for the program itself.
        let Some((name, value)) = parts(&word).filter(|_| word != "-args" && word != "--args") else { break };
        let refused = REFUSED.iter().find(|(refused, _)| *refused == name && value != Some("false"));
        if let Some((_, reason)) = refused {
            return Err(GoError::Flag { flag: word.into_owned(), reason });
        }
        let next = if value.is_none() && takes_word(name) { words.next() } else { None };
        let value = value.or(next.as_deref());
        if name == "buildmode" && value.is_some_and(|mode| !BUILD_MODES.contains(&mode)) {
            let flag = format!("-buildmode={}", value.unwrap_or_default());
            return Err(GoError::Flag { flag, reason: "an image is one static program" });
        }
    }
    Ok(())
}

/// Whether a flag's value may be the next word: those of `go build` that are no switches.
fn takes_word(name: &str) -> bool {
    const WITH_WORD: &[&str] = &[
        "C",
        "asmflags",
        "bench",
        "benchtime",
        "blockprofile",
        "buildmode",
        "compiler",
        "count",
        "covermode",
        "coverpkg",
        "coverprofile",
        "cpu",
        "cpuprofile",
        "exec",
        "fuzz",
        "gccgoflags",
        "gcflags",
        "installsuffix",
        "ldflags",
        "list",
        "memprofile",
        "mod",
        "modfile",
        "mutexprofile",
        "o",
        "outputdir",
        "p",
        "parallel",
        "pgo",
        "pkgdir",
        "run",
        "skip",
        "shuffle",
        "tags",
        "timeout",
        "toolexec",
        "trace",
        "vet",
    ];
    WITH_WORD.contains(&name)
}

/// The user's flags for Go's linker with ours before them: Go takes the last list that it is given.
fn with_linker_flags(rest: &[OsString]) -> Vec<OsString> {
    let mut is_value = false;
    let words = rest.iter().map(|word| {
        let text = word.to_string_lossy();
        let was_value = std::mem::take(&mut is_value);
        if was_value {
            return extended(&text).into();
        }
        match parts(&text) {
            Some(("ldflags", Some(value))) => format!("-ldflags={}", extended(value)).into(),
            Some(("ldflags", None)) => {
                is_value = true;
                word.clone()
            }
            _ => word.clone(),
        }
    });
    words.collect()
}

/// A value of `-ldflags`: flags, or `PATTERN=FLAGS`.
fn extended(value: &str) -> String {
    let is_plain = value.is_empty() || value.starts_with(['-', ' ', '\'', '"']);
    match value.split_once('=').filter(|_| !is_plain) {
        Some((pattern, flags)) => format!("{pattern}={LINKER_FLAGS} {flags}"),
        None => format!("{LINKER_FLAGS} {value}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(line: &str) -> Vec<OsString> {
        line.split_whitespace().map(OsString::from).collect()
    }

    fn emitted(line: &str) -> String {
        let arguments = split(line);
        let ours = Ours { overlay: "/o".into(), tool: "/t".into(), proxy: "/p".into() };
        let words = Verb::of(&arguments).unwrap().emit(&arguments[1..], &ours);
        words.join(" ".as_ref()).into_string().unwrap()
    }

    #[test]
    fn ours_stand_between_verb_and_the_users() {
        assert_eq!(
            emitted("build -o x ."),
            "build -overlay=/o -toolexec=/t -ldflags=all=-linkmode=external -o x ."
        );
        assert_eq!(
            emitted("run . -v"),
            "run -overlay=/o -toolexec=/t -ldflags=all=-linkmode=external -exec=/p . -v"
        );
        assert_eq!(
            emitted("build -C sub ."),
            "build -C sub -overlay=/o -toolexec=/t -ldflags=all=-linkmode=external ."
        );
        assert_eq!(Verb::of(&split("env GOROOT")), None);
    }

    #[test]
    fn the_users_linker_flags_keep_ours() {
        assert_eq!(
            with_linker_flags(&split("-ldflags=-s .")),
            split("-ldflags=-linkmode=external#-s .").iter().map(spaced).collect::<Vec<_>>()
        );
        assert_eq!(extended("-s -w"), "-linkmode=external -s -w");
        assert_eq!(extended("all=-s"), "all=-linkmode=external -s");
        assert_eq!(extended(""), "-linkmode=external ");
        let two: Vec<OsString> = vec!["-ldflags".into(), "-X main.a=b".into()];
        assert_eq!(with_linker_flags(&two), ["-ldflags", "-linkmode=external -X main.a=b"]);
    }

    fn spaced(word: &OsString) -> OsString {
        word.to_string_lossy().replace('#', " ").into()
    }

    #[test]
    fn what_an_image_is_not_is_refused() {
        for line in
            ["-race .", "-v -buildmode=pie", "-o x -buildmode c-shared .", "--asan=true", "-overlay=x.json"]
        {
            assert!(matches!(check(&split(line)), Err(GoError::Flag { .. })), "{line}");
        }
        for line in ["-buildmode=exe .", "-race=false .", ". -race", "-run -race .", "-args -race"] {
            assert!(check(&split(line)).is_ok(), "{line}");
        }
    }
}
