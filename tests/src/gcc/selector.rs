//! Which targets a directive is meant for: `{ target { lp64 && { ! *-*-mingw* } } xfail c++20 }`.
//!
//! Key types: [`Facts`], [`Selector`]. A test is selected as for the host, with whose run ours is compared: what a
//! selector asks of the machine beyond its name (`fd_truncate`, `pthread`) is taken to be there, and the native run
//! gives the answer.

use super::suites::Language;
use super::tcl::{Word, words};

/// The host, which is what we are like.
const TRIPLET: &str = "x86_64-pc-linux-gnu";

/// What a PC with Linux is not, or what these runs are not made with (gcc's coarrays need nothing of libatomic here).
const FALSE: &[&str] = &[
    "arm_eabi",
    "broken_cplxf_arg",
    "debug_mode",
    "fortran_real_c_float128",
    "ia32",
    "ilp32",
    "libatomic_available",
    "lax_strtofp",
    "llp64",
    "newlib",
    "newlib_broken_long_double_io",
    "parallel_mode",
    "run_expensive_tests",
    "skip-all-targets",
    "simulator",
    "tbb_backend",
    "x32",
];

/// What is known of the compilation.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    /// The language.
    pub language: Language,
    /// The C++ standard, its year: 98, 11, ... 23.
    pub standard: u32,
    /// Whether the compiler optimises.
    pub optimises: bool,
}

/// A directive's last word, read: nothing said is for all, and expected to fail nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Selector {
    /// Whether the directive is for us.
    pub target: bool,
    /// Whether failure is expected.
    pub xfail: bool,
}

impl Selector {
    /// Of no word at all.
    const ALL: Self = Self { target: true, xfail: false };

    /// Reads the word behind a directive's own ones.
    pub fn of(word: Option<&Word>, facts: Facts) -> Self {
        let list = word.and_then(|word| words(word.text())).unwrap_or_default();
        let mut selector = Self::ALL;
        let mut rest = list.as_slice();
        while let Some((keyword, behind)) = rest.split_first() {
            let end = behind.iter().position(|word| matches!(word.text(), "target" | "xfail"));
            let (expression, next) = behind.split_at(end.unwrap_or(behind.len()));
            match keyword.text() {
                "target" => selector.target = holds(expression, facts),
                "xfail" => selector.xfail = holds(expression, facts),
                _ => {}
            }
            rest = next;
        }
        selector
    }
}

/// Whether an expression of `!`, `&&`, `||`, lists in braces, triplets and keywords is true.
pub fn holds(words: &[Word], facts: Facts) -> bool {
    let split = |by: &'static str| move |word: &Word| word.text() == by;
    words.split(split("||")).any(|part| part.split(split("&&")).all(|factor| is_factor(factor, facts)))
}

/// Names beside each other: one of them is enough.
fn is_factor(words: &[Word], facts: Facts) -> bool {
    match words.split_first() {
        Some((word, rest)) if word.text() == "!" => !is_factor(rest, facts),
        _ => words.iter().any(|word| is_atom(word, facts)),
    }
}

fn is_atom(word: &Word, facts: Facts) -> bool {
    let text = word.text().trim();
    match text.split_whitespace().count() {
        0 => false,
        1 if text.contains("-") && text.contains("*") => matches(text.as_bytes(), TRIPLET.as_bytes()),
        1 => is_property(text, facts),
        _ => super::tcl::words(text).is_some_and(|words| holds(&words, facts)),
    }
}

fn is_property(name: &str, facts: Facts) -> bool {
    let Some(standard) = name.strip_prefix("c++") else {
        return match name {
            "c" => facts.language == Language::C,
            "__OPTIMIZE__" => facts.optimises,
            // `target` regions run on the host.
            name => !name.starts_with("offload_") && !FALSE.contains(&name),
        };
    };
    if facts.language != Language::Cxx {
        return false;
    }
    let year = |name: &str| match name {
        "2a" => Some(20),
        "2b" => Some(23),
        other => other.parse::<u32>().ok(),
    };
    match standard.strip_suffix("_only") {
        Some(only) => year(only) == Some(facts.standard),
        // 98 is the first.
        None => {
            year(standard).is_none_or(|year| year == 98 || (facts.standard != 98 && year <= facts.standard))
        }
    }
}

