//! What runner and agent say to each other: [`Request`] and [`Reply`], in frames of a length and postcard's bytes.

use std::io::{self, Read, Write};
use std::path::PathBuf;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::launch::{Launch, Outcome};

/// Longest message, in bytes: the largest image and then some.
const MAX_BYTES: u32 = 256 << 20;

/// A file or a folder on its way.
#[derive(Debug, Serialize, Deserialize)]
pub struct Item {
    /// Its absolute path, the same on both sides.
    #[serde(with = "any_path")]
    pub path: PathBuf,
    /// What it is.
    pub content: Content,
}

/// What an item is.
#[derive(Debug, Serialize, Deserialize)]
pub enum Content {
    /// A folder, made with its parents.
    Folder,
    /// A symbolic link to this path.
    Link(#[serde(with = "any_path")] PathBuf),
    /// A file with these bytes and this mode; its parents are made.
    File(Vec<u8>, u32),
}

/// What the runner asks for.
#[derive(Debug, Serialize, Deserialize)]
pub enum Request {
    /// Write these.
    Put(Vec<Item>),
    /// Read this file.
    Get(#[serde(with = "any_path")] PathBuf),
    /// Start a command; the session goes on until it is finished.
    Start(Launch),
    /// [`crate::launch::Running::wait_for_output`].
    WaitForOutput(String),
    /// [`crate::launch::Running::signal_group`].
    SignalGroup(i32),
    /// [`crate::launch::Running::signal`].
    Signal(i32),
    /// [`crate::launch::Running::finish`], and what is in the working directory then.
    Finish,
}

/// What the agent answers.
#[derive(Debug, Serialize, Deserialize)]
pub enum Reply {
    /// It is done; the first message of an agent, too.
    Done,
    /// Whether the output came.
    Came(bool),
    /// The file.
    File(Vec<u8>),
    /// How the command ended.
    Finished(Outcome, Vec<Item>),
    /// It cannot be done.
    Failed(String),
}

/// Paths as bytes: programs make files whose names are no UTF-8, which serde refuses.
mod any_path {
    use std::ffi::OsString;
    use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
    use std::path::{Path, PathBuf};

    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    pub fn serialize<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
        path.as_os_str().as_bytes().serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<PathBuf, D::Error> {
        Vec::deserialize(deserializer).map(|bytes| OsString::from_vec(bytes).into())
    }
}

/// Sends one message.
///
/// # Errors
/// Those of the line.
pub fn send(mut line: impl Write, message: &impl Serialize) -> io::Result<()> {
    let bytes = postcard::to_stdvec(message).map_err(io::Error::other)?;
    let len = u32::try_from(bytes.len()).map_err(io::Error::other)?;
    let mut frame = len.to_le_bytes().to_vec();
    frame.extend(bytes);
    line.write_all(&frame)?;
    line.flush()
}

/// Receives one message.
///
/// # Errors
/// Those of the line, and bytes that are no message.
pub fn receive<T: DeserializeOwned>(mut line: impl Read) -> io::Result<T> {
    let mut len = [0; 4];
    line.read_exact(&mut len)?;
    let len = u32::from_le_bytes(len);
    if len > MAX_BYTES {
        return Err(io::Error::other(format!("a message of {len} bytes")));
    }
    let mut bytes = vec![0; len as usize];
    line.read_exact(&mut bytes)?;
    postcard::from_bytes(&bytes).map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_survives_the_line() {
        let item = Item { path: "/a b".into(), content: Content::File(vec![0, 255, 10], 0o755) };
        let mut line = Vec::new();
        send(&mut line, &Request::Put(vec![item])).unwrap();
        send(&mut line, &Request::Finish).unwrap();
        let mut line = line.as_slice();
        let Request::Put(items) = receive(&mut line).unwrap() else { panic!("another request") };
        assert!(matches!(&items[0].content, Content::File(bytes, 0o755) if bytes == &[0, 255, 10]));
        assert!(matches!(receive(&mut line).unwrap(), Request::Finish));
        assert!(receive::<Request>(&mut line).is_err(), "nothing more");
    }

    #[test]
    fn names_may_be_any_bytes() {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt as _;
        let name = OsStr::from_bytes(b"/a/\xff\xfe\n");
        let mut line = Vec::new();
        send(&mut line, &Item { path: name.into(), content: Content::Link(name.into()) }).unwrap();
        let item: Item = receive(line.as_slice()).unwrap();
        assert_eq!(item.path, name);
        assert!(matches!(item.content, Content::Link(to) if to == name));
    }

    #[test]
    fn a_wild_length_is_refused() {
        assert!(receive::<Request>(&[255, 255, 255, 255, 0][..]).is_err());
    }
}
