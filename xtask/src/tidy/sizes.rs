//! Files say what they are, and are short enough to be read.

use super::finding::Finding;
use super::tree::Tree;

/// Longest file that passes in silence.
const LINES: usize = 450;

/// Every Rust file begins with `//!`.
pub fn headers(tree: &Tree) -> Vec<Finding> {
    let first = |text: &str| text.lines().next().unwrap_or_default().to_owned();
    let silent = tree.rust().filter(|(_, text)| {
        let line = first(text);
        line.strip_prefix("//!").is_none_or(|rest| rest.trim().len() < 10)
    });
    silent
        .map(|(path, _)| Finding {
            place: format!("{}:1", path.display()),
            what: "the file does not begin with a `//!` line that tells its purpose".into(),
            why: "a newcomer reads the first line of a file to know whether to read on",
            cure: "begin with `//! <purpose in one line>`, then key types and neighbours".into(),
        })
        .collect()
}

/// No Rust file has more than [`LINES`] lines, generated tables (which say so in their first line) left out.
pub fn lengths(tree: &Tree) -> Vec<Finding> {
    let long = tree.rust().filter_map(|(path, text)| {
        let lines = text.lines().count();
        let generated = text.lines().next().is_some_and(|line| line.to_lowercase().contains("generated"));
        (lines > LINES && !generated).then_some((path, lines))
    });
    long.map(|(path, lines)| Finding {
        place: path.display().to_string(),
        what: format!("{lines} lines; a file has at most {LINES}"),
        why: "a file that fits into the head is a file that gets reviewed",
        cure: "split it along its types".into(),
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_purpose_is_found() {
        let tree = Tree::of([
            ("a/src/good.rs", "//! What it is for.\n"),
            ("a/src/bad.rs", "use x;\n"),
            ("b.txt", ""),
        ]);
        let found = headers(&tree);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].place, "a/src/bad.rs:1");
        assert_eq!(headers(&Tree::of([("a.rs", "//!\n")])).len(), 1, "an empty header says nothing");
    }

    #[test]
    fn a_long_file_is_found_unless_it_is_generated() {
        let long = "//! What it is for.\n".to_owned() + &"\n".repeat(LINES);
        let table = "//! Generated from elf.h.\n".to_owned() + &"\n".repeat(LINES);
        let tree = Tree::of([("a.rs", &long), ("b.rs", &table), ("c.rs", "//! Short.\n")]);
        let found = lengths(&tree);
        assert_eq!(found.len(), 1);
        assert!(found[0].place == "a.rs" && found[0].what.starts_with("451 lines"));
    }
}
