//! [`LinkLine`]: what a command line of GNU ld means, as far as we must know it.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

/// What comes out of the link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    /// A static image.
    Image,
    /// An object (`-r`).
    Object,
    /// A shared library, which we refuse.
    Shared,
}

/// A file that the linker is told to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// Named by its path.
    File(PathBuf),
    /// `-lNAME`: `libNAME.a` in the search folders.
    Library(OsString),
    /// `-l:NAME`: that name in the search folders.
    Exact(OsString),
}

/// A command line of `ld`, understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkLine {
    /// The arguments to hand on: all but those that ask for shared libraries or a position-independent image.
    pub arguments: Vec<OsString>,
    /// Object files and archives, in order. Files that are read as something else (`-b binary`, `-R`) are left out.
    pub inputs: Vec<Input>,
    /// `-L` folders, in order; they hold for every `-l`.
    pub search: Vec<PathBuf>,
    /// The file to be written.
    pub output: PathBuf,
    /// What is made.
    pub kind: LinkKind,
    question: bool,
}

/// Letters of options that have an argument, joined or as the next word.
const LETTERS_WITH_ARGUMENT: &[u8] = b"aAbcefFGhIlLmoPRTuyYz";

/// Long options that have an argument, after `=` or as the next word. Either one or two dashes may precede them.
const WORDS_WITH_ARGUMENT: &[&str] = &[
    "Map",
    "Tbss",
    "Tdata",
    "Tldata-segment",
    "Trodata-segment",
    "Ttext",
    "Ttext-segment",
    "architecture",
    "assert",
    "audit",
    "auxiliary",
    "dT",
    "default-script",
    "defsym",
    "depaudit",
    "dependency-file",
    "dynamic-linker",
    "dynamic-list",
    "entry",
    "error-handling-script",
    "export-dynamic-symbol",
    "export-dynamic-symbol-list",
    "filter",
    "fini",
    "format",
    "gpsize",
    "hash-size",
    "hash-style",
    "ignore-unresolved-symbol",
    "image-base",
    "init",
    "just-symbols",
    "library",
    "library-path",
    "max-cache-size",
    "mri-script",
    "oformat",
    "out-implib",
    "output",
    "plugin",
    "plugin-opt",
    "require-defined",
    "retain-symbols-file",
    "rpath",
    "rpath-link",
    "script",
    "section-start",
    "soname",
    "sort-section",
    "spare-dynamic-tags",
    "sysroot",
    "task-link",
    "trace-symbol",
    "undefined",
    "unresolved-symbols",
    "version-exports-section",
    "version-script",
    "wrap",
];

/// Options that ask for shared libraries as input, or for an image that is relocated at its start. A HermitCore image
/// is neither: they are dropped, so that build systems which add them by habit work.
const DROPPED: &[&str] = &[
    "-Bdynamic",
    "-dy",
    "-call_shared",
    "--Bdynamic",
    "--call_shared",
    "-pie",
    "--pie",
    "-pic-executable",
    "--pic-executable",
    "-no-dynamic-linker",
    "--no-dynamic-linker",
    "-export-dynamic",
    "--export-dynamic",
    "-E",
];

/// Options with which `ld` prints something; without inputs it then makes nothing.
const QUESTIONS: &[&str] = &["--version", "-v", "--help", "--target-help", "-V", "--print-sysroot"];

impl LinkLine {
    /// Understands the arguments (without `@FILE`s).
    pub fn parse(arguments: &[OsString]) -> Self {
        let mut line = Self {
            arguments: Vec::with_capacity(arguments.len()),
            inputs: Vec::new(),
            search: Vec::new(),
            output: "a.out".into(),
            kind: LinkKind::Image,
            question: false,
        };
        // Whether files are read as what they are, or as raw data.
        let mut own_format = true;
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            if DROPPED.iter().any(|dropped| argument == dropped) {
                continue;
            }
            line.arguments.push(argument.clone());
            match Word::of(argument) {
                Word::File if own_format => line.inputs.push(Input::File(argument.into())),
                Word::File => {}
                Word::Flag(name) => line.flag(name),
                Word::Option(name, joined) => {
                    let value = match joined {
                        Some(value) => value.to_owned(),
                        None => match rest.next() {
                            Some(next) => {
                                line.arguments.push(next.clone());
                                next.clone()
                            }
                            None => continue,
                        },
                    };
                    if matches!(name, "b" | "format") {
                        own_format = value == "default" || value.as_bytes().starts_with(b"elf");
                    }
                    line.option(name, value);
                }
            }
        }
        line
    }

    /// Whether a successful `ld` has written the output.
    pub fn makes_output(&self) -> bool {
        !self.question || !self.inputs.is_empty()
    }

    fn flag(&mut self, name: &str) {
        match name {
            "-r" | "-i" | "-Ur" | "--relocatable" | "-relocatable" => self.kind = LinkKind::Object,
            "-shared" | "--shared" | "-Bshareable" | "--Bshareable" => self.kind = LinkKind::Shared,
            _ => self.question |= QUESTIONS.contains(&name),
        }
    }

    fn option(&mut self, name: &str, value: OsString) {
        match name {
            "o" | "output" => self.output = value.into(),
            "L" | "library-path" => self.search.push(value.into()),
            "l" | "library" => self.inputs.push(match value.as_bytes().strip_prefix(b":") {
                Some(exact) => Input::Exact(OsStr::from_bytes(exact).to_owned()),
                None => Input::Library(value),
            }),
            _ => {}
        }
    }
}

