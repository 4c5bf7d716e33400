//! What a test of LLVM's says to lit, its runner: `// RUN: %libomp-compile-and-run | FileCheck %s`, [`Lit`].
//!
//! Neighbours: [`super::script`] replaces what stands for something else in the commands.

use anyhow::{Result, bail};

/// What the host and its compiler are, in lit's words: tests are chosen as for the host, with whose runs ours are compared.
const FEATURES: &[&str] = &[
    "affinity",
    "clang",
    "clang-19",
    "clang-19.1",
    "clang-19.1.7",
    "hidden-helper",
    "linux",
    "multicpu",
    "ompt",
    "true",
    "x86-target-arch",
    "x86_64",
    "x86_64-target-arch",
];

/// One test's lines for lit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lit {
    /// Commands of a shell, each of which must succeed.
    pub runs: Vec<String>,
    /// Whether it is meant for a machine and a compiler like ours, and to pass there.
    pub is_for_us: bool,
}

impl Lit {
    /// Reads a source.
    ///
    /// # Errors
    /// An expression that is more than a list of names.
    pub fn read(source: &str) -> Result<Self> {
        let mut lit = Self { runs: Vec::new(), is_for_us: true };
        let mut goes_on = false;
        for line in source.lines() {
            if let Some((_, run)) = line.split_once("RUN:") {
                let run = run.trim();
                let (run, continues) = run.strip_suffix('\\').map_or((run, false), |run| (run.trim(), true));
                match lit.runs.last_mut().filter(|_| goes_on) {
                    Some(last) => *last = format!("{last} {run}"),
                    None => lit.runs.push(run.to_owned()),
                }
                goes_on = continues;
            }
            if let Some(names) = names(line, "REQUIRES:")? {
                lit.is_for_us &= names.iter().all(|name| has(name));
            }
            for keyword in ["UNSUPPORTED:", "XFAIL:"] {
                if let Some(names) = names(line, keyword)? {
                    lit.is_for_us &= !names.iter().any(|name| has(name));
                }
            }
        }
        Ok(lit)
    }
}

/// The names behind `keyword` in a comment.
fn names<'a>(line: &'a str, keyword: &str) -> Result<Option<Vec<&'a str>>> {
    let comment = line.trim_start().trim_start_matches(['/', '*', ' ']);
    let Some(list) = comment.strip_prefix(keyword) else { return Ok(None) };
    let list = list.trim().trim_end_matches("*/");
    let names: Vec<_> = list.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
    let is_name =
        |name: &&str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!-._".contains(&byte));
    match names.iter().find(|name| !is_name(name)) {
        Some(name) => bail!("got `{name}` behind {keyword}, wanted names, perhaps with `!` before them"),
        None => Ok(Some(names)),
    }
}

fn has(name: &str) -> bool {
    match name.strip_prefix('!') {
        Some(name) => !FEATURES.contains(&name),
        None => FEATURES.contains(&name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_go_on_behind_a_backslash() {
        let lit = Lit::read("// RUN: a \\\n// RUN:  b\n/* RUN: c\n */\nint main() {}\n").unwrap();
        assert_eq!(lit, Lit { runs: vec!["a b".into(), "c".into()], is_for_us: true });
    }

    #[test]
    fn tests_are_chosen_as_for_the_host() {
        let is_for_us = |text: &str| Lit::read(text).unwrap().is_for_us;
        assert!(is_for_us("// REQUIRES: ompt, linux\n// UNSUPPORTED: gcc-4, gcc-5\n// XFAIL: gcc"));
        assert!(!is_for_us("// REQUIRES: ompt, hwloc"));
        assert!(!is_for_us("// UNSUPPORTED: icc, clang"));
        assert!(!is_for_us("/* XFAIL: true */"));
        assert!(is_for_us("// UNSUPPORTED: !linux") && !is_for_us("// REQUIRES: !linux"));
        assert!(Lit::read("// REQUIRES: a && b").is_err());
    }
}
