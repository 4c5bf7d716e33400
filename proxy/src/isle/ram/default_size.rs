//! How much RAM an isle has whose user does not say: [`default_bytes`].
//!
//! Linux backs what is touched, so that much RAM costs nothing; but no more than what the host could give, and what
//! the job may have: its control group, and the limits that batch systems set (`ulimit -v`, `ulimit -d`).

use crate::options::{LEAST_MEMORY_BYTES, MOST_MEMORY_BYTES};
use crate::sandbox::limits::Taken;
use abi::layout::LARGE_PAGE_SIZE;
use rustix::fs::{Mode, OFlags};
use rustix::process::{Resource, getrlimit};
use std::path::Path;

/// What the proxy itself may still need of a limit beside RAM, in bytes: stacks of threads, memory of its allocator.
const LEAST_BESIDE_BYTES: u64 = 16 << 20;

/// A list of control groups is shorter, nearly always.
const READ_BYTES: usize = 1024;

/// RAM of an isle in this process, beside which there are `beside_bytes`, the image's.
pub fn default_bytes(beside_bytes: u64) -> u64 {
    whole_pages(of_host().min(of_limit(left_bytes(beside_bytes))))
}

/// RAM that QEMU maps as well, which has the same limits and wants as much again for itself: what it translates
/// guest code into takes up to a gigabyte.
pub fn default_bytes_beside_qemu() -> u64 {
    let quarter = getrlimit(Resource::As).current.map_or(u64::MAX, |limit| limit / 4);
    whole_pages(of_host().min(quarter))
}

/// Three quarters of the host's memory, or of what the control group may have of it.
fn of_host() -> u64 {
    most_bytes() / 4 * 3
}

/// The host's memory, or what the control group may have of it.
pub fn most_bytes() -> u64 {
    let info = rustix::system::sysinfo();
    let total = (info.totalram as u64).saturating_mul(u64::from(info.mem_unit.max(1)));
    total.min(group_limit(Path::new("/proc/self/cgroup"), Path::new("/sys/fs/cgroup")))
}

/// What the limits of this process leave beside what it has and what comes. Where there are none, that costs nothing to know.
fn left_bytes(beside_bytes: u64) -> u64 {
    let [address_space, data] = [Resource::As, Resource::Data].map(|resource| getrlimit(resource).current);
    if address_space.is_none() && data.is_none() {
        return u64::MAX;
    }
    let guess = Taken { address_space_bytes: LEAST_BESIDE_BYTES, data_bytes: LEAST_BESIDE_BYTES };
    let taken = Taken::now().unwrap_or(guess);
    let left = |limit: Option<u64>, taken_bytes: u64| {
        limit.map_or(u64::MAX, |limit| limit.saturating_sub(taken_bytes + beside_bytes))
    };
    left(address_space, taken.address_space_bytes).min(left(data, taken.data_bytes))
}

/// What RAM may take of a limit.
fn of_limit(left_bytes: u64) -> u64 {
    left_bytes.saturating_sub((left_bytes / 8).max(LEAST_BESIDE_BYTES))
}

fn whole_pages(bytes: u64) -> u64 {
    (bytes - bytes % LARGE_PAGE_SIZE).clamp(LEAST_MEMORY_BYTES, MOST_MEMORY_BYTES)
}

/// The least of the limits of the control group that `list` (cgroups(7), /proc/PID/cgroup) names and of those that it is
/// in. In a container `root` may be that of the group's own namespace.
fn group_limit(list: &Path, root: &Path) -> u64 {
    let Some(list) = read(list) else { return u64::MAX };
    let groups = list.lines().filter_map(|line| {
        let mut parts = line.splitn(3, ':').skip(1);
        match (parts.next()?, parts.next()?) {
            ("", path) => Some((root.to_owned(), "memory.max", path)),
            (controllers, path) if controllers.split(',').any(|name| name == "memory") => {
                Some((root.join("memory"), "memory.limit_in_bytes", path))
            }
            _ => None,
        }
    });
    groups.map(|(root, file, path)| least_limit(&root, file, path)).min().unwrap_or(u64::MAX)
}

fn least_limit(root: &Path, file: &str, group: &str) -> u64 {
    let group = root.join(group.trim_start_matches('/'));
    let folders = group.ancestors().take_while(|folder| folder.starts_with(root));
    // "max" is none.
    let limit = |folder: &Path| read(&folder.join(file))?.trim().parse().ok();
    folders.filter_map(limit).min().unwrap_or(u64::MAX)
}

/// A short text of the kernel's, which tells nothing of its length: a reading that does not fill the buffer is its end.
fn read(path: &Path) -> Option<String> {
    let file = rustix::fs::open(path, OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty()).ok()?;
    let mut text = vec![0; READ_BYTES];
    let mut len_bytes = 0;
    loop {
        let got = rustix::io::read(&file, text.get_mut(len_bytes..)?).ok()?;
        len_bytes += got;
        if got == 0 || len_bytes < READ_BYTES {
            text.truncate(len_bytes);
            return String::from_utf8(text).ok();
        }
        text.resize(len_bytes + READ_BYTES, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_leave_the_proxy_something() {
        assert_eq!(of_limit(u64::MAX), u64::MAX - u64::MAX / 8);
        assert_eq!(of_limit(8 << 30), 7 << 30);
        assert_eq!(of_limit(64 << 20), 48 << 20);
        assert_eq!((of_limit(1 << 20), whole_pages(0)), (0, LEAST_MEMORY_BYTES));
        assert_eq!(whole_pages((100 << 20) + 5), 100 << 20);
    }

    /// The limits of groups of both kinds, and of those that they are in.
    #[test]
    fn groups_have_limits() {
        let folder = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        write("two", "0::/job/step\n");
        write("one", "9:cpu,memory:/job\n1:name=systemd:/\n0::/\n");
        write("none", "0::/elsewhere\n");
        write("long", &format!("{}0::/job/step\n", "7:devices:/some/where\n".repeat(100)));
        write("root/job/memory.max", "1073741824\n");
        write("root/job/step/memory.max", "max\n");
        write("root/memory/job/memory.limit_in_bytes", "500\n");
        write("root/memory/memory.limit_in_bytes", "9223372036854771712\n");
        let limit = |list: &str| group_limit(&folder.path().join(list), &folder.path().join("root"));
        let limits = ["two", "one", "long", "none", "missing"].map(limit);
        assert_eq!(limits, [1 << 30, 500, 1 << 30, u64::MAX, u64::MAX]);
    }
}