/// Tcl's `string match`: `*`, `?` and `[0-4]`.
fn matches(pattern: &[u8], text: &[u8]) -> bool {
    match (pattern, text) {
        ([], text) => text.is_empty(),
        ([b'*', rest @ ..], _) => (0..=text.len()).any(|skipped| matches(rest, &text[skipped..])),
        ([b'?', rest @ ..], [_, text @ ..]) => matches(rest, text),
        ([b'[', rest @ ..], [byte, text @ ..]) => {
            let Some(end) = rest.iter().position(|&byte| byte == b']') else { return false };
            is_in_set(&rest[..end], *byte) && matches(&rest[end + 1..], text)
        }
        ([wanted, rest @ ..], [byte, text @ ..]) => wanted == byte && matches(rest, text),
        _ => false,
    }
}

fn is_in_set(set: &[u8], byte: u8) -> bool {
    match set {
        [first, b'-', last, rest @ ..] => (*first..=*last).contains(&byte) || is_in_set(rest, byte),
        [one, rest @ ..] => *one == byte || is_in_set(rest, byte),
        [] => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FACTS: Facts = Facts { language: Language::Cxx, standard: 17, optimises: false };

    fn of(text: &str) -> (bool, bool) {
        let Selector { target, xfail } = Selector::of(Some(&Word::Braced(text.into())), FACTS);
        (target, xfail)
    }

    #[test]
    fn triplets_are_those_of_the_host() {
        assert_eq!(of("target *-*-*"), (true, false));
        assert_eq!(of("target i?86-*-* x86_64-*-*"), (true, false));
        assert_eq!(of("target powerpc*-*-*"), (false, false));
        assert_eq!(of("xfail *-*-darwin8.[0-4].* *-*-dragonfly*"), (true, false));
        assert_eq!(of("xfail *-*-*"), (true, true));
        assert!(matches(b"*-*-darwin8.[0-4].*", b"i386-apple-darwin8.3.1"));
    }

    #[test]
    fn expressions_nest() {
        assert_eq!(of("target { { i?86-*-* x86_64-*-* } && ia32 }"), (false, false));
        assert_eq!(of("target { ! { *-*-mingw* *-*-cygwin* } }"), (true, false));
        assert_eq!(of("target { { i?86-*-* x86_64-*-* } && { ! { ia32 } } }"), (true, false));
        assert_eq!(of("target { ilp32 || lp64 }"), (true, false));
        assert_eq!(of("target { ! powerpc-*-* }"), (true, false));
        assert_eq!(of("target { *-*-*mingw* || *-*-cygwin }"), (false, false));
    }

    #[test]
    fn languages_are_told_apart_and_nothing_is_offloaded() {
        let of = |text: &str, language| {
            Selector::of(Some(&Word::Braced(text.into())), Facts { language, ..FACTS }).target
        };
        assert!(of("target c", Language::C) && !of("target c", Language::Cxx));
        assert!(of("target c++", Language::Cxx) && !of("target { c++ || c++11 }", Language::C));
        assert!(of("target { ! c }", Language::Fortran));
        assert!(!of("target { { offload_target_nvptx } || offload_device }", Language::C));
        assert!(of("target { c && { ! offload_device_nonshared_as } }", Language::C));
    }

    #[test]
    fn standards_are_at_least_or_exactly() {
        assert_eq!(of("target c++11"), (true, false));
        assert_eq!(of("target c++17 xfail *-*-*"), (true, true));
        assert_eq!(of("target c++2a"), (false, false));
        assert_eq!(of("target c++98_only"), (false, false));
        assert_eq!(of("target { c++11_only || c++17_only }"), (true, false));
        assert_eq!(of("target { c++11 && { c++17 || std_allocator_new } }"), (true, false));
    }
}
