//! The code that makes something: [`Code::digest`] stands for a source file and for all that it names, directly or not.
//!
//! A step is stale when the code that runs it changes: its own file, the rooms below, the crates `elfedit`, `sysroot`
//! and `abi`. What nobody names on the way does not count (verbs, suites, rules), nor do tests, comments and layout.
//! [`words`] reads a file.

mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use sha2::{Digest as _, Sha256};

use crate::files::{files_below, hex};
use words::Words;

/// Our crates that a step can run: name, and where its sources are. The first is this one.
const CRATES: [(&str, &str); 4] = [
    ("xtask", "xtask/src"),
    ("elfedit", "toolchain/elfedit/src"),
    ("sysroot", "sysroot/src"),
    ("abi", "abi/src"),
];

/// Rooms of xtask that every step names and that change nothing of what it makes: what the user sees and reads, how much runs
/// at once, what is installed, and when a step is stale.
const WITHOUT_EFFECT: [&str; 6] = ["code", "cores", "log", "package", "progress", "stamp"];

/// The sources as far as they were read.
#[derive(Debug, Default)]
pub struct Code {
    /// By crate and module: where it is.
    modules: BTreeMap<Module, PathBuf>,
    words: BTreeMap<Module, Words>,
}

/// A module: its crate's name, and its path from the crate's root on.
type Module = Vec<String>;

impl Code {
    /// SHA-256, in hex, of what the file `file` (below the workspace's `root`) says and of all that it leads to.
    pub fn digest(&mut self, root: &Path, file: &str) -> Result<String> {
        let mut hasher = Sha256::new();
        for module in self.reached(root, file)? {
            hasher.update(format!("module {}\n", module.join("::")));
            hasher.update(&self.words[&module].said);
        }
        Ok(hex(&hasher.finalize()))
    }

    /// The module of `file` and those that it leads to.
    fn reached(&mut self, root: &Path, file: &str) -> Result<BTreeSet<Module>> {
        if self.modules.is_empty() {
            self.modules = modules(root)?;
        }
        let wanted = root.join(file);
        let first = self.modules.iter().find(|(_, path)| **path == wanted).map(|(module, _)| module.clone());
        let mut reached = BTreeSet::new();
        let mut left: Vec<_> = first.into_iter().collect();
        while let Some(module) = left.pop() {
            if is_without_effect(&module) || !reached.insert(module.clone()) {
                continue;
            }
            let words = self.read(&module)?;
            left.extend(words.paths.clone().iter().flat_map(|path| self.named(&module, path)));
        }
        Ok(reached)
    }

    fn read(&mut self, module: &Module) -> Result<&Words> {
        if !self.words.contains_key(module) {
            let path = &self.modules[module];
            let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
            let words = Words::of(&text).with_context(|| format!("{} is not Rust", path.display()))?;
            self.words.insert(module.clone(), words);
        }
        Ok(&self.words[module])
    }

    /// The modules that a path leads to which `module` has written. Another crate's root re-exports: then it is the whole crate.
    fn named(&self, module: &Module, path: &[String]) -> Vec<Module> {
        let Some(whole) = self.whole_path(module, path) else { return Vec::new() };
        let found =
            (1..=whole.len()).rev().map(|len| &whole[..len]).find(|part| self.modules.contains_key(*part));
        match found {
            Some([name]) if *name != module[0] => {
                self.modules.keys().filter(|module| module[0] == *name).cloned().collect()
            }
            Some(found) => vec![found.to_vec()],
            None => Vec::new(),
        }
    }

    /// A path with its crate in front; `None` if it leads to nothing of ours.
    fn whole_path(&self, module: &Module, path: &[String]) -> Option<Module> {
        let (first, mut rest) = path.split_first()?;
        let mut whole = match first.as_str() {
            "crate" => module[..1].to_vec(),
            "self" => module.clone(),
            "super" => module[..module.len() - 1].to_vec(),
            name if CRATES.iter().any(|(crate_name, _)| *crate_name == name) => vec![name.to_owned()],
            name => {
                let child = [module.as_slice(), &[name.to_owned()]].concat();
                self.modules.contains_key(&child).then_some(child)?
            }
        };
        while rest.first().is_some_and(|word| word == "super") {
            whole.pop();
            rest = &rest[1..];
        }
        whole.extend_from_slice(rest);
        Some(whole)
    }
}

/// Every source file of [`CRATES`].
fn modules(root: &Path) -> Result<BTreeMap<Module, PathBuf>> {
    let mut modules = BTreeMap::new();
    for (name, folder) in CRATES {
        let folder = root.join(folder);
        for path in files_below(&folder)? {
            let inside =
                path.strip_prefix(&folder).context("a file below a folder starts with the folder")?;
            if inside.extension().is_none_or(|extension| extension != "rs") {
                continue;
            }
            let words = inside.with_extension("");
            let mut module = vec![name.to_owned()];
            module.extend(words.iter().map(|word| word.to_string_lossy().into_owned()));
            module.pop_if(|last| ["mod", "lib"].contains(&last.as_str()));
            modules.insert(module, path);
        }
    }
    Ok(modules)
}

fn is_without_effect(module: &Module) -> bool {
    module[0] == CRATES[0].0 && module.get(1).is_some_and(|room| WITHOUT_EFFECT.contains(&room.as_str()))
}

#[cfg(test)]
mod tests;
