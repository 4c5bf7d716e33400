//! `tests/gcc/SUITE.txt`: the tests that pass natively and not in the isle, with reasons: [`differences`].

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};

/// Lines `PATH@LEVEL: why it differs`; `#` begins a comment. A test has one line.
///
/// # Errors
/// A list that cannot be read, a line without reason, a test with two lines.
pub fn differences(list: &Path) -> Result<BTreeMap<String, String>> {
    let text = fs::read_to_string(list).with_context(|| format!("cannot read {}", list.display()))?;
    let mut all = BTreeMap::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let Some((name, reason)) = line.split_once(": ") else {
            bail!("{}: a line without reason: {line}", list.display());
        };
        if all.insert(name.to_owned(), reason.to_owned()).is_some() {
            bail!("{}: {name} has a line already", list.display());
        }
    }
    Ok(all)
}
