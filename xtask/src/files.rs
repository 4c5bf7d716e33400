//! What steps, stamps and rules do with files and folders; every error names the path.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

/// Creates the folder that `path` is to lie in.
pub fn create_parent(path: &Path) -> Result<()> {
    let parent = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(parent).with_context(|| format!("cannot create the folder {}", parent.display()))
}

/// Creates a folder unless it is there.
pub fn create_folder(path: &Path) -> Result<()> {
    fs::create_dir_all(path).with_context(|| format!("cannot create {}", path.display()))
}

/// Makes an empty folder, removing what was in it.
pub fn empty_folder(path: &Path) -> Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            return Err(error).with_context(|| format!("cannot empty {}", path.display()));
        }
        _ => {}
    }
    create_folder(path)
}

/// Writes a file; folders are created.
pub fn write(path: &Path, content: impl AsRef<[u8]>) -> Result<()> {
    create_parent(path)?;
    fs::write(path, content).with_context(|| format!("cannot write {}", path.display()))
}

/// Copies a file, its permissions included; folders are created.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    create_parent(to)?;
    // A running binary cannot be overwritten, but it can be replaced.
    let _ = fs::remove_file(to);
    fs::copy(from, to)
        .map(|_| ())
        .with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))
}

/// Copies every file below a folder.
pub fn copy_tree(from: &Path, to: &Path) -> Result<()> {
    files_below(from)?.iter().try_for_each(|file| {
        let inside = file.strip_prefix(from).context("a file below a folder starts with the folder")?;
        copy(file, &to.join(inside))
    })
}

/// Makes `path` a symbolic link to `target`, replacing what was there.
pub fn link(target: &Path, path: &Path) -> Result<()> {
    create_parent(path)?;
    let _ = fs::remove_file(path);
    std::os::unix::fs::symlink(target, path)
        .with_context(|| format!("cannot create the link {}", path.display()))
}

/// What is in a folder, sorted: the order in which a file system tells it is no order.
pub fn list(folder: &Path) -> Result<Vec<PathBuf>> {
    let failed = || format!("cannot list {}", folder.display());
    let entries = fs::read_dir(folder).with_context(failed)?;
    let mut paths =
        entries.map(|entry| Ok(entry.with_context(failed)?.path())).collect::<Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

/// What is in a folder and has one of the `extensions`, sorted.
pub fn list_with(folder: &Path, extensions: &[&str]) -> Result<Vec<PathBuf>> {
    let mut paths = list(folder)?;
    paths.retain(|path| path.extension().is_some_and(|found| extensions.iter().any(|&one| found == one)));
    Ok(paths)
}

/// All files below `folder` (which may be missing), sorted, hidden ones and editors' backups left out.
pub fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    if folder.is_dir() {
        add_files_below(folder, &mut found)?;
    }
    found.sort();
    Ok(found)
}

fn add_files_below(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    for path in list(folder)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with('.') || name.ends_with('~') {
            continue;
        }
        // What a link leads to is not below the folder.
        let metadata =
            path.symlink_metadata().with_context(|| format!("cannot look at {}", path.display()))?;
        if metadata.is_dir() { add_files_below(&path, found)? } else { found.push(path) }
    }
    Ok(())
}

/// In hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_told_in_order_without_hidden_files_and_backups() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        for name in ["b.c", "a.c", "a.c~", ".hidden/c.c", "inner/d.S"] {
            write(&path(name), "x").unwrap();
        }
        link(Path::new("inner"), &path("again")).unwrap();
        assert_eq!(files_below(folder.path()).unwrap(), ["a.c", "again", "b.c", "inner/d.S"].map(path));
        assert_eq!(list_with(folder.path(), &["c"]).unwrap(), ["a.c", "b.c"].map(path));
        assert!(files_below(&path("missing")).unwrap().is_empty());
        let error = list(&path("missing")).unwrap_err().to_string();
        assert!(error.contains("cannot list") && error.contains("missing"), "{error}");
    }

    #[test]
    fn copies_replace_and_folders_are_created() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        write(&path("from/a/b"), "new").unwrap();
        write(&path("to/a/b"), "old").unwrap();
        copy_tree(&path("from"), &path("to")).unwrap();
        assert_eq!(fs::read(path("to/a/b")).unwrap(), b"new");
        empty_folder(&path("to")).unwrap();
        assert!(list(&path("to")).unwrap().is_empty());
    }
}
