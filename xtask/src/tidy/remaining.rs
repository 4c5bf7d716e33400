//! The system calls that remain in each isle, as docs/security tells them: [`check`], and [`write`] for `cargo xtask tidy --write`.
//!
//! They come from `proxy/src/sandbox/golden.rs`, which a test of the proxy holds against the filters that are installed: there they
//! have names as well as numbers.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result};

use super::finding::Finding;
use super::tree::Tree;

const SOURCE: &str = "proxy/src/sandbox/golden.rs";

/// A page, and the lists of [`SOURCE`] of which its table is made: later ones replace lines of earlier ones.
const PAGES: [(&str, &[&str]); 4] = [
    ("docs/security/process.md", &["PROCESS"]),
    ("docs/security/uhyve.md", &["PROCESS", "UHYVE"]),
    ("docs/security/qemu.md", &["PROCESS", "QEMU"]),
    ("docs/security/sockets.md", &["SOCKETS"]),
];

/// What is different at the level strict, in every isle.
const STRICT: &str = "STRICT";

/// Around the table.
const BEGIN: &str = "<!-- made by cargo xtask tidy --write of proxy/src/sandbox/golden.rs -->\n";
const END: &str = "<!-- end -->\n";

/// Whether each page has the table that the list gives.
pub fn check(tree: &Tree) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for (page, lists) in PAGES {
        let text = tree.text(page).unwrap_or_default();
        if renewed(tree, text, lists)?.as_deref() != Some(text) {
            findings.push(Finding {
                place: page.into(),
                what: "the list of system calls is not that of the sandbox".into(),
                why: "who trusts an isle reads what it can do; a list by hand would be wrong one day",
                cure: "cargo xtask tidy --write".into(),
            });
        }
    }
    Ok(findings)
}

/// Writes the tables anew.
pub fn write(root: &Path, tree: &Tree) -> Result<()> {
    for (page, lists) in PAGES {
        let text = tree.text(page).with_context(|| format!("{page} is missing"))?;
        let text = renewed(tree, text, lists)?
            .with_context(|| format!("{page} has no place for the table:\n{BEGIN}{END}"))?;
        std::fs::write(root.join(page), text).with_context(|| format!("cannot write {page}"))?;
    }
    Ok(())
}

/// `page` with the table of `lists`; nothing if there is no place for it.
fn renewed(tree: &Tree, page: &str, lists: &[&str]) -> Result<Option<String>> {
    let source = tree.text(SOURCE).with_context(|| format!("{SOURCE} is missing"))?;
    let table = table(source, lists)?;
    let place = page.split_once(BEGIN).and_then(|(before, rest)| Some((before, rest.split_once(END)?.1)));
    Ok(place.map(|(before, after)| format!("{before}{BEGIN}{table}{END}{after}")))
}

fn table(source: &str, lists: &[&str]) -> Result<String> {
    let mut lines = BTreeMap::new();
    for name in lists {
        lines.extend(list(source, name)?);
    }
    let strict: BTreeMap<_, _> = list(source, STRICT)?.into_iter().collect();
    lines.retain(|_, (_, when)| *when != "never");
    let mut table =
        format!("{} system calls.\n\n| number | name | when | strict |\n|---|---|---|---|\n", lines.len());
    for (number, (name, when)) in lines {
        let strict = strict.get(&number).map_or("", |(_, when)| *when);
        table += &format!("| {number} | {name} | {when} | {strict} |\n");
    }
    Ok(table)
}

/// A line of a list.
type Line<'a> = (u32, (&'a str, &'a str));

/// The lines of `pub const NAME: &str = "...";`.
fn list<'a>(source: &'a str, name: &str) -> Result<Vec<Line<'a>>> {
    let start = format!("pub const {name}: &str = \"");
    let text = source.split_once(start.as_str()).and_then(|(_, rest)| Some(rest.split_once("\";")?.0));
    let text = text.with_context(|| format!("{SOURCE} has no list {name}"))?;
    let line = |line: &'a str| {
        let (number, rest) = line.split_once(' ')?;
        let (name, when) = rest.split_once(' ')?;
        Some((number.parse().ok()?, (name, when)))
    };
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(|text| line(text).with_context(|| format!("{SOURCE}: {text}"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOLDEN: &str = "pub const PROCESS: &str = \"\n    0 read always\n    9 mmap argument 2 without 0x4\n    222 timer_create always\n\";\n\
                          pub const QEMU: &str = \"\n    44 sendto argument 5 of 0x0\n    222 timer_create never\n\";\n\
                          pub const STRICT: &str = \"\n    9 mmap EPERM\n\";\n";

    #[test]
    fn a_table_has_what_remains_in_the_isle() {
        let table = table(GOLDEN, &["PROCESS", "QEMU"]).unwrap();
        let rows: Vec<_> = table.lines().skip(4).collect();
        let expected = [
            "| 0 | read | always |  |",
            "| 9 | mmap | argument 2 without 0x4 | EPERM |",
            "| 44 | sendto | argument 5 of 0x0 |  |",
        ];
        assert_eq!(rows, expected, "{table}");
        assert!(list(GOLDEN, "UHYVE").is_err());
    }

    #[test]
    fn a_page_that_is_behind_is_found_and_renewed() {
        let tree = Tree::of([(SOURCE, GOLDEN)]);
        let page = format!("# Page\n{BEGIN}old\n{END}more\n");
        let new = renewed(&tree, &page, &["PROCESS"]).unwrap().unwrap();
        assert!(new != page && new.starts_with("# Page\n") && new.ends_with("more\n"), "{new}");
        assert_eq!(renewed(&tree, &new, &["PROCESS"]).unwrap(), Some(new));
        assert_eq!(renewed(&tree, "# Page\n", &["PROCESS"]).unwrap(), None);
    }
}
