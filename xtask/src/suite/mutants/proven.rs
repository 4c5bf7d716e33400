//! Which mutants have been seen to come out as their lists say: `tests/mutants/proven.txt`, written by `--record`.
//!
//! Plain `cargo xtask test` tries only these, so that a mutant that nobody has tried yet fails where it is tried on purpose, and
//! not for whoever commits on its day.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::Result;

use super::list::{FOLDER, Mutant};
use crate::files::write;
use crate::tidy::Tree;

/// The file, in [`FOLDER`].
pub const FILE: &str = "proven.txt";

const HEAD: &str = "\
# Mutants that came out as their lists say when they were last tried on purpose: `cargo xtask test --suite mutants --record`,
# with `--mutants` or without, writes this. Every day's tenth is one of these.
";

/// Their titles.
pub fn read(tree: &Tree) -> BTreeSet<String> {
    titles(tree.text(Path::new(FOLDER).join(FILE)).unwrap_or_default())
}

/// Those of `mutants` that are proven.
pub fn of(tree: &Tree, mutants: Vec<Mutant>) -> Vec<Mutant> {
    let proven = read(tree);
    mutants.into_iter().filter(|mutant| proven.contains(&mutant.title())).collect()
}

/// Notes how a mutant came out that was tried: whether it is as its list says.
pub fn note(root: &Path, mutant: &Mutant, is_as_listed: bool) -> Result<()> {
    let path = root.join(FOLDER).join(FILE);
    let old = fs::read_to_string(&path).unwrap_or_default();
    write(&path, noted(&old, mutant.title(), is_as_listed))
}

fn noted(old: &str, title: String, is_as_listed: bool) -> String {
    let mut proven = titles(old);
    if is_as_listed {
        proven.insert(title);
    } else {
        proven.remove(&title);
    }
    let lines: String = proven.into_iter().map(|title| title + "\n").collect();
    format!("{HEAD}{lines}")
}

fn titles(text: &str) -> BTreeSet<String> {
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::mutants::list::tests::mutant;

    #[test]
    fn what_came_out_otherwise_is_no_longer_proven() {
        let first = noted(&noted("", "b/two".into(), true), "a/one".into(), true);
        assert_eq!(noted(&first, "c/no".into(), false), first);
        assert_eq!(first, format!("{HEAD}a/one\nb/two\n"));
        let second = noted(&noted(&first, "b/two".into(), false), "d/four".into(), true);
        assert_eq!(second, format!("{HEAD}a/one\nd/four\n"));
    }

    #[test]
    fn every_day_only_proven_ones_are_tried() {
        let tree = Tree::of([("tests/mutants/proven.txt", "# head\nroom/two\n")]);
        let named = |name: &str| Mutant { name: name.into(), ..mutant("f", "a", "b", &[]) };
        let left = of(&tree, vec![named("one"), named("two")]);
        assert_eq!(left.iter().map(Mutant::title).collect::<Vec<_>>(), ["room/two"]);
    }
}
