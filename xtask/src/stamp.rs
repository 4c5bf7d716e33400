//! What a step looked like when it last succeeded: [`Stamp`], kept in `target/stamp/<step>.json`.
//!
//! Inputs are compared by content (SHA-256). Content is read again only where size or modification time of a
//! file differ from the last time: [`Digests`] remembers, so that a repeat with nothing changed reads no file.
//! Paths are kept relative to the workspace, so that a checkout copied with its times (`cp -a`) is up to date as well.

use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::code::Code;
use crate::files::{create_parent, files_below, hex};

/// Everything that a step depends on. Order does not matter.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    texts: BTreeMap<String, String>,
    files: Vec<PathBuf>,
    trees: Vec<PathBuf>,
    code: Vec<String>,
}

/// Inputs and outputs of a step when it last succeeded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    inputs: String,
    outputs: BTreeMap<PathBuf, Seen>,
}

/// How a file looked from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Seen {
    len_bytes: u64,
    modified_ns: i128,
}

/// Content digests of files, remembered between runs.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Digests {
    known: BTreeMap<PathBuf, (Seen, String)>,
    #[serde(skip)]
    changed: bool,
    #[serde(skip)]
    code: Code,
}

impl Inputs {
    /// Adds a text: a flag, a version, the recipe.
    pub fn text(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.texts.insert(name.into(), value.into());
    }

    /// Adds the content of a file; it may be missing, which is a state as well.
    pub fn file(&mut self, path: PathBuf) {
        self.files.push(path);
    }

    /// Adds the content of every file below a folder.
    pub fn tree(&mut self, path: PathBuf) {
        self.trees.push(path);
    }

    /// Adds the code that makes it: a source file, named from the workspace's root on, and all that it names.
    pub fn code(&mut self, file: &str) {
        self.code.push(file.to_owned());
    }

    /// Whether a file is one of them, by name or below a folder.
    pub fn contain(&self, path: &Path) -> bool {
        self.files.iter().any(|file| file == path) || self.trees.iter().any(|tree| path.starts_with(tree))
    }

    /// One digest for all of it, with paths relative to `root`.
    fn digest(&self, root: &Path, digests: &mut Digests) -> Result<String> {
        let mut files = self.files.clone();
        for tree in &self.trees {
            files.extend(files_below(tree)?);
        }
        files.sort();
        files.dedup();
        let mut hasher = Sha256::new();
        for (name, value) in &self.texts {
            hasher.update(format!("text {}:{name}={}:{value}\n", name.len(), value.len()));
        }
        for file in &self.code {
            hasher.update(format!("code {file} {}\n", digests.code.digest(root, file)?));
        }
        for file in &files {
            hasher.update(format!("file {} {}\n", below(root, file).display(), digests.of(file)?));
        }
        Ok(hex(&hasher.finalize()))
    }
}

impl Stamp {
    /// The state of `inputs` and `outputs` now, in the workspace `root`. A missing output is left out, so that it never
    /// equals a stamp of success.
    pub fn now(root: &Path, inputs: &Inputs, outputs: &[PathBuf], digests: &mut Digests) -> Result<Self> {
        let mut stamp = Self { inputs: inputs.digest(root, digests)?, outputs: BTreeMap::new() };
        for path in outputs {
            if let Ok(metadata) = fs::metadata(path) {
                // Several steps may write below one folder: only its existence counts.
                let seen = if metadata.is_dir() { Seen::FOLDER } else { Seen::of(&metadata) };
                stamp.outputs.insert(below(root, path).to_path_buf(), seen);
            }
        }
        Ok(stamp)
    }

    /// Outputs of `expected` that do not exist.
    pub fn missing<'a>(
        &'a self,
        root: &'a Path,
        expected: &'a [PathBuf],
    ) -> impl Iterator<Item = &'a PathBuf> {
        expected.iter().filter(move |path| !self.outputs.contains_key(below(root, path)))
    }

    /// These inputs with the outputs of `later`.
    pub fn with_outputs_of(self, later: Self) -> Self {
        Self { inputs: self.inputs, outputs: later.outputs }
    }

    /// The stamp that was stored at `path`; `None` if there is none or it cannot be read.
    pub fn load(path: &Path) -> Option<Self> {
        serde_json::from_slice(&fs::read(path).ok()?).ok()
    }

    /// Stores it.
    pub fn store(&self, path: &Path) -> Result<()> {
        write_json(path, self)
    }
}

impl Digests {
    const FILE: &str = "digests.json";

    /// What was remembered in `folder`.
    pub fn load(folder: &Path) -> Self {
        let bytes = fs::read(folder.join(Self::FILE)).unwrap_or_default();
        serde_json::from_slice(&bytes).unwrap_or_default()
    }

    /// Remembers for the next run; files that are gone are forgotten.
    pub fn store(&mut self, folder: &Path) -> Result<()> {
        if !self.changed {
            return Ok(());
        }
        self.known.retain(|path, _| path.exists());
        self.changed = false;
        write_json(&folder.join(Self::FILE), self)
    }

    /// Reads the code that `inputs` name. What changes later belongs to another build of xtask than the one that runs.
    pub fn read_code(&mut self, root: &Path, inputs: &Inputs) -> Result<()> {
        inputs.code.iter().try_for_each(|file| self.code.digest(root, file).map(drop))
    }

