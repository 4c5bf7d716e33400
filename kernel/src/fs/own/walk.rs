//! Which paths lead to what a program sees of itself: [`find`].
//!
//! Outside of these folders `.` and `..` are taken as they are written, since nobody here knows of the host's links.

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::file;
use super::spot::{Folder, LINKS, Link, MAIN, Spot, TEXTS, Text, pid};
use crate::fs::fd_table;
use crate::fs::file::File;
use crate::fs::memory::LastLink;
use crate::fs::path::{Path, Start};
use crate::sched;
use abi::errno::Errno;

/// Where a path leads that comes by here.
pub enum Found {
    /// To one of these.
    Spot(Spot),
    /// To what is open behind a descriptor.
    Open(Arc<dyn File>),
    /// To the program's image.
    Image,
    /// Out again, by this path.
    Elsewhere(Path),
}

/// Where a walk is.
enum Place<'a> {
    /// Outside, by these names from the root on.
    Outside(Vec<&'a [u8]>),
    /// In one of the folders.
    Inside(Folder),
}

/// Where `path` leads, if it comes by here. Errors: `ENOENT`, `ENOTDIR`.
#[inline]
pub fn find(path: &Path, last: LastLink) -> Result<Option<Found>, Errno> {
    match path.start {
        Start::Own(folder) if !path.name.starts_with(b"/") => {
            walk(Place::Inside(folder), &path.name, last, true)
        }
        _ if may_come_by(&path.name) => walk(Place::Outside(Vec::new()), &path.name, last, false),
        _ => Ok(None),
    }
}

/// Whether a path may lead here, at a glance: most do not.
fn may_come_by(name: &[u8]) -> bool {
    let Some(first) = name.iter().position(|&byte| byte != b'/').filter(|&first| first > 0) else {
        return false;
    };
    let below = &name[first..];
    below.starts_with(b"proc/")
        || below.starts_with(b"dev/")
        || below.starts_with(b"./")
        || name.windows(3).any(|part| part == b"/..")
}

/// `was_inside`: the path has been in one of the folders, so that the host could not follow it.
fn walk<'a>(
    mut place: Place<'a>,
    name: &'a [u8],
    last: LastLink,
    mut was_inside: bool,
) -> Result<Option<Found>, Errno> {
    let mut rest = name;
    loop {
        let (name, after) = split(rest);
        if name.is_empty() {
            break;
        }
        let is_last = skip_slashes(after).is_empty();
        let keeps = is_last && after.is_empty() && last == LastLink::Keep;
        let spot = match step(&mut place, name)? {
            None => {
                was_inside |= matches!(place, Place::Inside(_));
                rest = after;
                continue;
            }
            Some(spot) => spot,
        };
        match spot {
            Spot::Link(_) if keeps => return Ok(Some(Found::Spot(spot))),
            Spot::Link(link) => match link.follow() {
                Ok(folder) => place = Place::Inside(folder),
                Err(link) => return link.lead(after).map(Some),
            },
            Spot::Folder(folder) => place = Place::Inside(folder),
            Spot::Text(..) if after.is_empty() => return Ok(Some(Found::Spot(spot))),
            Spot::Text(..) => return Err(Errno::ENOTDIR),
        }
        was_inside = true;
        rest = after;
    }
    Ok(match place {
        Place::Inside(folder) => Some(Found::Spot(Spot::Folder(folder))),
        Place::Outside(names) if was_inside => {
            let mut path = Vec::new();
            names.iter().for_each(|name| path.extend_from_slice(&[b"/", *name].concat()));
            if path.is_empty() || name.ends_with(b"/") {
                path.push(b'/');
            }
            Some(Found::Elsewhere(Path::from_bytes(Start::Working, &path)))
        }
        Place::Outside(_) => None,
    })
}

fn skip_slashes(path: &[u8]) -> &[u8] {
    &path[path.iter().position(|&byte| byte != b'/').unwrap_or(path.len())..]
}

