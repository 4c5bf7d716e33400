//! The copy of the checkout in which mutants live, `target/mutants/tree`: [`Copy`]. Nothing outside of it ever has a fault in
//! it.
//!
//! It has a target folder of its own, filled from the real one: what is built there is up to date here as well, since
//! stamps are by content. After each mutant [`Copy::mend`] puts everything back.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::crates;
use super::list::Mutant;
use crate::context::{Context, Global};
use crate::files::{create_folder, create_parent, link, write};
use crate::tidy::{Tree, tree};
use crate::workspace::Workspace;

/// What is taken from the real target folder: the installed tree, stamps, what libraries are made of.
const BUILT: &[&str] = &["sysroot", "stamp", "build/libc/names", "build/newlib", "build/openmp"];

/// Of these, what every build changes; others only those of the C library and OpenMP as wholes.
const CHANGED_ALWAYS: &[&str] = &["sysroot", "stamp"];

/// What cargo is told beside the checkout's own configuration. Many small pieces that are not optimized together: what a change
/// of one line concerns is compiled in half a second, with link-time optimization in a minute.
const CARGO_CONFIG: &str = "
[profile.release]
lto = \"off\"
opt-level = 1
codegen-units = 256
incremental = true

[profile.release.package.\"*\"]
opt-level = 0

[profile.kernel]
lto = \"off\"
codegen-units = 64
incremental = true
";

/// The copy.
#[derive(Debug)]
pub struct Copy {
    /// For steps that build in it.
    pub context: Context,
    real: Workspace,
    /// What of the real target folder is kept as it was at the start: somebody may build there meanwhile.
    built: PathBuf,
}

impl Copy {
    /// Makes it, or brings an older one up to date.
    pub fn make(context: &Context) -> Result<Self> {
        let real = context.workspace.clone();
        let folder = real.target().join("mutants");
        let (root, built) = (folder.join("tree"), folder.join("built"));
        let workspace = Workspace::new(root.clone(), root.join("target"));
        let global = Global { no_install: context.global.no_install };
        let source_date = Some(context.source_date_epoch()?);
        let context = Context { global, source_date, ..Context::quiet(workspace)? };
        let copy = Self { context, real, built };
        copy.renew_sources()?;
        copy.keep_built()?;
        copy.mend(Extent::All)?;
        Ok(copy)
    }

    /// The copy's root.
    pub fn root(&self) -> &Path {
        self.context.workspace.root()
    }

    /// Takes over what cargo has compiled of others' crates for tests.
    pub fn take_over_crates(&self, tree: &Tree) -> Result<()> {
        let debug = |workspace: &Workspace| workspace.target().join("debug");
        crates::take_over(&debug(&self.real), &debug(&self.context.workspace), tree)
    }

    /// Puts the fault into the copy's file. Returns the text without it.
    pub fn apply(&self, mutant: &Mutant) -> Result<String> {
        let path = self.root().join(&mutant.file);
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let faulty = mutant.apply(&text).map_err(|what| anyhow::anyhow!("{}: {what}", mutant.title()))?;
        write(&path, faulty)?;
        Ok(text)
    }

    /// Writes the text without the fault: the file gets a new time, or cargo would take what it built of the faulty text for
    /// new.
    pub fn take_out(&self, mutant: &Mutant, text: &str) -> Result<()> {
        write(&self.root().join(&mutant.file), text)
    }

    /// Makes what was built as it was in the real tree.
    pub fn mend(&self, extent: Extent) -> Result<()> {
        let names = if extent == Extent::All { BUILT } else { CHANGED_ALWAYS };
        mirror_each(names, &self.built, self.context.workspace.target())
    }

    fn keep_built(&self) -> Result<()> {
        mirror_each(BUILT, self.real.target(), &self.built)?;
        let sources = self.context.workspace.sources();
        if fs::read_link(&sources).ok().as_deref() == Some(&self.real.sources()) {
            return Ok(());
        }
        // Only ever read, once they are there.
        link(&self.real.sources(), &sources)
    }

    /// Copies every file of the checkout that differs from the copy's, and removes what is gone.
    fn renew_sources(&self) -> Result<()> {
        let files: BTreeSet<PathBuf> = tree::files(self.real.root())?.into_iter().collect();
        for file in &files {
            let (from, to) = (self.real.join(file), self.root().join(file));
            if !from.is_file() {
                continue; // removed, and git has not been told
            }
            let content = fs::read(&from).with_context(|| format!("cannot read {}", from.display()))?;
            if file == Path::new(".cargo/config.toml") {
                renew(&to, &[&content[..], CARGO_CONFIG.as_bytes()].concat())?;
            } else if renew(&to, &content)? {
                fs::set_permissions(&to, fs::metadata(&from)?.permissions())?;
            }
        }
        for file in tree::everything(self.root())?.into_iter().filter(|file| !files.contains(file)) {
            fs::remove_file(self.root().join(&file))
                .with_context(|| format!("cannot remove {}", file.display()))?;
        }
        Ok(())
    }
}

/// How much there is to mend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// The installed tree.
    Tree,
    /// What it is made of, too.
    All,
}

