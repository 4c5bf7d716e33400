//! Every Rust file is part of a crate.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use syn::{Expr, Item, Lit, Meta};

use super::finding::Finding;
use super::tree::Tree;

/// Names of files with which a crate begins.
const ROOTS: [&str; 3] = ["lib.rs", "main.rs", "build.rs"];

/// Folders beside a `Cargo.toml`, and `src/bin`, each file in which begins a crate.
const FOLDERS_OF_ROOTS: [&str; 4] = ["tests", "examples", "benches", "src/bin"];

/// A file is the root of a crate, or some other one declares it as a module.
pub fn check(tree: &Tree) -> Result<Vec<Finding>> {
    let mut declared = BTreeSet::new();
    for (path, text) in tree.rust() {
        let file = syn::parse_file(text).with_context(|| format!("{} is not Rust", path.display()))?;
        let beside = path.parent().unwrap_or(Path::new(""));
        for below in [beside.to_owned(), path.with_extension("")] {
            declare(&file.items, beside, &below, &mut declared);
        }
    }
    for (path, text) in tree.files().filter(|(path, _)| path.ends_with("Cargo.toml")) {
        let manifest: toml::Table =
            text.parse().with_context(|| format!("{} is not TOML", path.display()))?;
        let folder = path.parent().unwrap_or(Path::new(""));
        declared.extend(paths_in(&manifest).map(|file| folder.join(file)));
    }
    let is_forgotten = |path: &Path| !is_root(tree, path) && !declared.contains(path);
    let forgotten = tree.rust().filter(|(path, _)| is_forgotten(path));
    Ok(forgotten.map(|(path, _)| finding(path)).collect())
}

fn finding(path: &Path) -> Finding {
    Finding {
        place: path.display().to_string(),
        what: "no other file declares this one as a module".into(),
        why: "cargo does not compile it: tests in it never run, and nobody notices",
        cure: "write `mod NAME;` in the file above it, or delete it".into(),
    }
}

fn is_root(tree: &Tree, path: &Path) -> bool {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return false };
    let begins_a_crate = |of: &&str| {
        let package = folder.ancestors().nth(Path::new(of).components().count());
        folder.ends_with(of) && package.is_some_and(|package| tree.text(package.join("Cargo.toml")).is_some())
    };
    ROOTS.iter().any(|root| name == *root) || FOLDERS_OF_ROOTS.iter().any(begins_a_crate)
}

/// Adds the files that `mod` items name, those of the folder `below` and, by attribute, of the one `beside` them.
fn declare(items: &[Item], beside: &Path, below: &Path, declared: &mut BTreeSet<PathBuf>) {
    for item in items {
        let Item::Mod(module) = item else { continue };
        let name = module.ident.to_string();
        if let Some((_, items)) = &module.content {
            declare(items, &below.join(&name), &below.join(&name), declared);
            continue;
        }
        declared.insert(below.join(&name).with_extension("rs"));
        declared.insert(below.join(&name).join("mod.rs"));
        declared.extend(module.attrs.iter().filter_map(path_of).map(|path| beside.join(path)));
    }
}

/// The files that a package names itself: `path` of `[lib]`, `[[bin]]` and their kin.
fn paths_in(manifest: &toml::Table) -> impl Iterator<Item = &str> {
    let tables = manifest.values().flat_map(|value| match value {
        toml::Value::Array(tables) => tables.as_slice(),
        other => core::slice::from_ref(other),
    });
    tables.filter_map(|table| table.get("path")?.as_str())
}

/// What `#[path = "..."]` says.
fn path_of(attribute: &syn::Attribute) -> Option<String> {
    let Meta::NameValue(meta) = &attribute.meta else { return None };
    match &meta.value {
        Expr::Lit(literal) if meta.path.is_ident("path") => match &literal.lit {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forgotten(tree: &Tree) -> Vec<String> {
        check(tree).unwrap().into_iter().map(|finding| finding.place).collect()
    }

    fn tree() -> Tree {
        Tree::of([
            ("a/Cargo.toml", "[[bin]]\nname = \"agent\"\npath = \"src/agent.rs\"\n"),
            ("a/src/agent.rs", ""),
            ("a/build.rs", "#[path = \"src/shared.rs\"] mod shared;"),
            ("a/src/lib.rs", "mod one; mod inside { mod deep; } #[cfg(test)] mod tests;"),
            ("a/src/shared.rs", ""),
            ("a/src/one.rs", "mod two;"),
            ("a/src/one/two.rs", ""),
            ("a/src/inside/deep.rs", ""),
            ("a/src/tests/mod.rs", ""),
            ("a/src/bin/tool.rs", ""),
            ("a/tests/whole.rs", "#[path = \"whole/part.rs\"] mod part;"),
            ("a/tests/whole/part.rs", ""),
        ])
    }

    #[test]
    fn every_way_to_be_a_module() {
        assert_eq!(forgotten(&tree()), [""; 0]);
    }

    #[test]
    fn forgotten_files() {
        let path = "a/src/tests/answers.rs";
        assert_eq!(forgotten(&tree().with(path, "")), [path]);
        let without = tree().with("a/src/one.rs", "");
        assert_eq!(forgotten(&without), ["a/src/one/two.rs"]);
        let beside = tree().with("b/tests/whole.rs", "");
        assert_eq!(forgotten(&beside), ["b/tests/whole.rs"], "no package");
    }
}
