//! What QEMU itself may do with files, which is less than the proxy: [`rules`].
//!
//! It reads (its own files, libraries, the image) and writes nothing: what a guest writes comes by way of the proxy, which is
//! confined by itself. So who breaks out of the machine into QEMU can neither leave anything behind nor reach
//! another process. Which system calls QEMU makes is for its own `-sandbox` to say, which denies new programs.

use super::files::{self, Grant, LANDLOCK_ABI, Tcp};
use crate::error::IsleError;
use crate::options::{DebuggerChoice, Level, Options};
use landlock::{Access, AccessFs, BitFlags, Scope};
use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, OwnedFd};
use std::path::{Path, PathBuf};

/// Where systems keep programs, libraries and what belongs to them, as far as they are there: what QEMU
/// reads where only what is named may be read.
const SYSTEM: [&str; 12] = [
    "/usr",
    "/lib",
    "/lib64",
    "/bin",
    "/sbin",
    "/etc",
    "/opt",
    "/nix",
    "/gnu",
    "/proc",
    "/sys/devices/system",
    "/dev/urandom",
];

/// A set of rules for QEMU to enter before it is executed; none where Linux knows none, or refuses: how much of
/// Landlock there is [`super::enter`] tells.
pub fn rules(options: &Options, program: &Path, image: BorrowedFd<'_>) -> Result<Option<OwnedFd>, IsleError> {
    let mut grants = match options.sandbox {
        Level::User => vec![(files::open(Path::new("/"))?, read_and_execute())],
        Level::Strict => strict(program, image)?,
    };
    grants.extend(device("/dev/null", BitFlags::EMPTY));
    if options.kvm {
        grants.extend(device("/dev/kvm", AccessFs::IoctlDev.into()));
    }
    let port = match options.debug {
        DebuggerChoice::None => None,
        DebuggerChoice::AtPort(port) => Some(port),
    };
    let rules = files::rules(&grants, Tcp::Ports(port.as_slice()), Scope::from_all(LANDLOCK_ABI));
    Ok(rules.ok().and_then(Option::<OwnedFd>::from))
}

/// Confines the calling thread, between fork and exec, by [`rules`].
#[allow(unsafe_code, reason = "landlock_restrict_self(2), since the crate's function allocates")]
pub fn enter(rules: &OwnedFd) -> io::Result<()> {
    // SAFETY: numbers.
    match unsafe { libc::syscall(libc::SYS_landlock_restrict_self, rules.as_raw_fd(), 0) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

/// What there is of the system, QEMU's own folder, and the image.
fn strict(program: &Path, image: BorrowedFd<'_>) -> Result<Vec<Grant>, IsleError> {
    let own = place(program).and_then(|program| Some(program.parent()?.to_owned()));
    let folders = SYSTEM.into_iter().map(PathBuf::from).chain(own);
    let there = folders.filter_map(|folder| Some((files::open(&folder).ok()?, read_and_execute())));
    Ok(there.chain([files::of_image(image)?]).collect())
}

/// Where `execvp` finds it.
fn place(program: &Path) -> Option<PathBuf> {
    if program.components().count() > 1 {
        return program.canonicalize().ok();
    }
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).find_map(|folder| folder.join(program).canonicalize().ok())
}

fn device(path: &str, more: BitFlags<AccessFs>) -> Option<Grant> {
    Some((files::open(Path::new(path)).ok()?, AccessFs::ReadFile | AccessFs::WriteFile | more))
}

fn read_and_execute() -> BitFlags<AccessFs> {
    AccessFs::from_read(LANDLOCK_ABI)
}
