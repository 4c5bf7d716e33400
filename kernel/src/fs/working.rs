//! The working directory, which is the host's or in memory.

use alloc::vec::Vec;

use super::file::File;
use super::host::handle_of;
use super::host::names as there;
use super::memory::{self, node_of};
use abi::errno::Errno;

/// fchdir(2).
pub fn chdir_to(file: &dyn File) -> Result<(), Errno> {
    if let Some(node) = node_of(file) {
        if !node.is_directory() {
            return Err(Errno::ENOTDIR);
        }
        memory::change_working(Some(node));
        return Ok(());
    }
    there::chdir_to(handle_of(file).ok_or(Errno::ENOTDIR)?)?;
    memory::change_working(None);
    Ok(())
}

/// getcwd(2): with its NUL.
pub fn getcwd() -> Result<Vec<u8>, Errno> {
    let Some(mut path) = memory::working_path()? else { return there::getcwd() };
    path.push(0);
    Ok(path)
}
