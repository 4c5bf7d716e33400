//! What is the host's and not the guest's: processes in procfs, files through which Linux is changed, device nodes.

use super::*;
use crate::server::walk::Walk;
use rustix::fs::{CWD, FileType, Mode};
use std::path::Path;
use tempfile::TempDir;

const HERE: u64 = AT_FDCWD as u64;
const NO_LINK: u64 = libc::AT_SYMLINK_NOFOLLOW as u64;
const BUFFER: u64 = GUEST + 5 * PAGE as u64;

/// One guest for each way to follow names.
fn both() -> [Guest; 2] {
    [Walk::Linux, Walk::ByHand].map(|walk| {
        let mut guest = Guest::new();
        guest.server.fence.walk = walk.into();
        guest
    })
}

impl Guest {
    /// A call that begins with `dirfd, path, path_len`.
    fn at(&self, number: Number, dirfd: u64, path: &str, more: [u64; 3]) -> Result<i64, Errno> {
        let address = self.put(PAGE, path.as_bytes());
        self.call(number, [dirfd, address, path.len() as u64, more[0], more[1], more[2]])
    }

    fn by(&self, number: Number, path: &str, more: [u64; 3]) -> Result<i64, Errno> {
        self.at(number, HERE, path, more)
    }

    fn open_as(&self, path: &str, flags: i32) -> Result<i64, Errno> {
        self.by(Number::Open, path, [flags as u64, 0o600, 0])
    }

    /// A call on two paths.
    fn two(&self, number: Number, from: &str, to: &str) -> Result<i64, Errno> {
        let (from_at, to_at) = (self.put(PAGE, from.as_bytes()), self.put(3 * PAGE, to.as_bytes()));
        self.call(number, [HERE, from_at, from.len() as u64, HERE, to_at, to.len() as u64])
    }

    fn symlink(&self, target: &str, path: &str) -> Result<i64, Errno> {
        let (to, at) = (self.put(PAGE, target.as_bytes()), self.put(3 * PAGE, path.as_bytes()));
        self.call(Number::SymLink, [to, target.len() as u64, HERE, at, path.len() as u64, 0])
    }
}

fn name(folder: &TempDir, name: &str) -> String {
    folder.path().join(name).display().to_string()
}

/// A folder of the user's with a link to `target`.
fn link_to(target: &str) -> (TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let link = name(&folder, "link");
    std::os::unix::fs::symlink(target, &link).unwrap();
    (folder, link)
}

#[test]
fn processes_are_not_there() {
    let pid = std::process::id();
    let [maps, of_init] = [format!("/proc/{pid}/maps"), "/proc/1/mem".into()];
    let (_folder, link) = link_to("/proc/self/status");
    for guest in both() {
        let walk = guest.server.fence.walk();
        for path in [
            "/proc/self/maps",
            "/proc/self/mem",
            "/proc/self/environ",
            "/proc/self",
            "/proc/self/fd",
            "/proc/self/task",
            "/proc/thread-self/comm",
            "/proc/../proc//self/./cmdline",
            "/proc/self/net/../maps",
            &maps,
            &of_init,
            &link,
        ] {
            for flags in [libc::O_RDONLY, libc::O_RDWR, libc::O_PATH] {
                assert_eq!(guest.open_as(path, flags), Err(Errno::ENOENT), "{path} {walk:?}");
            }
            assert_eq!(guest.by(Number::Stat, path, [0, BUFFER, 0]), Err(Errno::ENOENT), "{path} {walk:?}");
            assert_eq!(guest.by(Number::Access, path, [0; 3]), Err(Errno::ENOENT), "{path} {walk:?}");
            assert_eq!(guest.by(Number::StatFs, path, [BUFFER, 0, 0]), Err(Errno::ENOENT), "{path} {walk:?}");
        }
        let folder = guest.put(PAGE, b"/proc/self");
        assert_eq!(guest.call(Number::ChDir, [folder, 10, 0, 0, 0, 0]), Err(Errno::ENOENT));
        let proc = guest.open_as("/proc", libc::O_RDONLY).unwrap() as u64;
        assert_eq!(guest.at(Number::Open, proc, "self/maps", [0; 3]), Err(Errno::ENOENT));
        assert_eq!(guest.at(Number::ReadLink, proc, "self/exe", [BUFFER, 100, 0]), Err(Errno::ENOENT));
    }
}

