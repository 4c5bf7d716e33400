//! The kernel exports what its header declares, and nothing else.

use std::collections::BTreeSet;

use anyhow::Result;

use super::finding::{Finding, Outcome};
use super::tree::Tree;
use crate::context::Context;
use crate::steps::kernel::exported;
use crate::symbols::Symbols;

/// Compares the symbols of `libhermit.a` with `syscall.h`.
pub fn check(context: &Context, _tree: &Tree) -> Result<Outcome> {
    let library = context.workspace.prefix().lib().join("libhermit.a");
    if !library.exists() {
        return Ok(Outcome::Skipped("the kernel is not built yet: cargo xtask sysroot".into()));
    }
    let defined = Symbols::of_archive(&library)?.defined;
    let header = exported(&context.workspace.join(HEADER))?;
    Ok(Outcome::Looked(compare(&header.into_iter().collect(), &defined)))
}

const HEADER: &str = "kernel/include/hermit/syscall.h";

fn compare(declared: &BTreeSet<String>, defined: &BTreeSet<String>) -> Vec<Finding> {
    let finding = |name: &String, what: &str, cure: &str| Finding {
        place: HEADER.into(),
        what: format!("`{name}` {what}"),
        why: "configure scripts and linkers believe this list: what is declared must link, what is not must be invisible",
        cure: cure.into(),
    };
    let missing = declared.difference(defined).map(|name| {
        finding(
            name,
            "is declared, but libhermit.a does not have it",
            "implement it in kernel/src/syscall, or take it out",
        )
    });
    let hidden = defined.difference(declared).map(|name| {
        finding(name, "is visible in libhermit.a, but not declared", "declare it, or make it local")
    });
    missing.chain(hidden).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_directions_are_found() {
        let set = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        let found = compare(&set(&["sys_a", "sys_b"]), &set(&["sys_b", "oops"]));
        assert_eq!(found.len(), 2);
        assert!(
            found[0].what.starts_with("`sys_a` is declared")
                && found[1].what.starts_with("`oops` is visible")
        );
        assert_eq!(compare(&set(&["sys_a"]), &set(&["sys_a"])), []);
    }
}
