//! What libc.a may not define, and what it may ask for: checked after every build, so that a name that cannot work never
//! links, and every name that a header promises does.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};

use crate::files::write;
use crate::symbols::Symbols;

/// What the linker defines, and crt0.o.
const FROM_OUTSIDE: &[&str] = &["_GLOBAL_OFFSET_TABLE_", "__ehdr_start", "_end", "runtime_entry"];

/// Fails if `libc` defines a name of the list `absent`, or needs one that is nowhere: not in itself, in `others` or
/// among the kernel's calls.
pub fn check(libc: &Path, others: &[&Path], absent: &Path) -> Result<()> {
    let list = fs::read_to_string(absent).with_context(|| format!("cannot read {}", absent.display()))?;
    let Symbols { defined, needed } = Symbols::of_archive(libc)?;
    let present: Vec<_> = words(&list).filter(|name| defined.contains(*name)).collect();
    if !present.is_empty() {
        bail!(
            "{} defines what an isle cannot do: {}\nnote: if it can now, take the name out of {}",
            libc.display(),
            present.join(" "),
            absent.display()
        );
    }
    let mut known = defined;
    for other in others {
        known.extend(Symbols::of_archive(other)?.defined);
    }
    let is_outside = |name: &String| name.starts_with("sys_") || FROM_OUTSIDE.contains(&name.as_str());
    let missing: Vec<_> =
        needed.into_iter().filter(|name| !known.contains(name) && !is_outside(name)).collect();
    if !missing.is_empty() {
        bail!("{} needs what is nowhere: {}", libc.display(), missing.join(" "));
    }
    Ok(())
}

/// Writes the names that `archives` define into `file`: what a configure script can find in the C library.
pub fn list(archives: &[&Path], file: &Path) -> Result<()> {
    let mut all = BTreeSet::new();
    for archive in archives {
        all.extend(Symbols::of_archive(archive)?.defined);
    }
    write(file, all.into_iter().collect::<Vec<_>>().join("\n") + "\n")
}

/// `#` begins a comment.
fn words(list: &str) -> impl Iterator<Item = &str> {
    list.lines().filter_map(|line| line.split('#').next()).flat_map(str::split_whitespace)
}

#[cfg(test)]
mod tests {
    #[test]
    fn comments_are_no_names() {
        assert_eq!(
            super::words("fork vfork # processes\n\nexecve").collect::<Vec<_>>(),
            ["fork", "vfork", "execve"]
        );
    }
}