/// A path's first name, and what follows it from the slash on.
fn split(path: &[u8]) -> (&[u8], &[u8]) {
    let path = skip_slashes(path);
    path.split_at(path.iter().position(|&byte| byte == b'/').unwrap_or(path.len()))
}

/// Goes on by one name; something that is found is left to the caller.
fn step<'a>(place: &mut Place<'a>, name: &'a [u8]) -> Result<Option<Spot>, Errno> {
    match (&mut *place, name) {
        (_, b".") => Ok(None),
        (Place::Outside(names), b"..") => {
            names.pop();
            Ok(None)
        }
        (Place::Outside(names), _) => {
            names.push(name);
            Ok(entrance(names))
        }
        (Place::Inside(folder), b"..") => {
            *place = match folder {
                Folder::Process => Place::Outside([&b"proc"[..]].into()),
                Folder::Thread(_) => Place::Inside(Folder::Task),
                Folder::Fd | Folder::FdInfo | Folder::Task => Place::Inside(Folder::Process),
            };
            Ok(None)
        }
        (Place::Inside(folder), _) => folder.entry(name).map(Some).ok_or(Errno::ENOENT),
    }
}

/// What these names from the root on stand for, if it is one of ours.
fn entrance(names: &[&[u8]]) -> Option<Spot> {
    Some(match names {
        [b"proc", b"self"] => Spot::Link(Link::Itself),
        [b"proc", b"thread-self"] => Spot::Link(Link::ThreadItself),
        [b"proc", number] if *number == pid().as_bytes() => Spot::Folder(Folder::Process),
        [b"dev", b"fd"] => Spot::Link(Link::DevFd),
        [b"dev", b"stdin"] => Spot::Link(Link::Stream(0)),
        [b"dev", b"stdout"] => Spot::Link(Link::Stream(1)),
        [b"dev", b"stderr"] => Spot::Link(Link::Stream(2)),
        _ => return None,
    })
}

/// A number as it is written in a name: without zeroes before it.
fn number(name: &[u8]) -> Option<i32> {
    let is_plain = name.iter().all(u8::is_ascii_digit) && (name.len() == 1 || !name.starts_with(b"0"));
    core::str::from_utf8(name).ok().filter(|_| is_plain)?.parse().ok()
}

impl Folder {
    /// What has this name in it.
    fn entry(self, name: &[u8]) -> Option<Spot> {
        let open = || number(name).filter(|&fd| fd_table::descriptor(fd).is_ok());
        match self {
            Self::Process | Self::Thread(_) => {
                let thread = if let Self::Thread(id) = self { id } else { MAIN };
                let text = TEXTS.iter().find(|(known, _)| *known == name);
                let link = LINKS.iter().find(|(known, _)| *known == name);
                match (text, link, name) {
                    (Some((_, text)), ..) => Some(Spot::Text(*text, thread)),
                    (_, Some((_, link)), _) => Some(Spot::Link(*link)),
                    (_, _, b"fd") => Some(Spot::Folder(Self::Fd)),
                    (_, _, b"fdinfo") => Some(Spot::Folder(Self::FdInfo)),
                    (_, _, b"task") if self == Self::Process => Some(Spot::Folder(Self::Task)),
                    _ => None,
                }
            }
            Self::Fd => open().map(|fd| Spot::Link(Link::Fd(fd))),
            Self::FdInfo => open().map(|fd| Spot::Text(Text::FdInfo(fd), MAIN)),
            Self::Task => {
                let id = number(name)?;
                sched::find(|task| task.id == id).map(|_| Spot::Folder(Self::Thread(id)))
            }
        }
    }
}

impl Link {
    /// The folder that it leads to; itself if it leads to something else.
    fn follow(self) -> Result<Folder, Self> {
        match self {
            Self::Itself => Ok(Folder::Process),
            Self::ThreadItself => Ok(Folder::Thread(sched::current().id)),
            Self::DevFd => Ok(Folder::Fd),
            link => Err(link),
        }
    }

