//! The program's memory as `/proc/self/maps` tells it, and how large it is.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use super::spot::{IMAGE, MAIN};
use crate::fs::host::names::{self as there, HostPath};
use crate::image::{self, Protection};
use crate::mm::{self, reserve};
use crate::sched::{self, StackPlace};
use abi::hypercall::MAX_PATH_BYTES;
use abi::layout::PAGE_SIZE;

/// Where names begin, as on Linux.
const NAME_COLUMN: usize = 73;

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Mapping {
    start: u64,
    end: u64,
    access: &'static str,
    name: &'static str,
}

/// How large the program is, in bytes.
pub struct Sizes {
    /// All that is mapped.
    pub total: u64,
    /// Segments of code.
    pub code: u64,
    /// The main thread's stack.
    pub stack: u64,
}

impl Sizes {
    /// As it is now.
    pub fn now() -> Self {
        let pages = |segment: &image::Segment| segment.len_bytes.next_multiple_of(PAGE_SIZE);
        let of_image: u64 = image::segments().map(|segment| pages(&segment)).sum();
        let is_code = |segment: &image::Segment| segment.protection == Protection::ReadExecute;
        let code = image::segments().filter(is_code).map(|segment| pages(&segment)).sum();
        let stack =
            sched::stacks().iter().find(|(id, _)| *id == MAIN).map_or(0, |(_, place)| place.len_bytes());
        Self { total: of_image + mm::mapped_bytes(), code, stack }
    }
}

/// `/proc/self/maps`.
pub fn text() -> Vec<u8> {
    let path = there::readlink(HostPath::new(IMAGE), MAX_PATH_BYTES as usize).unwrap_or_default();
    let path = String::from_utf8_lossy(&path);
    let (device, inode) =
        there::stat(HostPath::new(IMAGE), 0).map_or((0, 0), |stat| (stat.st_dev, stat.st_ino));
    let mut text = String::new();
    for segment in image::segments() {
        let access = match segment.protection {
            Protection::ReadExecute => "r-xp",
            Protection::ReadWrite => "rw-p",
            Protection::Read => "r--p",
            Protection::None => "---p",
        };
        let offset = segment.file_offset & !(PAGE_SIZE - 1);
        let device = format!("{:02x}:{:02x}", major(device), minor(device));
        let place = format!("{:08x}-{:08x}", segment.first_page(), segment.pages_end());
        line(&mut text, &format!("{place} {access} {offset:08x} {device} {inode}"), &path);
    }
    for Mapping { start, end, access, name } in split(mm::allocated(0..u64::MAX), &sched::stacks()) {
        let mut from = start;
        for (until, access) in reservation(start, end).unwrap_or_else(|| [(end, access)].into()) {
            line(&mut text, &format!("{from:08x}-{until:08x} {access} 00000000 00:00 0"), name);
            from = until;
        }
    }
    text.into_bytes()
}

/// Where the parts of a reservation end that have pages, and those that have none.
fn reservation(start: u64, end: u64) -> Option<Vec<(u64, &'static str)>> {
    if !reserve::concerns(start) {
        return None;
    }
    let (mut parts, mut from) = (Vec::new(), start);
    let _ = reserve::for_committed(start, end - start, |part| {
        if part.start > from {
            parts.push((part.start, "---p"));
        }
        parts.push((part.end, "rw-p"));
        from = part.end;
        Ok(())
    });
    if from < end {
        parts.push((end, "---p"));
    }
    Some(parts)
}

/// With its name in the column where Linux puts it, if it has one.
fn line(text: &mut String, mapping: &str, name: &str) {
    text.push_str(mapping);
    text.push(' ');
    if !name.is_empty() {
        (mapping.len() + 1..NAME_COLUMN).for_each(|_| text.push(' '));
        text.push_str(name);
    }
    text.push('\n');
}

/// As makedev(3) puts them together.
const fn major(device: u64) -> u64 {
    (device >> 8 & 0xfff) | (device >> 32 & !0xfff)
}

const fn minor(device: u64) -> u64 {
    (device & 0xff) | (device >> 12 & !0xff)
}

/// Ranges of RAM, cut where stacks and their guard pages begin and end.
fn split(ranges: impl Iterator<Item = Range<u64>>, stacks: &[(sched::TaskId, StackPlace)]) -> Vec<Mapping> {
    let mut stacks = stacks.to_vec();
    stacks.sort_unstable_by_key(|(_, place)| place.guard);
    let mut mappings = Vec::new();
    for Range { start, end } in ranges {
        let mut from = start;
        let plain = |start, end| Mapping { start, end, access: "rw-p", name: "" };
        for (id, place) in stacks.iter().filter(|(_, place)| place.guard >= start && place.end <= end) {
            if place.guard < from {
                continue;
            }
            let name = if *id == MAIN { "[stack]" } else { "" };
            let pieces = [
                plain(from, place.guard),
                Mapping { start: place.guard, end: place.start, access: "---p", name: "" },
                Mapping { start: place.start, end: place.end, access: "rw-p", name },
            ];
            mappings.extend(pieces.into_iter().filter(|piece| piece.start < piece.end));
            from = place.end;
        }
        if from < end {
            mappings.push(plain(from, end));
        }
    }
    mappings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stacks_are_mappings_of_their_own() {
        let stack = |id, guard| (id, StackPlace { guard, start: guard + 0x1000, end: guard + 0x5000 });
        let ranges = [0x1_0000..0x4_0000, 0x5_0000..0x6_0000];
        let mappings = split(ranges.into_iter(), &[stack(7, 0x2_0000), stack(1, 0x1_0000)]);
        let told: Vec<_> = mappings.iter().map(|m| (m.start, m.end, m.access, m.name)).collect();
        assert_eq!(
            told,
            [
                (0x1_0000, 0x1_1000, "---p", ""),
                (0x1_1000, 0x1_5000, "rw-p", "[stack]"),
                (0x1_5000, 0x2_0000, "rw-p", ""),
                (0x2_0000, 0x2_1000, "---p", ""),
                (0x2_1000, 0x2_5000, "rw-p", ""),
                (0x2_5000, 0x4_0000, "rw-p", ""),
                (0x5_0000, 0x6_0000, "rw-p", ""),
            ]
        );
    }

    #[test]
    fn names_stand_where_linux_puts_them() {
        let mut text = String::new();
        line(&mut text, "00400000-00401000 r--p 00000000 08:01 5", "/a");
        line(&mut text, "1000000000-1000001000 rw-p 00000000 00:00 0", "");
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines[0].find("/a"), Some(NAME_COLUMN));
        assert_eq!(lines[1], "1000000000-1000001000 rw-p 00000000 00:00 0 ");
        assert_eq!((major(0x801), minor(0x801), minor(0x10_0005)), (8, 1, 0x105));
    }
}
