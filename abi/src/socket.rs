//! What kernel and proxy exchange about sockets: [`Message`], [`CountedMessage`].
//!
//! Addresses, options and control messages are Linux's own structures, and travel as bytes.

use crate::c::layout;

/// `struct msghdr`, of one transfer. Addresses are guest addresses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct Message {
    /// The other side's address; 0: not told, or not asked.
    pub name: u64,
    /// Its length, in bytes; when it is asked for: how much room.
    pub name_bytes: u32,
    /// Padding.
    pub pad0: u32,
    /// The data, of [`crate::file::IoVec`].
    pub vectors: u64,
    /// How many.
    pub count: u64,
    /// Control messages (cmsg(3)).
    pub control: u64,
    /// Their length, in bytes; when they are asked for: how much room.
    pub control_bytes: u64,
    /// What has come: MSG_TRUNC, MSG_CTRUNC, ...
    pub flags: i32,
    /// Padding.
    pub pad1: u32,
}

/// `struct mmsghdr`: a message, and how many bytes of it have been moved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct CountedMessage {
    /// The message.
    pub message: Message,
    /// Bytes.
    pub bytes: u32,
    /// Padding.
    pub pad0: u32,
}

layout! {
    Message = "struct msghdr" in "sys/socket.h" later {
        members: name as "msg_name", name_bytes as "msg_namelen", vectors as "msg_iov", count as "msg_iovlen",
            control as "msg_control", control_bytes as "msg_controllen", flags as "msg_flags";
        padding: pad0, pad1;
    }
    CountedMessage = "struct mmsghdr" in "sys/socket.h" later {
        members: message as "msg_hdr", bytes as "msg_len";
        padding: pad0;
    }
}
