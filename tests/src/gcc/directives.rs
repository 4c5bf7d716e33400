//! What a test of gcc's says about itself in DejaGnu's directives, `/* { dg-options "-O3" { target lp64 } } */`.
//!
//! Key type: [`Directives`]. Read are those that decide whether a test is run, how it is compiled and when it passes.
//! What a test expects of the compiler's messages (`dg-warning`) and dumps (`dg-final`) is the host compiler's affair, and
//! what it requires of its target (`dg-require-fork`) shows when the host runs it.

use super::selector::{Facts, Selector, holds};
use super::suites::Language;
use super::tcl::{self, Word, words};

/// The C++ standard that gcc 12 has by itself.
const STANDARD: u32 = 17;

/// What a suite does with a test that does not say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsaid {
    /// Compile it and run it.
    Run,
    /// Look at the compiler's messages only: no test for us.
    Compile,
}

/// Everything that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Directives {
    /// Whether it is to be run on a target like ours, and to succeed there.
    pub is_run: bool,
    /// For the compiler, in order.
    pub flags: Vec<String>,
    /// Names of sources that belong to the program, those with modules first.
    pub modules: Vec<String>,
    /// Other sources.
    pub sources: Vec<String>,
    /// Variables of its environment.
    pub env: Vec<(String, String)>,
    /// The program must end with another status than 0.
    pub fails: bool,
    /// A regular expression that must be found in what it prints.
    pub output: Option<String>,
}

impl Directives {
    /// Reads `source`, which is compiled with `level`'s flags and `defaults`; its own `dg-options` replace the latter.
    pub fn read(source: &str, language: Language, level: &[&str], defaults: &[&str], unsaid: Unsaid) -> Self {
        let all: Vec<_> = source.lines().filter_map(directive).collect();
        let mut facts = Facts { language, standard: STANDARD, optimises: false };
        let mut flags = flags(&all, level, defaults, facts);
        facts = Facts { language, standard: standard(&flags), optimises: optimises(&flags) };
        // What GCC writes beside the program nobody reads.
        flags.retain(|flag| !flag.starts_with("-fdump-") && flag != "-save-temps");
        let mut read = Self { is_run: unsaid == Unsaid::Run, flags, ..Self::default() };
        all.iter().for_each(|words| read.take(words, facts));
        read
    }

    fn take(&mut self, words: &[Word], facts: Facts) {
        let Some((name, arguments)) = words.split_first() else { return };
        let text = |index: usize| arguments.get(index).map_or("", Word::text);
        let names = || text(0).split_whitespace().map(str::to_owned);
        match name.text() {
            "dg-do" => {
                let selector = Selector::of(arguments.get(1), facts);
                self.is_run = text(0) == "run" && selector.target && !selector.xfail;
            }
            "dg-require-effective-target" => {
                self.is_run &= holds(&arguments[..arguments.len().min(1)], facts)
            }
            "dg-xfail-if" | "dg-xfail-run-if" | "dg-skip-if" => {
                // With further words it is about single flags.
                self.is_run &= arguments.len() > 2 || !holds(arguments.get(1..).unwrap_or_default(), facts);
            }
            "dg-additional-sources" => self.sources.extend(names()),
            "dg-compile-aux-modules" => self.modules.extend(names()),
            "dg-shouldfail" => self.fails |= Selector::of(arguments.get(1), facts).target,
            "dg-set-target-env-var" if Selector::of(arguments.get(2), facts).target => {
                self.env.push((text(0).to_owned(), text(1).to_owned()));
            }
            "dg-output" => {
                let selector = Selector::of(arguments.get(1), facts);
                if selector.target && !selector.xfail {
                    self.output.get_or_insert_default().push_str(text(0));
                }
            }
            _ => {}
        }
    }
}

/// The words of the directive in a line.
fn directive(line: &str) -> Option<Vec<Word>> {
    let mut rest = line;
    while let Some(at) = rest.find('{') {
        let list = &rest[at..];
        let inside = list[1..].trim_start();
        if inside.len() < list.len() - 1 && inside.starts_with("dg-") {
            return words(tcl::braced(list)?.0);
        }
        rest = &list[1..];
    }
    None
}

