//! Whether the list of mutants fits the sources: a rule of `cargo xtask tidy` and the first thing that the suite does.
//!
//! It builds nothing, so whoever changes code that a mutant stands in learns it at once.

use std::collections::BTreeSet;

use super::list::{self, Mutant, WHY};
use super::{build, names, proven};
use crate::tidy::{Finding, Tree};

/// The mutants, and what is wrong with their lists.
pub fn read(tree: &Tree) -> (Vec<Mutant>, Vec<Finding>) {
    let (mutants, mut findings) = list::read(tree);
    let mut titles = BTreeSet::new();
    for mutant in &mutants {
        let mut problems = problems(tree, mutant);
        if !titles.insert(mutant.title()) {
            problems.push("another one has this name".to_owned());
        }
        findings.extend(problems.into_iter().map(|what| Finding {
            place: format!("{}/{}.toml: {}", list::FOLDER, mutant.room, mutant.name),
            what,
            why: WHY,
            cure: "change the mutant together with what it stands in, or take it out if there is no such fault any more"
                .into(),
        }));
    }
    findings.extend(proven::read(tree).into_iter().filter(|title| !titles.contains(title)).map(|title| {
        Finding {
            place: format!("{}/{}: {title}", list::FOLDER, proven::FILE),
            what: "there is no such mutant".to_owned(),
            why: WHY,
            cure: "take the line out, or give it the new name if the mutant has one".into(),
        }
    }));
    (mutants, findings)
}

/// What is wrong: the rule of tidy.
pub fn findings(tree: &Tree) -> Vec<Finding> {
    read(tree).1
}

fn problems(tree: &Tree, mutant: &Mutant) -> Vec<String> {
    let is_name = |name: &str| {
        let is_of_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        !name.is_empty() && name.chars().all(is_of_name)
    };
    let mut problems = Vec::new();
    let mut demand = |is_met: bool, what: &str| {
        if !is_met {
            problems.push(what.to_owned());
        }
    };
    demand(is_name(&mutant.name), "a name is made of small letters, digits and `-`");
    demand(!mutant.breaks.trim().is_empty(), "`breaks` is empty: what would a user see?");
    demand(
        mutant.survives.as_ref().is_none_or(|reason| !reason.trim().is_empty()),
        "`survives` gives no reason",
    );
    demand(
        mutant.survives.is_some() || !mutant.caught_by.is_empty(),
        "`caught-by` is empty: which test ought to catch it?",
    );
    match tree.text(&mutant.file) {
        None => problems.push(format!("there is no file {}", mutant.file.display())),
        Some(text) => problems.extend(mutant.apply(text).err()),
    }
    if build::parts(&mutant.file).is_none() {
        problems.push(format!(
            "it is not known how to build the tree after a change of {}",
            mutant.file.display()
        ));
    }
    problems.extend(mutant.caught_by.iter().filter_map(|catcher| names::problem(tree, catcher)));
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str =
        "[[mutant]]\nname = 'no-end'\nfile = 'kernel/src/a.rs'\nbreaks = 'b'\ncaught-by = ['c/hello']\n";

    fn whats(list: &str) -> Vec<String> {
        let tree = Tree::of([
            ("tests/mutants/kernel.toml", list),
            ("kernel/src/a.rs", "one\ntwo\ntwo\n"),
            ("tests/programs/c/hello.c", ""),
            ("docs/a.md", "one"),
        ]);
        let findings = findings(&tree);
        assert!(findings.iter().all(|finding| finding.place.starts_with("tests/mutants/kernel.toml")));
        findings.into_iter().map(|finding| finding.what).collect()
    }

    #[test]
    fn a_proven_mutant_must_be_there() {
        let list = format!("{HEAD}from = 'one'\nto = 'three'\n");
        let proven = "# head\nkernel/no-end\nkernel/gone\n";
        let tree = Tree::of([
            ("tests/mutants/kernel.toml", list.as_str()),
            ("tests/mutants/proven.txt", proven),
            ("kernel/src/a.rs", "one\n"),
            ("tests/programs/c/hello.c", ""),
        ]);
        let places: Vec<_> = findings(&tree).into_iter().map(|finding| finding.place).collect();
        assert_eq!(places, ["tests/mutants/proven.txt: kernel/gone"]);
    }

    #[test]
    fn a_mutant_that_applies_is_no_finding() {
        assert_eq!(whats(&format!("{HEAD}from = 'one'\nto = 'three'\n")), [""; 0]);
    }

    #[test]
    fn each_fault_of_a_list_is_found() {
        let good = "from = 'one'\nto = 'three'\n";
        for (list, part) in [
            (format!("{HEAD}from = 'two'\nto = 'three'\n"), "occurs 2 times in kernel/src/a.rs"),
            (format!("{HEAD}from = 'four'\nto = 'three'\n"), "occurs 0 times"),
            (format!("{HEAD}from = 'one'\nto = 'one'\n"), "the same"),
            (
                format!("{HEAD}{good}").replace("kernel/src/a.rs", "kernel/src/b.rs"),
                "no file kernel/src/b.rs",
            ),
            (format!("{HEAD}{good}").replace("kernel/src/a.rs", "docs/a.md"), "not known how to build"),
            (format!("{HEAD}{good}").replace("c/hello", "c/bye"), "no tests/programs/c/bye.c"),
            (format!("{HEAD}{good}").replace("['c/hello']", "[]"), "`caught-by` is empty"),
            (format!("{HEAD}{good}").replace("'b'", "' '"), "`breaks` is empty"),
            (format!("{HEAD}{good}").replace("no-end", "No end"), "small letters"),
            (format!("{HEAD}{good}survives = ' '\n"), "`survives` gives no reason"),
            (format!("{HEAD}{good}{HEAD}{good}"), "has this name"),
        ] {
            let whats = whats(&list);
            assert!(whats.iter().any(|what| what.contains(part)), "{part}: {whats:?}");
        }
    }
}
