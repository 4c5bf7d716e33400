//! What exists is told: rooms in ARCHITECTURE.md and README.md, contracts in docs/reference. What pages link to exists.

use std::path::{Component, Path, PathBuf};

use super::finding::Finding;
use super::tree::Tree;

/// Every folder at the top has a line in both overviews.
pub fn rooms(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for page in ["ARCHITECTURE.md", "README.md"] {
        let text = tree.text(page).unwrap_or_default();
        for room in tree.rooms().iter().filter(|room| !text.contains(&format!("`{room}/`"))) {
            findings.push(Finding {
                place: page.into(),
                what: format!("the room `{room}/` is not mentioned"),
                why: "the folder list is the architecture: who sees a folder must find out what it holds",
                cure: format!("add a line with `{room}/` and one sentence"),
            });
        }
    }
    findings
}

/// Every module of `abi` has a row in the table of `abi/src/lib.rs` that names a page that exists.
pub fn contracts(tree: &Tree) -> Vec<Finding> {
    const INDEX: &str = "abi/src/lib.rs";
    let text = tree.text(INDEX).unwrap_or_default();
    let modules = text.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    let problem = |module: &str| {
        let row =
            text.lines().find(|line| line.starts_with("//! |") && line.contains(&format!("[`{module}`]")));
        let Some(row) = row else {
            return Some(format!("the contract `{module}` has no row in the table of modules"));
        };
        let page = row.split('|').map(str::trim).find(|cell| cell.starts_with("docs/reference/"));
        let Some(page) = page else { return Some(format!("the contract `{module}` names no page")) };
        let told = tree.text(page).is_some_and(|text| text.contains(module));
        (!told).then(|| format!("the page {page} of the contract `{module}` is missing or does not name it"))
    };
    modules
        .filter_map(problem)
        .map(|what| Finding {
            place: INDEX.into(),
            what,
            why: "a contract is read by people who do not read Rust",
            cure: "write the page: purpose, layout with offsets, numbers, errors".into(),
        })
        .collect()
}

/// A link to a file of the checkout leads to one that is there.
pub fn links(tree: &Tree) -> Vec<Finding> {
    let pages = tree.files().filter(|(page, _)| page.extension().is_some_and(|extension| extension == "md"));
    let lines =
        pages.flat_map(|(page, text)| text.lines().zip(1..).map(move |(line, number)| (page, line, number)));
    lines
        .flat_map(|(page, line, number)| targets(line).map(move |target| (page, target, number)))
        .filter(|(page, target, _)| !leads_somewhere(tree, page, target))
        .map(|(page, target, number)| Finding {
            place: format!("{}:{number}", page.display()),
            what: format!("the link leads to `{target}`, which is not there"),
            why: "who reads a page follows its links",
            cure: "name the file by its path from this page's folder".into(),
        })
        .collect()
}

/// Where the links of a line lead, if not to the web or to a heading of the same page.
fn targets(line: &str) -> impl Iterator<Item = &str> {
    let inner = line.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target);
    let path = inner.map(|target| target.split_once('#').map_or(target, |(path, _)| path));
    path.filter(|path| !path.is_empty() && !path.contains(':') && !path.contains(' '))
}

/// Whether `target`, as the page says it, is a file, or a folder with files.
fn leads_somewhere(tree: &Tree, page: &Path, target: &str) -> bool {
    let mut path = PathBuf::new();
    for part in page.parent().unwrap_or(page).join(target).components() {
        match part {
            Component::ParentDir if !path.pop() => return false,
            Component::ParentDir | Component::CurDir => {}
            other => path.push(other),
        }
    }
    tree.files().any(|(file, _)| file.starts_with(&path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_untold_room_is_found_in_both_pages() {
        let tree = Tree::of([
            ("README.md", "`abi/` is told"),
            ("ARCHITECTURE.md", "`abi/` and `kernel/`"),
            ("abi/src/lib.rs", ""),
            ("kernel/src/lib.rs", ""),
            (".ci/run", ""),
        ]);
        let found = rooms(&tree);
        assert_eq!(found.len(), 1);
        assert!(found[0].place == "README.md" && found[0].what.contains("`kernel/`"));
    }

    #[test]
    fn a_contract_needs_a_row_and_a_page_that_names_it() {
        let index = "//! | [`a`] | x | docs/reference/1.md |\n//! | [`b`] | x | docs/reference/2.md |\n\
                     pub mod a;\npub mod b;\npub mod c;\n";
        let tree = Tree::of([("abi/src/lib.rs", index), ("docs/reference/1.md", "module a")]);
        let found = contracts(&tree);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].what.contains("2.md") && found[1].what.contains("`c` has no row"));
    }

    #[test]
    fn a_link_to_nowhere_is_found_with_its_line() {
        let page = "[a](../a.md#part), [the folder](..), [web](https://example.org/x), [here](#part)\n\n\
                    [b](b.md) and [c](/c.md) and `x[i](y z)`\n[out](../../a.md)\n";
        let tree = Tree::of([("docs/page.md", page), ("a.md", ""), ("code.rs", "[b](b.md)")]);
        let found: Vec<_> = links(&tree).into_iter().map(|finding| (finding.place, finding.what)).collect();
        let expected = [(3, "b.md"), (3, "/c.md"), (4, "../../a.md")];
        let expected = expected.map(|(line, target)| {
            (format!("docs/page.md:{line}"), format!("the link leads to `{target}`, which is not there"))
        });
        assert_eq!(found, expected);
    }
}
