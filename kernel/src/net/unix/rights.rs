//! Control messages: open files that are sent along (SCM_RIGHTS), and who sends (SCM_CREDENTIALS).

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::fs::fd_table;
use crate::fs::file::File;
use crate::given;
use abi::c::{MSG_CMSG_CLOEXEC, MSG_CTRUNC, SCM_CREDENTIALS, SCM_RIGHTS, SOL_SOCKET};
use abi::errno::Errno;
use abi::socket::ControlHeader;

const HEADER_BYTES: usize = size_of::<ControlHeader>();

/// Most files of one message, as on Linux (SCM_MAX_FD).
const MAX_FILES: usize = 253;

/// Bytes of `struct ucred`.
const CREDENTIALS_BYTES: usize = 12;

/// The files that control messages name. Errors: `EINVAL` messages that do not fit, `EBADF`, `ETOOMANYREFS` too many files.
pub fn files_of(mut control: &[u8]) -> Result<Vec<Arc<dyn File>>, Errno> {
    let mut files = Vec::new();
    while let Some((header, data)) = ControlHeader::take(&mut control)? {
        match (header.level, header.kind) {
            (SOL_SOCKET, SCM_RIGHTS) => {
                for &fd in data.as_chunks().0 {
                    files.push(fd_table::descriptor(i32::from_ne_bytes(fd))?);
                }
            }
            // Whoever says who he is says the truth: there is one process.
            (SOL_SOCKET, SCM_CREDENTIALS) if data.len() == CREDENTIALS_BYTES => {}
            _ => return Err(Errno::EINVAL),
        }
    }
    if files.len() > MAX_FILES { Err(Errno::ETOOMANYREFS) } else { Ok(files) }
}

/// pid, uid, gid of this process.
pub fn credentials() -> [u8; CREDENTIALS_BYTES] {
    let mut bytes = [0; CREDENTIALS_BYTES];
    bytes[..4].copy_from_slice(&(given::info().pid as i32).to_ne_bytes());
    bytes
}

/// Opens the files for the receiver, as control messages for which there is `room` bytes. MSG_CTRUNC if that is too little.
pub fn told(
    files: Vec<Arc<dyn File>>,
    with_credentials: bool,
    room: usize,
    flags: i32,
) -> Result<(Vec<u8>, i32), Errno> {
    let (mut control, mut cut) = (Vec::new(), 0);
    if with_credentials {
        put(&mut control, SCM_CREDENTIALS, &credentials());
    }
    if !files.is_empty() {
        let left = room.saturating_sub(control.len() + HEADER_BYTES) / 4;
        let mut fds = Vec::new();
        let count = files.len();
        for file in files.into_iter().take(left) {
            let fd = fd_table::insert(file, flags & MSG_CMSG_CLOEXEC != 0)?;
            fds.extend_from_slice(&(fd as i32).to_ne_bytes());
        }
        if fds.len() / 4 < count {
            cut = MSG_CTRUNC;
        }
        if !fds.is_empty() {
            put(&mut control, SCM_RIGHTS, &fds);
        }
    }
    // With the padding behind the last one, if that fits.
    let padded = control.len().next_multiple_of(8);
    if padded <= room {
        control.resize(padded, 0);
    }
    Ok((control, cut))
}

fn put(control: &mut Vec<u8>, kind: i32, data: &[u8]) {
    control.resize(control.len().next_multiple_of(8), 0);
    control.extend_from_slice(&(HEADER_BYTES + data.len()).to_ne_bytes());
    control.extend_from_slice(&SOL_SOCKET.to_ne_bytes());
    control.extend_from_slice(&kind.to_ne_bytes());
    control.extend_from_slice(data);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_that_do_not_fit_are_refused() {
        let mut control = Vec::new();
        put(&mut control, SCM_RIGHTS, &(-1_i32).to_ne_bytes());
        assert_eq!(files_of(&control).err(), Some(Errno::EBADF));
        control[0] = 200;
        assert_eq!(files_of(&control).err(), Some(Errno::EINVAL));
        control[0] = 8;
        assert_eq!(files_of(&control).err(), Some(Errno::EINVAL));
        assert!(files_of(&control[..15]).is_ok_and(|files| files.is_empty()));
        let mut unknown = Vec::new();
        put(&mut unknown, 77, &[]);
        assert_eq!(files_of(&unknown).err(), Some(Errno::EINVAL));
    }
}
