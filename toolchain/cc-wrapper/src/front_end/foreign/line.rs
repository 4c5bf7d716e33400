//! [`CompileLine`]: what a compiler's command line means, as far as we must know it: inputs, outputs, and which words
//! are for the linker.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

/// How far the compiler shall go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// To text: preprocessed, dependencies, assembly, messages, or nothing at all.
    Text,
    /// To objects (`-c`).
    Object,
    /// To an image.
    Image,
}

/// One thing on the command line, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Word {
    /// A file to compile, and the language that `-x` gave it.
    Source(PathBuf, Option<OsString>),
    /// A file for the linker.
    Object(PathBuf),
    /// For the compiler alone.
    Compiler(Vec<OsString>),
    /// For the linker alone.
    Linker(Vec<OsString>),
    /// For both, with what gcc calls it.
    Both(OsString, &'static str),
}

/// A compiler's command line, understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompileLine {
    /// Everything but the output's name and `-x`.
    pub words: Vec<Word>,
    /// `-o`.
    pub output: Option<PathBuf>,
    /// How far to go.
    pub stage: Stage,
}

/// Options that end before there is an object.
const TEXT_OPTIONS: &[&str] =
    &["-E", "-S", "-M", "-MM", "-fsyntax-only", "-syntax-only", "--analyze", "--precompile", "-P", "-EP"];

/// Options for the linker that are one word, beside `-Wl,...`, `-l...`, `-L...` and `-static-...`.
const LINKER_FLAGS: &[&str] = &[
    "-no-pie",
    "-nodefaultlibs",
    "-nolibc",
    "-nostartfiles",
    "-nostdlib",
    "-pie",
    "-r",
    "-rdynamic",
    "-s",
    "-shared",
    "-static",
    "-static-libgcc",
    "-static-libstdc++",
    "-static-pie",
];

/// Options for the linker whose argument is the next word.
const LINKER_OPTIONS: &[&str] = &["-L", "-T", "-Xlinker", "-e", "-l", "-u", "-z"];

/// Options of compiler and linker, and gcc's names for them.
const BOTH: &[(&str, &str)] = &[
    ("-###", "-###"),
    ("--coverage", "--coverage"),
    ("-Ofast", "-Ofast"),
    ("-coverage", "--coverage"),
    ("-fast", "-Ofast"),
    ("-ffast-math", "-ffast-math"),
    ("-fiopenmp", "-fopenmp"),
    ("-fopenmp", "-fopenmp"),
    ("-openmp", "-fopenmp"),
    ("-pthread", "-pthread"),
    ("-qopenmp", "-fopenmp"),
    ("-v", "-v"),
];

/// What files are called that a compiler takes.
const SOURCE_EXTENSIONS: &[&str] = &[
    "c", "i", "ii", "cc", "cp", "cxx", "cpp", "CPP", "c++", "C", "m", "mm", "h", "hpp", "s", "S", "sx",
    "asm", "ll", "f", "for", "ftn", "f77", "f90", "f95", "f03", "f08", "f18", "F", "FOR", "fpp", "FPP",
    "F77", "F90", "F95", "F03", "F08", "F18", "i90",
];

/// Those of them that are C++, if `-x` does not say otherwise.
const CXX_EXTENSIONS: &[&str] = &["ii", "cc", "cp", "cxx", "cpp", "CPP", "c++", "C", "mm", "hpp"];

/// Options of clang for its own link that say what is so anyway.
const IDLE: &[&str] = &["-rtlib=", "--rtlib=", "-unwindlib=", "--unwindlib="];

/// Options of clang and of Intel's compilers whose argument is the next word, beside gcc's.
const FOREIGN_WITH_ARGUMENT: &[&str] = &[
    "-Xarch_host",
    "-Xclang",
    "-Xflang",
    "-arch",
    "-ccc-gcc-name",
    "-cxx-isystem",
    "-idirafter",
    "-include-pch",
    "-isystem-after",
    "-ivfsoverlay",
    "-mllvm",
    "-module",
    "-module-dir",
    "-stdlib++-isystem",
    "-target",
    "-J",
];

impl CompileLine {
    /// Understands the arguments (without `@FILE`s).
    pub fn parse(arguments: &[OsString]) -> Self {
        let mut line = Self { words: Vec::new(), output: None, stage: Stage::Image };
        let mut language = None;
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            let text = argument.to_string_lossy();
            if TEXT_OPTIONS.contains(&&*text) {
                line.stage = Stage::Text;
            } else if text == "-c" && line.stage == Stage::Image {
                line.stage = Stage::Object;
            }
            match &*text {
                "-c" => {}
                "-o" | "--output" => line.output = rest.next().map(PathBuf::from),
                "-x" => language = rest.next().filter(|name| *name != "none").cloned(),
                word if word.starts_with("-o") && is_joined_output(word) => {
                    line.output = Some(PathBuf::from(&word[2..]));
                }
                word if word.len() > 2 && word.starts_with("-x") && !is_intel_target(word) => {
                    language = Some(OsString::from(&word[2..])).filter(|name| name != "none");
                }
                word => line.words.push(classify(word, argument, &mut rest, language.as_ref())),
            }
        }
        let idle = |word: &Word| matches!(word, Word::Compiler(_) | Word::Both(..));
        if line.words.iter().all(idle) {
            // A question (-v, -print-targets), or nothing to do: the compiler has the answer.
            line.stage = Stage::Text;
        }
        line
    }

    /// Sources, in order.
    pub fn sources(&self) -> impl Iterator<Item = &Path> {
        self.words.iter().filter_map(|word| match word {
            Word::Source(path, _) => Some(path.as_path()),
            _ => None,
        })
    }

    /// Whether C++ is among the sources.
    pub fn has_cxx_source(&self) -> bool {
        self.words.iter().any(|word| match word {
            Word::Source(_, Some(language)) => language.to_string_lossy().contains("c++"),
            Word::Source(path, None) => {
                let extension = path.extension().unwrap_or_default().to_string_lossy().into_owned();
                CXX_EXTENSIONS.contains(&&*extension)
            }
            _ => false,
        })
    }

    /// The objects that `-c` writes.
    pub fn objects(&self) -> Vec<PathBuf> {
        match &self.output {
            Some(output) => vec![output.clone()],
            None => self.sources().map(|source| PathBuf::from(stem(source)).with_extension("o")).collect(),
        }
    }
}