/// Linux's links to what the proxy has open, by whatever way.
#[test]
fn links_to_what_is_open_are_not_followed() {
    let (_folder, link) = link_to("/proc/self/fd/0");
    let (_other, folder) = link_to("/proc/self/fd");
    let in_folder = format!("{folder}/0");
    for guest in both() {
        let walk = guest.server.fence.walk();
        for path in [
            "/proc/self/fd/0",
            "/proc/self/exe",
            "/proc/self/cwd/x",
            "/proc/self/root/etc",
            &link,
            &in_folder,
        ] {
            assert_eq!(guest.open_as(path, libc::O_RDONLY), Err(Errno::ELOOP), "{path} {walk:?}");
            // To nobody else: if it were followed, it might be the machine's /dev/null.
            let nobody = u64::from(u32::MAX);
            assert_eq!(
                guest.by(Number::ChOwn, path, [nobody, nobody, 0]),
                Err(Errno::ELOOP),
                "{path} {walk:?}"
            );
            assert_eq!(guest.by(Number::SetTimes, path, [0; 3]), Err(Errno::ELOOP), "{path} {walk:?}");
        }
        for path in [&link, &in_folder] {
            assert_eq!(guest.by(Number::Stat, path, [0, BUFFER, 0]), Err(Errno::ELOOP), "{path} {walk:?}");
        }
        assert_eq!(guest.by(Number::ReadLink, &in_folder, [BUFFER, 100, 0]), Err(Errno::ENOENT));
    }
}

#[test]
fn the_system_can_be_read() {
    for guest in both() {
        for path in [
            "/proc/cpuinfo",
            "/proc/meminfo",
            "/proc/stat",
            "/proc/loadavg",
            "/proc/sys/kernel/ostype",
            "/proc/version",
            "/proc/mounts",
            "/sys/kernel",
            "/proc",
            "/proc/sys",
        ] {
            let handle = guest.open_as(path, libc::O_RDONLY);
            assert!(handle.is_ok(), "{path}: {handle:?}");
            assert_eq!(guest.by(Number::Stat, path, [0, BUFFER, 0]), Ok(0), "{path}");
        }
        let ostype = guest.open_as("/proc/sys/kernel/ostype", libc::O_RDONLY).unwrap() as u64;
        assert_eq!(guest.call(Number::Read, [ostype, BUFFER, 100, 0, 0, 0]), Ok(6), "Linux");
    }
}

/// Files that root could write.
fn system_files() -> Vec<&'static str> {
    let all = [
        "/proc/sys/kernel/core_pattern",
        "/proc/sysrq-trigger",
        "/sys/kernel/uevent_helper",
        "/sys/kernel/mm/ksm/run",
        "/sys/power/state",
        "/sys/fs/cgroup/cgroup.procs",
        "/sys/fs/cgroup/cpu/tasks",
    ];
    all.into_iter().filter(|path| Path::new(path).exists()).collect()
}

