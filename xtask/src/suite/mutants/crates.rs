//! Crates of others that cargo has compiled for the real checkout, taken over by the copy ([`take_over`]): tests of crates need
//! hundreds of them, and they are the same.
//!
//! cargo knows a crate from a registry by its name, version and flags, wherever the workspace lies; those of the workspace
//! itself it compiles anew.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use super::copy::mirror;
use super::names;
use crate::files::create_folder;
use crate::tidy::Tree;

/// Copies from one folder of builds, `target/debug`, to another.
pub fn take_over(from: &Path, to: &Path, tree: &Tree) -> Result<()> {
    let ours: BTreeSet<_> = names::packages(tree).collect();
    let units = list(&from.join(".fingerprint"))?;
    let of_others =
        |unit: &&String| unit.rsplit_once('-').is_some_and(|(package, _)| !ours.contains(package));
    let units: Vec<_> = units.iter().filter(of_others).collect();
    let hashes: BTreeSet<_> = units.iter().filter_map(|unit| Some(unit.rsplit_once('-')?.1)).collect();
    for unit in units {
        for folder in [".fingerprint", "build"] {
            let place = Path::new(folder).join(unit);
            if from.join(&place).exists() && !to.join(&place).exists() {
                create_folder(&to.join(folder))?;
                mirror(&from.join(&place), &to.join(&place))?;
            }
        }
    }
    create_folder(&to.join("deps"))?;
    for name in list(&from.join("deps"))? {
        let hash = name.split('.').next().and_then(|stem| Some(stem.rsplit_once('-')?.1));
        if hash.is_some_and(|hash| hashes.contains(hash)) {
            mirror(&from.join("deps").join(&name), &to.join("deps").join(&name))?;
        }
    }
    Ok(())
}

fn list(folder: &Path) -> Result<Vec<String>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let entries = fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?;
    let names = entries.filter_map(|entry| Some(entry.ok()?.file_name()));
    Ok(names.filter_map(|name| OsStr::to_str(&name).map(str::to_owned)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::write;

    #[test]
    fn only_crates_of_others_are_taken_over() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("from"), folder.path().join("to"));
        for file in [
            ".fingerprint/serde-12ab/lib-serde",
            ".fingerprint/cc-wrapper-34cd/lib-cc_wrapper",
            "build/serde-12ab/output",
            "deps/libserde-12ab.rlib",
            "deps/serde-12ab.d",
            "deps/libcc_wrapper-34cd.rlib",
            "deps/libserde-99ff.rlib",
        ] {
            write(&from.join(file), file).unwrap();
        }
        let tree = Tree::of([("toolchain/cc-wrapper/Cargo.toml", "[package]\nname = \"cc-wrapper\"\n")]);
        take_over(&from, &to, &tree).unwrap();
        let there = |file: &str| to.join(file).exists();
        assert!(there(".fingerprint/serde-12ab/lib-serde") && there("build/serde-12ab/output"));
        assert!(there("deps/libserde-12ab.rlib") && there("deps/serde-12ab.d"));
        assert!(!there(".fingerprint/cc-wrapper-34cd") && !there("deps/libcc_wrapper-34cd.rlib"));
        assert!(!there("deps/libserde-99ff.rlib"), "nobody knows whose it is");
    }
}