/// A source's name without folder and extension.
pub fn stem(source: &Path) -> OsString {
    if source == Path::new("-") { "stdin".into() } else { source.file_stem().unwrap_or_default().into() }
}

/// `-oNAME`, and none of the options that begin so (`-openmp`, `-object-file-name`).
fn is_joined_output(word: &str) -> bool {
    word.len() > 2 && !word.starts_with("-openmp") && !word.starts_with("-object")
}

/// Intel's `-xHost`, `-xCORE-AVX2`: a processor, where `-x` of others names a language, in small letters.
fn is_intel_target(word: &str) -> bool {
    word[2..].starts_with(|first: char| first.is_ascii_uppercase())
}

fn classify<'a>(
    text: &str,
    argument: &OsStr,
    rest: &mut impl Iterator<Item = &'a OsString>,
    language: Option<&OsString>,
) -> Word {
    if text == "-" || !text.starts_with('-') {
        let path = PathBuf::from(argument);
        let extension = path.extension().unwrap_or_default().to_string_lossy().into_owned();
        let is_source = text == "-" || language.is_some() || SOURCE_EXTENSIONS.contains(&&*extension);
        return if is_source { Word::Source(path, language.cloned()) } else { Word::Object(path) };
    }
    if let Some((_, gcc)) = BOTH.iter().find(|(name, _)| *name == text) {
        return Word::Both(argument.to_owned(), gcc);
    }
    if text.starts_with("-fopenmp=") {
        return Word::Both(argument.to_owned(), "-fopenmp");
    }
    let mut words = vec![argument.to_owned()];
    if IDLE.iter().any(|option| text.starts_with(option)) {
        return Word::Linker(Vec::new());
    }
    if LINKER_OPTIONS.contains(&text) {
        words.extend(rest.next().cloned());
        return Word::Linker(words);
    }
    let prefixes = ["-Wl,", "-l", "-L", "-fuse-ld=", "-T"];
    if LINKER_FLAGS.contains(&text) || prefixes.iter().any(|prefix| text.starts_with(prefix)) {
        return Word::Linker(words);
    }
    if crate::query::WITH_ARGUMENT.contains(&text) || FOREIGN_WITH_ARGUMENT.contains(&text) {
        words.extend(rest.next().cloned());
    }
    Word::Compiler(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> CompileLine {
        CompileLine::parse(&line.split_whitespace().map(OsString::from).collect::<Vec<_>>())
    }

    #[test]
    fn stages() {
        for (line, stage) in [
            ("-c x.c", Stage::Object),
            ("x.c -c -S", Stage::Text),
            ("x.c -S -c", Stage::Text),
            ("-E -", Stage::Text),
            ("-v", Stage::Text),
            ("-O2 -print-targets", Stage::Text),
            ("x.o", Stage::Image),
            ("-Wl,--version", Stage::Image),
            ("-O3 x.c -o x", Stage::Image),
        ] {
            assert_eq!(parse(line).stage, stage, "{line}");
        }
    }

    #[test]
    fn words_go_where_they_belong() {
        let line =
            parse("-O2 -Iinc a.c -x c++ b.h -x none c.o -lfoo -L dir -qopenmp -xHost -include d.h -oout");
        let words: Vec<String> = line.words.iter().map(|word| format!("{word:?}")).collect();
        assert_eq!(
            words,
            [
                r#"Compiler(["-O2"])"#,
                r#"Compiler(["-Iinc"])"#,
                r#"Source("a.c", None)"#,
                r#"Source("b.h", Some("c++"))"#,
                r#"Object("c.o")"#,
                r#"Linker(["-lfoo"])"#,
                r#"Linker(["-L", "dir"])"#,
                r#"Both("-qopenmp", "-fopenmp")"#,
                r#"Compiler(["-xHost"])"#,
                r#"Compiler(["-include", "d.h"])"#,
            ]
        );
        assert_eq!(line.output, Some("out".into()));
    }

    #[test]
    fn cxx_is_known_by_its_name_or_by_x() {
        for (line, cxx) in [
            ("a.c b.cpp", true),
            ("-x c++ a.c", true),
            ("-xc++-header -", true),
            ("a.c b.o", false),
            ("-x c a.cc", false),
        ] {
            assert_eq!(parse(line).has_cxx_source(), cxx, "{line}");
        }
    }

    #[test]
    fn objects_are_named_as_compilers_do() {
        assert_eq!(parse("-c d/a.c b.f90").objects(), [PathBuf::from("a.o"), PathBuf::from("b.o")]);
        assert_eq!(parse("-c d/a.c -o x/y").objects(), [PathBuf::from("x/y")]);
        assert_eq!(parse("-openmp -c a.c").output, None);
        assert_eq!(parse("-fopenmp=libomp").words, [Word::Both("-fopenmp=libomp".into(), "-fopenmp")]);
    }
}
