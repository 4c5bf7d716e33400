//! The files of the checkout as text: [`Tree`].

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::tool::Cmd;

/// Files of the checkout, by path relative to the root. Files that are no text are left out.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    files: BTreeMap<PathBuf, String>,
}

impl Tree {
    /// Reads what git knows or would add; without git (a source archive) everything but `target/`.
    pub fn read(root: &Path) -> Result<Self> {
        let paths = files(root)?;
        let text = |path: PathBuf| Some((path.clone(), std::fs::read_to_string(root.join(path)).ok()?));
        Ok(Self { files: paths.into_iter().filter_map(text).collect() })
    }

    /// A tree for tests.
    #[cfg(test)]
    pub fn of<const N: usize>(files: [(&str, &str); N]) -> Self {
        Self { files: files.into_iter().map(|(path, text)| (path.into(), text.to_owned())).collect() }
    }

    /// The same with another text of one file, for tests.
    #[cfg(test)]
    pub fn with(mut self, path: &str, text: &str) -> Self {
        self.files.insert(path.into(), text.to_owned());
        self
    }

    /// All files.
    pub fn files(&self) -> impl Iterator<Item = (&Path, &str)> {
        self.files.iter().map(|(path, text)| (path.as_path(), text.as_str()))
    }

    /// All Rust files.
    pub fn rust(&self) -> impl Iterator<Item = (&Path, &str)> {
        self.files().filter(|(path, _)| path.extension().is_some_and(|extension| extension == "rs"))
    }

    /// The text of one file.
    pub fn text(&self, path: impl AsRef<Path>) -> Option<&str> {
        self.files.get(path.as_ref()).map(String::as_str)
    }

    /// Names of the folders at the top that hold files, hidden ones left out.
    pub fn rooms(&self) -> Vec<String> {
        let folder = |path: &Path| match path.components().collect::<Vec<_>>()[..] {
            [first, _, ..] => first.as_os_str().to_str().map(str::to_owned),
            _ => None,
        };
        let mut rooms: Vec<_> = self.files().filter_map(|(path, _)| folder(path)).collect();
        rooms.retain(|room| !room.starts_with('.'));
        rooms.dedup();
        rooms
    }
}

/// What git knows or would add, relative to the root; without git everything but `target/`.
pub fn files(root: &Path) -> Result<Vec<PathBuf>> {
    let git = Cmd::new("git").args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    match git.cwd(root).read() {
        Ok(list) => Ok(list.split_terminator('\0').map(PathBuf::from).collect()),
        Err(_) => everything(root),
    }
}

/// Every file, relative to the root, but `target/`.
pub fn everything(root: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    crate::stamp::files_below(root, &mut files)?;
    let inside =
        |path: PathBuf| path.strip_prefix(root).map(Path::to_path_buf).context("a file lies below the root");
    let files: Result<Vec<_>> = files.into_iter().map(inside).collect();
    Ok(files?.into_iter().filter(|path| !path.starts_with("target")).collect())
}
