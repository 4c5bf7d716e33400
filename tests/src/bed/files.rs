//! Files on their way between runner and agent: [`pack`] reads them, [`unpack`] writes them.

use std::fs;
use std::io;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use super::wire::{Content, Item};

/// Files that are longer stay where they are: tests compare none of them.
const MAX_BYTES: u64 = 64 << 20;

/// Everything below `folder`, itself included; what cannot be read is left out.
pub fn pack(folder: &Path) -> Vec<Item> {
    let mut items = vec![Item { path: folder.to_owned(), content: Content::Folder }];
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => items.extend(pack(&path)),
            Ok(kind) if kind.is_symlink() => {
                items.extend(fs::read_link(&path).map(|to| Item { path, content: Content::Link(to) }).ok());
            }
            Ok(kind) if kind.is_file() => items.extend(pack_file(&path).ok().flatten()),
            _ => {}
        }
    }
    items
}

/// One file; `None` if it is too long.
///
/// # Errors
/// Those of the file system.
pub fn pack_file(path: &Path) -> io::Result<Option<Item>> {
    let metadata = fs::metadata(path)?;
    if metadata.len() > MAX_BYTES {
        return Ok(None);
    }
    let content = Content::File(fs::read(path)?, metadata.permissions().mode());
    Ok(Some(Item { path: path.to_owned(), content }))
}

/// Writes them all, over what is there.
///
/// # Errors
/// Those of the file system.
pub fn unpack(items: &[Item]) -> io::Result<()> {
    for Item { path, content } in items {
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        match content {
            Content::Folder => fs::create_dir_all(path)?,
            Content::Link(to) => {
                // Nothing to remove is as good as removed.
                let _ = fs::remove_file(path);
                symlink(to, path)?;
            }
            Content::File(bytes, mode) => {
                let _ = fs::remove_file(path);
                fs::write(path, bytes)?;
                fs::set_permissions(path, fs::Permissions::from_mode(*mode))?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_is_unpacked() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("pack");
        fs::create_dir_all(folder.join("a/b")).unwrap();
        fs::write(folder.join("a/file"), "text").unwrap();
        symlink("file", folder.join("a/link")).unwrap();
        let items = pack(&folder);
        fs::remove_dir_all(&folder).unwrap();
        unpack(&items).unwrap();
        assert_eq!(fs::read_to_string(folder.join("a/link")).unwrap(), "text");
        assert!(folder.join("a/b").is_dir());
    }
}