    /// SHA-256 of a file's content in hex, or `missing`.
    pub fn of(&mut self, path: &Path) -> Result<String> {
        let Ok(metadata) = fs::metadata(path) else { return Ok("missing".to_owned()) };
        let seen = Seen::of(&metadata);
        if let Some((then, digest)) = self.known.get(path)
            && *then == seen
        {
            return Ok(digest.clone());
        }
        let digest = sha256_of_file(path)?;
        self.known.insert(path.to_path_buf(), (seen, digest.clone()));
        self.changed = true;
        Ok(digest)
    }
}

impl Seen {
    const FOLDER: Self = Self { len_bytes: 0, modified_ns: 0 };

    fn of(metadata: &Metadata) -> Self {
        let modified_ns = i128::from(metadata.mtime()) * 1_000_000_000 + i128::from(metadata.mtime_nsec());
        Self { len_bytes: metadata.len(), modified_ns }
    }
}

/// `path` as seen from `root`, if it is below it.
fn below<'a>(root: &Path, path: &'a Path) -> &'a Path {
    path.strip_prefix(root).unwrap_or(path)
}

/// SHA-256 of a file's content, in hex.
pub fn sha256_of_file(path: &Path) -> Result<String> {
    let mut file = fs::File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut hasher = Sha256::new();
    std::io::copy(&mut file, &mut hasher).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(hex(&hasher.finalize()))
}

/// Writes `value` as JSON, all of it or nothing.
pub fn write_json(path: &Path, value: &impl Serialize) -> Result<()> {
    create_parent(path)?;
    // A half-written stamp must not survive Ctrl-C: write aside, then rename.
    let aside = path.with_extension("new");
    let bytes = serde_json::to_vec(value).context("a stamp cannot be written as JSON")?;
    fs::write(&aside, bytes)
        .and_then(|()| fs::rename(&aside, path))
        .with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixture {
        folder: tempfile::TempDir,
        inputs: Inputs,
        output: Vec<PathBuf>,
    }

    impl Fixture {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            fs::create_dir(folder.path().join("tree")).unwrap();
            fs::write(folder.path().join("tree/a"), "a").unwrap();
            fs::write(folder.path().join("out"), "o").unwrap();
            let mut inputs = Inputs::default();
            inputs.text("flags", "-O2");
            inputs.tree(folder.path().join("tree"));
            let output = vec![folder.path().join("out")];
            Self { folder, inputs, output }
        }

        fn now(&self) -> Stamp {
            Stamp::now(self.folder.path(), &self.inputs, &self.output, &mut Digests::default()).unwrap()
        }
    }

    #[test]
    fn nothing_changed_is_equal_also_through_the_file() {
        let fixture = Fixture::new();
        let path = fixture.folder.path().join("stamps/s.json");
        fixture.now().store(&path).unwrap();
        assert_eq!(Stamp::load(&path), Some(fixture.now()));
    }

    #[test]
    fn touching_an_input_without_changing_it_is_equal() {
        let fixture = Fixture::new();
        let before = fixture.now();
        fs::write(fixture.folder.path().join("tree/a"), "a").unwrap();
        assert_eq!(before, fixture.now());
    }

    #[test]
    fn content_a_new_file_a_removed_one_and_a_text_count() {
        let mut fixture = Fixture::new();
        let before = fixture.now();
        fs::write(fixture.folder.path().join("tree/a"), "b").unwrap();
        let changed = fixture.now();
        assert_ne!(before, changed);
        fs::write(fixture.folder.path().join("tree/b"), "").unwrap();
        assert_ne!(changed, fixture.now());
        fs::remove_file(fixture.folder.path().join("tree/b")).unwrap();
        assert_eq!(changed, fixture.now());
        fixture.inputs.text("flags", "-O3");
        assert_ne!(changed, fixture.now());
    }

    #[test]
    fn a_missing_output_is_told() {
        let fixture = Fixture::new();
        let before = fixture.now();
        fs::remove_file(&fixture.output[0]).unwrap();
        let after = fixture.now();
        assert_ne!(before, after);
        assert_eq!(
            after.missing(fixture.folder.path(), &fixture.output).collect::<Vec<_>>(),
            vec![&fixture.output[0]]
        );
    }

    #[test]
    fn a_moved_checkout_is_equal() {
        let mut fixture = Fixture::new();
        let before = fixture.now();
        let elsewhere = fixture.folder.path().with_extension("moved");
        fs::rename(fixture.folder.path(), &elsewhere).unwrap();
        fixture.inputs = Inputs::default();
        fixture.inputs.text("flags", "-O2");
        fixture.inputs.tree(elsewhere.join("tree"));
        let moved =
            Stamp::now(&elsewhere, &fixture.inputs, &[elsewhere.join("out")], &mut Digests::default());
        fs::rename(&elsewhere, fixture.folder.path()).unwrap();
        assert_eq!(before, moved.unwrap());
    }

    #[test]
    fn sha256_is_sha256() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("f"), "abc").unwrap();
        let digest = sha256_of_file(&folder.path().join("f")).unwrap();
        assert_eq!(digest, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