/// Writes a file unless it has this content; whether it had not.
fn renew(path: &Path, content: &[u8]) -> Result<bool> {
    let is_old = fs::read(path).is_ok_and(|old| old == content);
    if !is_old {
        write(path, content)?;
    }
    Ok(!is_old)
}

fn mirror_each(names: &[&str], from: &Path, to: &Path) -> Result<()> {
    for name in names.iter().filter(|name| from.join(name).exists()) {
        mirror(&from.join(name), &to.join(name))?;
    }
    Ok(())
}

/// Makes the file or folder `to` equal to `from`. Files are taken for equal if size and time are, and keep both.
pub fn mirror(from: &Path, to: &Path) -> Result<()> {
    let metadata = fs::symlink_metadata(from).with_context(|| format!("cannot see {}", from.display()))?;
    if !metadata.is_dir() {
        if is_same(&metadata, from, to) {
            return Ok(());
        }
        remove(to)?;
        return copy_as_it_is(&metadata, from, to);
    }
    if !fs::symlink_metadata(to).is_ok_and(|there| there.is_dir()) {
        remove(to)?;
        create_folder(to)?;
    }
    let list = |folder: &Path| -> Result<BTreeSet<_>> {
        let entries = fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?;
        Ok(entries.collect::<Result<Vec<_>, _>>()?.into_iter().map(|entry| entry.file_name()).collect())
    };
    let names = list(from)?;
    for name in list(to)?.difference(&names) {
        remove(&to.join(name))?;
    }
    names.iter().try_for_each(|name| mirror(&from.join(name), &to.join(name)))
}

fn is_same(metadata: &fs::Metadata, source: &Path, copy: &Path) -> bool {
    let Ok(there) = fs::symlink_metadata(copy) else { return false };
    if metadata.is_symlink() {
        return there.is_symlink() && fs::read_link(source).ok() == fs::read_link(copy).ok();
    }
    let seen = |of: &fs::Metadata| (of.file_type(), of.len(), of.mtime(), of.mtime_nsec(), of.mode());
    seen(metadata) == seen(&there)
}

fn copy_as_it_is(metadata: &fs::Metadata, source: &Path, copy: &Path) -> Result<()> {
    let place = || format!("cannot copy {} to {}", source.display(), copy.display());
    create_parent(copy)?;
    if metadata.is_symlink() {
        return std::os::unix::fs::symlink(fs::read_link(source)?, copy).with_context(place);
    }
    fs::copy(source, copy).with_context(place)?;
    let time = metadata.modified().with_context(place)?;
    File::options().write(true).open(copy).and_then(|file| file.set_modified(time)).with_context(place)
}

fn remove(path: &Path) -> Result<()> {
    let result = match fs::symlink_metadata(path) {
        Err(_) => return Ok(()),
        Ok(metadata) if metadata.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
    };
    result.with_context(|| format!("cannot remove {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(path: &Path) -> String {
        fs::read_to_string(path).unwrap()
    }

    #[test]
    fn a_mirror_shows_what_is_there_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("from"), folder.path().join("to"));
        write(&from.join("a/one"), "one").unwrap();
        write(&from.join("two"), "two").unwrap();
        link(Path::new("two"), &from.join("link")).unwrap();
        mirror(&from, &to).unwrap();
        let seen = |path: &Path| fs::metadata(path).unwrap().modified().unwrap();
        assert_eq!((text(&to.join("a/one")), text(&to.join("link"))), ("one".into(), "two".into()));
        assert_eq!(seen(&to.join("two")), seen(&from.join("two")), "stamps compare times");

        write(&to.join("two"), "TWO").unwrap();
        write(&to.join("b/more"), "").unwrap();
        fs::remove_dir_all(to.join("a")).unwrap();
        write(&to.join("a"), "a file").unwrap();
        link(Path::new("a"), &to.join("link")).unwrap();
        mirror(&from, &to).unwrap();
        assert_eq!((text(&to.join("a/one")), text(&to.join("two"))), ("one".into(), "two".into()));
        assert_eq!(fs::read_link(to.join("link")).unwrap(), Path::new("two"));
        assert!(!to.join("b").exists());
    }

    #[test]
    fn what_has_not_changed_keeps_its_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("f");
        assert!(renew(&path, b"a").unwrap());
        assert!(!renew(&path, b"a").unwrap());
        assert!(renew(&path, b"b").unwrap() && text(&path) == "b");
    }
}
