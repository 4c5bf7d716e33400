//! gcc's own execution tests, and those of its runtime libraries, which a compiler for HermitCore must pass as the
//! host's does: C, C++ and Fortran.
//!
//! A test passes if its program ends and prints as its directives say. Key type: [`Test`]. Neighbours: [`suites`] names
//! all suites, [`directives`] reads what tests say about themselves, [`crate::foreign`] compares with native runs and counts;
//! `tests/gcc/` lists the differences that are meant.

mod build;
mod directives;
mod selector;
pub mod suites;
mod tcl;
mod test;
mod workshop;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};

use crate::compiler::host_compiler;
use crate::foreign::list;
use crate::foreign::part::Part;
use crate::lab::{Lab, has_program};
use crate::lack;
use directives::Directives;
use suites::{Depth, Group, SUITES, Suite, Support};
pub use test::Test;
use workshop::Workshop;

/// The tests of all suites below `gcc` (gcc's source) that the tree has libraries for.
///
/// # Errors
/// A folder or a list that cannot be read, or a list that names a test that is not there.
pub fn find(lab: &Lab, gcc: &Path, part: Part) -> Result<Vec<Test>> {
    let workshop = Arc::new(Workshop::open(lab, gcc)?);
    let mut tests = Vec::new();
    for suite in SUITES {
        // Natively nothing would pass, and all of it be skipped.
        if lack::is_ci() && !has_program(&host_compiler(suite.compiler)) {
            bail!("CI=true, and the host has no {} for {}", suite.compiler, suite.name);
        }
        let lacks = suite.runtime.filter(|name| !lab.prefix.gcc_lib().join(name).exists());
        match lacks {
            None => tests.extend(of_suite(lab, suite, part, &workshop)?),
            Some(library) => println!("{} is left out: the tree has no {library}", suite.name),
        }
    }
    Ok(tests)
}

fn of_suite(lab: &Lab, suite: &'static Suite, part: Part, workshop: &Arc<Workshop>) -> Result<Vec<Test>> {
    let root = workshop.gcc.join(suite.root);
    let mut known = list::differences(&list_of(&lab.root, suite))?;
    let data = data_files(&root, suite)?;
    let mut tests = Vec::new();
    for group in suite.groups {
        for source in sources(&root, suite, group)? {
            let path = source.strip_prefix(&root).unwrap_or(&source).display().to_string();
            let is_chosen = part.has(&path);
            if !is_chosen
                && !group.levels.iter().any(|(level, _)| known.contains_key(&format!("{path}@{level}")))
            {
                continue;
            }
            let bytes = fs::read(&source).with_context(|| format!("cannot read {}", source.display()))?;
            let text = String::from_utf8_lossy(&bytes);
            for (level, flags) in group.levels {
                let directives = Directives::read(&text, suite.language, flags, group.defaults, suite.unsaid);
                if !directives.is_run {
                    continue;
                }
                let difference = known.remove(&format!("{path}@{level}"));
                let name = format!("gcc/{}/{path}@{level}", suite.name);
                let mut test = Test::new(name, suite, source.clone(), directives, Arc::clone(workshop));
                test.difference = difference;
                test.is_plain = !text.contains("#define _GLIBCXX") && !text.contains("#undef");
                test.data = mentioned(&data, &text);
                if is_chosen {
                    tests.push(test);
                }
            }
        }
    }
    match known.keys().next() {
        Some(name) => bail!("tests/gcc/{}.txt names {name}, which is no test", suite.name),
        None => Ok(tests),
    }
}

/// Where a suite's differences stand.
pub fn list_of(root: &Path, suite: &Suite) -> PathBuf {
    root.join("tests/gcc").join(suite.name).with_added_extension("txt")
}

fn sources(root: &Path, suite: &Suite, group: &Group) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    add_files(&root.join(group.folder), group.depth, &mut files)?;
    files
        .retain(|path| path.extension().is_some_and(|ending| suite.endings.iter().any(|&end| end == ending)));
    // As conformance.exp leaves them out: somebody has to type, and those that measure.
    let is_left_out = |path: &Path| {
        let inside = path.strip_prefix(root).unwrap_or(path).to_string_lossy().into_owned();
        suite.support == Support::Libstdcxx && (inside.contains("_xin") || inside.contains("performance"))
    };
    files.retain(|path| !is_left_out(path));
    files.sort();
    Ok(files)
}

fn add_files(folder: &Path, depth: Depth, files: &mut Vec<PathBuf>) -> Result<()> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let path = entry.with_context(|| format!("cannot read {}", folder.display()))?.path();
        if !path.is_dir() {
            files.push(path);
        } else if depth == Depth::Tree {
            add_files(&path, depth, files)?;
        }
    }
    Ok(())
}

/// Files that libstdc++'s tests find in their working directory, by name.
fn data_files(root: &Path, suite: &Suite) -> Result<BTreeMap<String, PathBuf>> {
    let mut files = Vec::new();
    if suite.support == Support::Libstdcxx {
        add_files(&root.join("data"), Depth::Flat, &mut files)?;
    }
    let name = |path: &PathBuf| Some(path.file_name()?.to_str()?.to_owned());
    Ok(files.into_iter().filter_map(|path| Some((name(&path)?, path))).collect())
}

fn mentioned(data: &BTreeMap<String, PathBuf>, text: &str) -> Vec<PathBuf> {
    data.iter().filter(|(name, _)| text.contains(name.as_str())).map(|(_, path)| path.clone()).collect()
}