fn flags(all: &[Vec<Word>], level: &[&str], defaults: &[&str], facts: Facts) -> Vec<String> {
    let mut own: Vec<String> = defaults.iter().map(ToString::to_string).collect();
    let mut more = Vec::new();
    for words in all {
        let [name, options, rest @ ..] = words.as_slice() else { continue };
        let split = || options.text().split_whitespace().map(str::to_owned);
        let is_for_us = Selector::of(rest.first(), facts).target;
        match (name.text(), options.text()) {
            ("dg-options", _) if is_for_us => own = split().collect(),
            ("dg-additional-options", _) if is_for_us => more.extend(split()),
            ("dg-add-options", "using-deprecated") => more.push("-Wno-deprecated".to_owned()),
            ("dg-add-options", "no_pch") => more.push(NO_PCH.to_owned()),
            _ => {}
        }
    }
    level.iter().map(ToString::to_string).chain(own).chain(more).collect()
}

/// libstdc++'s own way to keep precompiled headers out.
pub const NO_PCH: &str = "-D__GLIBCXX__=99999999";

/// The C++ standard that `flags` choose.
fn standard(flags: &[String]) -> u32 {
    let chosen = flags.iter().rev().find_map(|flag| flag.strip_prefix("-std=")?.split_once("++"));
    match chosen.map(|(_, name)| name) {
        Some("98" | "03") => 98,
        Some("0x" | "11") => 11,
        Some("1y" | "14") => 14,
        Some("1z" | "17") => 17,
        Some("2a" | "20") => 20,
        Some("2b" | "23") => 23,
        _ => STANDARD,
    }
}

fn optimises(flags: &[String]) -> bool {
    flags.iter().rev().find_map(|flag| flag.strip_prefix("-O")).is_some_and(|level| level != "0")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(source: &str) -> Directives {
        Directives::read(source, Language::Cxx, &["-O0"], &["-w"], Unsaid::Compile)
    }

    #[test]
    fn only_tests_that_run_here_are_run() {
        for line in ["/* { dg-do run } */", "! { dg-do  run { target i?86-*-* x86_64-*-* } }"] {
            assert!(read(line).is_run, "{line}");
        }
        for line in [
            "",
            "{ dg-do compile }",
            "{dg-do run }",
            "{ dg-do run { xfail *-*-* } }",
            "{ dg-do run \"xfail *-*-*\" }",
            "{ dg-do run { target c++20 } }",
            "{ dg-do run }\n{ dg-require-effective-target tbb_backend }",
            "{ dg-do run }\n{ dg-skip-if \"why\" { *-*-linux* } }",
            "{ dg-do run }\n{ dg-xfail-run-if \"why\" { *-*-* } }",
        ] {
            assert!(!read(line).is_run, "{line}");
        }
        assert!(read("{ dg-do run }\n{ dg-skip-if \"\" { *-*-* } { \"-O3\" } { \"\" } }").is_run);
        assert!(read("// { dg-options \"-std=gnu++2a\" }\n// { dg-do run { target c++20 } }").is_run);
        assert!(Directives::read("int main() {}", Language::C, &[], &[], Unsaid::Run).is_run);
    }

    #[test]
    fn options_replace_defaults_and_are_added() {
        let flags = |source: &str| read(source).flags.join(" ");
        assert_eq!(flags(""), "-O0 -w");
        assert_eq!(flags("! { dg-options \"-fwrapv -g\" }"), "-O0 -fwrapv -g");
        assert_eq!(flags("! { dg-options \"-m1\" { target powerpc-*-* } }"), "-O0 -w");
        assert_eq!(flags("! { dg-options \"-m1\" { target { ! powerpc-*-* } } }"), "-O0 -m1");
        assert_eq!(flags("{ dg-additional-options \"-g\" }\n{ dg-options \"-O1\" }"), "-O0 -O1 -g");
        assert_eq!(flags("{ dg-options \"-O1 -fdump-tree-original\" }"), "-O0 -O1");
    }

    #[test]
    fn output_is_put_together() {
        let both = read("{ dg-output \"a\\\\(\" }\n{ dg-output \"b\\n\" }\n{ dg-shouldfail \"why\" }");
        assert_eq!((both.output.as_deref(), both.fails), (Some("a\\(b\n"), true));
        assert_eq!(read("{ dg-additional-sources \"a.c b.c\" }").sources, ["a.c", "b.c"]);
        let env = read("{ dg-set-target-env-var OMP_PLACES \"{6,7},{0}\" }").env;
        assert_eq!(env, [("OMP_PLACES".to_owned(), "{6,7},{0}".to_owned())]);
        assert_eq!(read("{ dg-compile-aux-modules \"m.f90\" }").modules, ["m.f90"]);
    }
}