/// One word of the command line.
enum Word<'a> {
    File,
    Flag(&'a str),
    Option(&'a str, Option<&'a OsStr>),
}

impl<'a> Word<'a> {
    fn of(argument: &'a OsStr) -> Self {
        let bytes = argument.as_bytes();
        if bytes.len() < 2 || bytes[0] != b'-' {
            return Self::File;
        }
        let dashes = if bytes.starts_with(b"--") { 2 } else { 1 };
        let end = bytes.iter().position(|&byte| byte == b'=').unwrap_or(bytes.len());
        let name = std::str::from_utf8(&bytes[dashes..end]).unwrap_or("");
        let joined = bytes.get(end + 1..).map(OsStr::from_bytes);
        // With a single dash, what begins with "o" is the output's name: GNU ld says so for --oformat and --omagic.
        let output = dashes == 1 && name.starts_with('o');
        if WORDS_WITH_ARGUMENT.contains(&name) && !output {
            return Self::Option(name, joined);
        }
        if dashes == 1 && LETTERS_WITH_ARGUMENT.contains(&bytes[1]) {
            let letter = std::str::from_utf8(&bytes[1..2]).unwrap_or("");
            return Self::Option(
                letter,
                bytes.get(2..).filter(|value| !value.is_empty()).map(OsStr::from_bytes),
            );
        }
        Self::Flag(std::str::from_utf8(bytes).unwrap_or(""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> LinkLine {
        LinkLine::parse(&line.split_whitespace().map(OsString::from).collect::<Vec<_>>())
    }

    #[test]
    fn inputs_are_told_from_arguments_of_options() {
        let line = parse(
            "-plugin p.so -plugin-opt=x --sysroot=/ -m elf_x86_64 -o out a.o -T my.ld -z now -L d1 -Ld2 -lfoo \
             -l bar -l:exact.a --library=baz --defsym x=1 -Map out.map -e start --wrap f -soname s b.a -u sym \
             --library-path d3 --library-path=d4",
        );
        let library = |name: &str| Input::Library(name.into());
        assert_eq!(
            line.inputs,
            [
                Input::File("a.o".into()),
                library("foo"),
                library("bar"),
                Input::Exact("exact.a".into()),
                library("baz"),
                Input::File("b.a".into()),
            ]
        );
        assert_eq!(line.search, ["d1", "d2", "d3", "d4"].map(PathBuf::from));
        assert_eq!(line.output, PathBuf::from("out"));
        assert_eq!(line.kind, LinkKind::Image);
    }

    #[test]
    fn raw_data_is_no_object() {
        let line = parse("-r -b binary blob --format=elf64-x86-64 a.o -b default b.o -R syms.o");
        assert_eq!(line.inputs, [Input::File("a.o".into()), Input::File("b.o".into())]);
        assert_eq!(line.kind, LinkKind::Object);
    }

    #[test]
    fn requests_for_shared_libraries_are_dropped() {
        let line = parse("-Bstatic -la -Bdynamic -lb -pie a.o -no-pie");
        assert_eq!(line.arguments, parse("-Bstatic -la -lb a.o -no-pie").arguments);
        for shared in ["-shared", "--shared", "-Bshareable"] {
            assert_eq!(parse(&format!("{shared} a.o")).kind, LinkKind::Shared, "{shared}");
        }
    }

    #[test]
    fn an_output_may_have_any_name() {
        assert_eq!(parse("-oformat a.o").output, PathBuf::from("format"));
        assert_eq!(parse("--oformat binary --output=x").output, PathBuf::from("x"));
    }

    #[test]
    fn a_question_makes_no_output() {
        for question in ["--version", "-v", "-V", "--help", "--target-help", "--print-sysroot"] {
            assert!(!parse(question).makes_output(), "{question}");
        }
        assert!(parse("-v a.o").makes_output());
        assert!(parse("-T script.ld").makes_output());
    }
}