    /// Where it leads with `after`, what follows it in a path from the slash on.
    fn lead(self, after: &[u8]) -> Result<Found, Errno> {
        let rest = skip_slashes(after);
        let to = |start: Start, rest: &[u8]| {
            Ok(Found::Elsewhere(Path::from_bytes(start, if rest.is_empty() { b"." } else { rest })))
        };
        match self {
            Self::Cwd => to(Start::Working, rest),
            Self::Root => Ok(Found::Elsewhere(Path::from_bytes(Start::Working, &[b"/", rest].concat()))),
            Self::Exe if after.is_empty() => Ok(Found::Image),
            Self::Fd(fd) | Self::Stream(fd) => {
                let file = fd_table::descriptor(fd).map_err(|_| Errno::ENOENT)?;
                if after.is_empty() {
                    return Ok(Found::Open(file));
                }
                to(Start::of(&*file).filter(|_| file::is_directory(&*file)).ok_or(Errno::ENOTDIR)?, rest)
            }
            _ => Err(Errno::ENOTDIR),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find_text(name: &str, last: LastLink) -> String {
        match find(&Path::from_bytes(Start::Working, name.as_bytes()), last) {
            Err(errno) => format!("{errno:?}"),
            Ok(None) => "host".into(),
            Ok(Some(Found::Spot(spot))) => format!("{spot:?}"),
            Ok(Some(Found::Open(_))) => "open".into(),
            Ok(Some(Found::Image)) => "image".into(),
            Ok(Some(Found::Elsewhere(path))) => String::from_utf8(path.name.to_vec()).unwrap(),
        }
    }

    #[test]
    fn paths() {
        for (path, expected) in [
            ("/proc/self", "Folder(Process)"),
            ("/proc/0/maps", "Text(Maps, 1)"),
            ("//proc/./self//maps", "Text(Maps, 1)"),
            ("/usr/../proc/self/comm", "Text(Comm, 1)"),
            ("/proc/../proc/self/comm", "Text(Comm, 1)"),
            ("/dev/../proc/self/fd/../comm", "Text(Comm, 1)"),
            ("/proc/self/maps/", "ENOTDIR"),
            ("/proc/self/maps/x", "ENOTDIR"),
            ("/proc/self/none", "ENOENT"),
            ("/proc/self/fd/00", "ENOENT"),
            ("/proc/self/fd/9999", "ENOENT"),
            ("/proc/self/fd/", "Folder(Fd)"),
            ("/dev/fd", "Folder(Fd)"),
            ("/dev/fd/..", "Folder(Process)"),
            ("/proc/self/task/..", "Folder(Process)"),
            ("/proc/self/../cpuinfo", "/proc/cpuinfo"),
            ("/proc/self/../..", "/"),
            ("/proc/self/../../etc/", "/etc/"),
            ("/proc/self/root/etc/passwd", "/etc/passwd"),
            ("/proc/self/root", "/"),
            ("/proc/self/cwd/x", "x"),
            ("/proc/self/cwd", "."),
            ("/proc/self/exe", "image"),
            ("/proc/self/exe/", "ENOTDIR"),
            ("/proc/cpuinfo", "host"),
            ("/proc", "host"),
            ("/dev/null", "host"),
            ("/dev/stdinx", "host"),
            ("proc/self", "host"),
            ("/home/proc/self", "host"),
            ("/home/../etc", "host"),
            ("/", "host"),
        ] {
            assert_eq!(find_text(path, LastLink::Follow), expected, "{path}");
        }
    }

    #[test]
    fn links_themselves() {
        for (path, expected) in [
            ("/proc/self", "Link(Itself)"),
            ("/proc/self/", "Folder(Process)"),
            ("/proc/thread-self", "Link(ThreadItself)"),
            ("/dev/fd", "Link(DevFd)"),
            ("/dev/stderr", "Link(Stream(2))"),
            ("/proc/self/exe", "Link(Exe)"),
            ("/proc/self/cwd/", "."),
        ] {
            assert_eq!(find_text(path, LastLink::Keep), expected, "{path}");
        }
    }
}