#[test]
fn the_system_is_not_changed() {
    let folder = tempfile::tempdir().unwrap();
    let new = name(&folder, "new");
    for guest in both() {
        for path in system_files() {
            for flags in
                [libc::O_WRONLY, libc::O_RDWR, libc::O_RDONLY | libc::O_TRUNC, libc::O_WRONLY | libc::O_CREAT]
            {
                assert_eq!(guest.open_as(path, flags), Err(Errno::EACCES), "{path} {flags:#x}");
            }
            let now = std::fs::metadata(path).unwrap();
            let mode = u64::from(now.mode() & 0o7777);
            assert_eq!(guest.by(Number::ChMod, path, [mode, 0, 0]), Err(Errno::EACCES), "{path}");
            let owner = [now.uid().into(), now.gid().into(), 0];
            assert_eq!(guest.by(Number::ChOwn, path, owner), Err(Errno::EACCES), "{path}");
            assert_eq!(guest.by(Number::SetTimes, path, [0; 3]), Err(Errno::EACCES), "{path}");
            assert_eq!(guest.by(Number::Unlink, path, [0; 3]), Err(Errno::EACCES), "{path}");
            for number in [Number::Rename, Number::Link] {
                assert_eq!(guest.two(number, path, &new), Err(Errno::EACCES), "{number:?} {path}");
            }
        }
        for path in ["/proc/sys/new", "/sys/kernel/new"] {
            assert_eq!(guest.by(Number::MkDir, path, [0o700, 0, 0]), Err(Errno::EACCES), "{path}");
            assert_eq!(guest.symlink("target", path), Err(Errno::EACCES), "{path}");
        }
        assert_eq!(guest.by(Number::MkDir, "/proc/sys", [0o700, 0, 0]), Err(Errno::EEXIST));
        // What is open for reading, opened once more.
        let pattern = guest.open_as("/proc/sys/kernel/core_pattern", libc::O_RDONLY).unwrap() as u64;
        assert_eq!(guest.at(Number::Open, pattern, "", [libc::O_WRONLY as u64, 0, 0]), Err(Errno::EACCES));
        assert_eq!(guest.call(Number::ChModHandle, [pattern, 0o644, 0, 0, 0, 0]), Err(Errno::EACCES));
    }
}

#[test]
fn device_nodes_stay_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let [node, link, file, other] = ["node", "link", "file", "other"].map(|entry| name(&folder, entry));
    let made = rustix::fs::mknodat(
        CWD,
        &node,
        FileType::CharacterDevice,
        Mode::from(0o600),
        rustix::fs::makedev(1, 3),
    );
    if made.is_err() {
        ::tests::lack::Lack::Machine("device nodes are made by root only".into()).skip();
        return;
    }
    std::os::unix::fs::symlink("node", &link).unwrap();
    std::fs::write(&file, "x").unwrap();
    let state = || {
        let now = std::fs::symlink_metadata(&node).unwrap();
        (now.mode(), now.uid(), now.gid(), now.mtime(), now.nlink())
    };
    let before = state();
    for guest in both() {
        for path in [&node, &link] {
            assert_eq!(guest.by(Number::ChMod, path, [0, 0, 0]), Err(Errno::EPERM), "{path}");
            assert_eq!(guest.by(Number::ChOwn, path, [7, 7, 0]), Err(Errno::EPERM), "{path}");
            assert_eq!(guest.by(Number::SetTimes, path, [0, 0, 0]), Err(Errno::EPERM), "{path}");
        }
        assert_eq!(guest.by(Number::ChMod, &node, [0, NO_LINK, 0]), Err(Errno::EPERM));
        assert_eq!(guest.by(Number::ChOwn, &node, [7, 7, NO_LINK]), Err(Errno::EPERM));
        assert_eq!(guest.by(Number::Unlink, &node, [0; 3]), Err(Errno::EPERM));
        assert_eq!(guest.two(Number::Rename, &node, &other), Err(Errno::EPERM));
        assert_eq!(guest.two(Number::Rename, &file, &node), Err(Errno::EPERM));
        assert_eq!(guest.two(Number::Link, &node, &other), Err(Errno::EPERM));
        // Handle 0 is the machine's /dev/null: set to what it is.
        assert_eq!(guest.call(Number::ChModHandle, [0, 0o666, 0, 0, 0, 0]), Err(Errno::EPERM));
        let nobody = u64::from(u32::MAX);
        assert_eq!(guest.call(Number::ChOwnHandle, [0, nobody, nobody, 0, 0, 0]), Err(Errno::EPERM));
        assert_eq!(guest.call(Number::SetTimesHandle, [0; 6]), Err(Errno::EPERM));
    }
    assert_eq!(state(), before);
    // The link is the user's.
    let guest = Guest::new();
    assert_eq!(guest.by(Number::ChOwn, &link, [7, 7, NO_LINK]), Ok(0));
    assert_eq!(std::fs::symlink_metadata(&link).unwrap().uid(), 7);
    assert_eq!(guest.by(Number::Unlink, &link, [0; 3]), Ok(0));
}

