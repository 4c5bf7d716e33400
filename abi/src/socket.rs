//! What kernel and proxy exchange about sockets: [`Message`], [`CountedMessage`].
//!
//! Addresses, options and control messages are Linux's own structures, and travel as bytes.

use crate::c;
use crate::c::layout;
use crate::errno::Errno;

/// `struct ifreq`, in bytes.
pub const INTERFACE_BYTES: usize = 40;

/// Whether a request of ioctl(2) asks for something of one interface, named in a `struct ifreq`, and changes nothing.
pub const fn asks_of_interface(request: u64) -> bool {
    matches!(
        request,
        c::SIOCGIFNAME
            | c::SIOCGIFFLAGS
            | c::SIOCGIFADDR
            | c::SIOCGIFDSTADDR
            | c::SIOCGIFBRDADDR
            | c::SIOCGIFNETMASK
            | c::SIOCGIFMTU
            | c::SIOCGIFHWADDR
            | c::SIOCGIFINDEX
    )
}

/// `struct cmsghdr`: what is in front of each control message. Messages are aligned to 8 bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct ControlHeader {
    /// Length of header and data, in bytes.
    pub len_bytes: u64,
    /// SOL_SOCKET, IPPROTO_IP, ...
    pub level: i32,
    /// SCM_RIGHTS, IP_TTL, ...
    pub kind: i32,
}

impl ControlHeader {
    /// Takes the first message off `control`: its header, and its data. `None`: there is none any more. `EINVAL`: its length does
    /// not fit.
    pub fn take<'a>(control: &mut &'a [u8]) -> Result<Option<(Self, &'a [u8])>, Errno> {
        let Some((&length, rest)) = control.split_first_chunk() else { return Ok(None) };
        let Some((&level, rest)) = rest.split_first_chunk() else { return Ok(None) };
        let Some((&kind, _)) = rest.split_first_chunk() else { return Ok(None) };
        let len_bytes = usize::from_ne_bytes(length);
        let data = control.get(size_of::<Self>()..len_bytes).ok_or(Errno::EINVAL)?;
        *control = control.get(len_bytes.next_multiple_of(8)..).unwrap_or_default();
        let (level, kind) = (i32::from_ne_bytes(level), i32::from_ne_bytes(kind));
        Ok(Some((Self { len_bytes: len_bytes as u64, level, kind }, data)))
    }
}

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
    ControlHeader = "struct cmsghdr" in "sys/socket.h" later {
        members: len_bytes as "cmsg_len", level as "cmsg_level", kind as "cmsg_type";
        padding:;
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn message(len: u64) -> [u8; 24] {
        let mut bytes = [0; 24];
        bytes[..8].copy_from_slice(&len.to_ne_bytes());
        (bytes[8], bytes[12]) = (1, 2);
        bytes[16..20].copy_from_slice(b"data");
        bytes
    }

    #[test]
    fn control_messages_come_one_after_the_other() {
        let two = [message(20), message(16)];
        let mut left = two.as_flattened();
        let header = |len_bytes| ControlHeader { len_bytes, level: 1, kind: 2 };
        assert_eq!(ControlHeader::take(&mut left), Ok(Some((header(20), &b"data"[..]))));
        assert_eq!(ControlHeader::take(&mut left), Ok(Some((header(16), &b""[..]))));
        assert_eq!(ControlHeader::take(&mut left), Ok(None));
    }

    #[test]
    fn lengths_that_do_not_fit_are_refused() {
        for len in [0, 15, 25, u64::MAX, u64::MAX - 7] {
            assert_eq!(ControlHeader::take(&mut &message(len)[..]), Err(Errno::EINVAL), "{len}");
        }
        assert_eq!(ControlHeader::take(&mut &message(20)[..15]), Ok(None));
        assert!(
            ControlHeader::take(&mut &message(20)[..20]).is_ok_and(|one| one.is_some()),
            "padding is not needed"
        );
    }
}