/// What is the user's is changed as before, by both ways.
#[test]
fn files_are_changed() {
    for guest in both() {
        let folder = tempfile::tempdir().unwrap();
        let [dir, file, link, other] = ["dir", "dir/file", "link", "other"].map(|entry| name(&folder, entry));
        assert_eq!(guest.by(Number::MkDir, &format!("{dir}/"), [0o755, 0, 0]), Ok(0));
        let handle = guest.open_as(&file, libc::O_CREAT | libc::O_EXCL | libc::O_RDWR).unwrap() as u64;
        assert_eq!(guest.symlink("dir/file", &link), Ok(0));
        assert_eq!(guest.by(Number::ChMod, &link, [0o640, 0, 0]), Ok(0));
        assert_eq!(guest.by(Number::ChMod, &link, [0o640, NO_LINK, 0]), Err(Errno::EOPNOTSUPP));
        let times = guest.put(7 * PAGE, &[1_u64, 0, 1000, 0].map(u64::to_le_bytes).concat());
        assert_eq!(guest.by(Number::SetTimes, &link, [times, 0, 0]), Ok(0));
        let told = std::fs::metadata(&file).unwrap();
        assert_eq!((told.mode() & 0o7777, told.mtime()), (0o640, 1000));
        assert_eq!(guest.by(Number::SetTimes, &link, [times, NO_LINK, 0]), Ok(0));
        assert_eq!(std::fs::symlink_metadata(&link).unwrap().mtime(), 1000);
        assert_eq!(guest.by(Number::ReadLink, &link, [BUFFER, 3, 0]), Ok(3));
        assert_eq!(guest.by(Number::ReadLink, &file, [BUFFER, 3, 0]), Err(Errno::EINVAL));
        assert_eq!(guest.two(Number::Link, &file, &other), Ok(0));
        assert_eq!(guest.two(Number::Rename, &other, &link), Ok(0));
        assert!(std::fs::symlink_metadata(&link).unwrap().is_file());
        assert_eq!(guest.by(Number::Unlink, &dir, [0; 3]), Err(Errno::EISDIR));
        assert_eq!(guest.by(Number::Unlink, &file, [0; 3]), Ok(0));
        // Opened once more, though it has no name: a position of its own, and emptied if asked.
        let text = guest.put(8 * PAGE, b"text");
        assert_eq!(guest.call(Number::Write, [handle, text, 4, 0, 0, 0]), Ok(4));
        let again = guest.at(Number::Open, handle, "", [libc::O_RDONLY as u64, 0, 0]).unwrap() as u64;
        assert_eq!(guest.call(Number::Read, [again, BUFFER, 10, 0, 0, 0]), Ok(4));
        let flags = (libc::O_WRONLY | libc::O_TRUNC) as u64;
        assert!(guest.at(Number::Open, handle, "", [flags, 0, 0]).is_ok());
        assert_eq!(guest.call(Number::Seek, [handle, 0, libc::SEEK_END as u64, 0, 0, 0]), Ok(0));
    }
}

/// A guest finds its image by one name, and cannot change it by that.
#[test]
fn the_image() {
    let image = tempfile::NamedTempFile::new().unwrap();
    let mut guest = Guest::new();
    let server = Server::new(guest.server.memory.clone(), KernelLog::Hidden, Vec::new());
    guest.server = server.of_image(image.as_file());
    assert_eq!(guest.open_as("/proc/self/exe", libc::O_RDONLY), Ok(0));
    for flags in [libc::O_WRONLY, libc::O_RDWR, libc::O_TRUNC] {
        assert_eq!(guest.open_as("/proc/self/exe", flags), Err(Errno::ETXTBSY));
    }
    let len = image.path().as_os_str().len() as i64;
    assert_eq!(guest.by(Number::ReadLink, "/proc/self/exe", [BUFFER, 4096, 0]), Ok(len));
    assert_eq!(guest.by(Number::Unlink, "/proc/self/exe", [0; 3]), Err(Errno::EACCES));
}
