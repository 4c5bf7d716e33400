//! The fence around files, which is Landlock's: [`limit`], and how far it holds, [`FileFence`].

use crate::error::IsleError;
use crate::options::{FileAccess, Files};
use core::fmt;
use landlock::{
    ABI, Access, AccessFs, AccessNet, BitFlags, LandlockStatus, NetPort, PathBeneath, PathFd, PathFdError,
    RestrictionStatus, Ruleset, RulesetAttr, RulesetCreated, RulesetCreatedAttr, RulesetError, RulesetStatus,
    Scope,
};
use rustix::io::Errno;
use std::os::fd::{AsRawFd, BorrowedFd};
use std::path::{Path, PathBuf};

/// The newest Landlock whose rights are handled here, which is the newest that the crate knows; an older
/// kernel enforces those that it knows. Version 7 has to do with logging alone. 8 can confine all threads at once, for
/// which there is no need: there is only one when the fence is put up.
pub const LANDLOCK_ABI: ABI = ABI::V9;

/// From this version on nothing is missing that seccomp does not take away as well: what 9 adds is
/// connecting to sockets in the file system, and there is no connect(2).
const WHOLE: ABI = ABI::V6;

/// What the promise of [`crate::options::Level::Strict`] needs: older versions let a file be truncated that
/// was opened to be read.
const STRICT: ABI = ABI::V3;

/// Where is what [`STRICT`] needs.
const STRICT_CURE: &str =
    "take a Linux from 6.2 on with Landlock (boot with lsm=landlock,...), or HERMIT_SANDBOX=user";

/// Which files remain.
#[derive(Clone, Copy, Debug)]
pub enum Reach<'a> {
    /// The user's.
    All,
    /// These, and the image to be read: programs look for the names in their backtraces there.
    Named(&'a Files, BorrowedFd<'a>),
}

/// Whether the process may signal others, as far as Landlock is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signals {
    /// Only itself.
    Own,
    /// Landlock does not judge. Linux sends the signal by which a child dies with its parent
    /// (PR_SET_PDEATHSIG) in the parent's name, and Landlock would hold that back, too.
    Unjudged,
}

/// How far the fence around files holds.
#[derive(Debug, PartialEq, Eq)]
#[must_use = "a fence that is missing must be told"]
pub enum FileFence {
    /// All of it.
    Whole,
    /// Linux knows this older version of Landlock, which has fewer rights to take away.
    Part(ABI),
    /// There is no Landlock, or it failed.
    Missing(String),
}

impl FileFence {
    /// Says on stderr what is missing: that there is none in any case, that it is an older one if the user
    /// wants to know what happens.
    pub fn tell(&self, verbose: bool) {
        match self {
            Self::Whole => {}
            Self::Part(_) if !verbose => {}
            Self::Part(_) | Self::Missing(_) => eprintln!("proxy: {self}"),
        }
    }

    /// Refuses what does not keep the promise of the level strict.
    pub fn expect_strict(&self) -> Result<(), IsleError> {
        let why = match self {
            Self::Whole => return Ok(()),
            Self::Part(version) if *version >= STRICT => return Ok(()),
            Self::Part(version) => {
                format!(
                    "this Linux knows version {version} of Landlock, by which what may be read can be truncated"
                )
            }
            Self::Missing(why) => format!("there is no Landlock ({why})"),
        };
        Err(IsleError::NotStrict { why, cure: STRICT_CURE })
    }

    fn of(status: &RestrictionStatus) -> Self {
        match (&status.ruleset, status.landlock) {
            (RulesetStatus::FullyEnforced, _) => Self::Whole,
            (RulesetStatus::PartiallyEnforced, LandlockStatus::Available { effective_abi, .. }) => {
                if effective_abi >= WHOLE {
                    Self::Whole
                } else {
                    Self::Part(effective_abi)
                }
            }
            (_, LandlockStatus::NotEnabled) => Self::Missing("it is switched off".into()),
            (_, LandlockStatus::NotImplemented) => Self::Missing("this Linux has none".into()),
            (_, LandlockStatus::Available { .. }) => Self::Missing("Linux enforces nothing of it".into()),
        }
    }
}

impl fmt::Display for FileFence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole => write!(f, "Landlock holds"),
            Self::Part(version) => write!(
                f,
                "the sandbox has gaps: this Linux knows version {version} of Landlock, the sandbox uses {WHOLE}; \
                 Linux 6.12 has it"
            ),
            Self::Missing(why) => write!(
                f,
                "the sandbox is without Landlock ({why}): the program can reach the memory of the user's other \
                 processes; boot with lsm=landlock,... (Linux 5.13 or newer)"
            ),
        }
    }
}

/// What is allowed over TCP. Landlock knows ports, and neither addresses nor UDP.
#[derive(Clone, Copy, Debug)]
pub enum Tcp<'a> {
    /// To listen at these ports, and nothing else.
    Ports(&'a [u16]),
    /// To listen at any port, and to connect to these.
    Connect(&'a [u16]),
    /// Everything.
    Any,
}

/// Why Landlock does not hold.
#[derive(Debug, thiserror::Error)]
pub enum NoLandlock {
    /// A path cannot be opened.
    #[error(transparent)]
    Path(#[from] PathFdError),
    /// Linux refuses.
    #[error(transparent)]
    Rules(#[from] RulesetError),
}

/// A path, and what may be done with it or, if it is a folder, with all below it.
pub type Grant = (PathFd, BitFlags<AccessFs>);

/// Confines the calling thread, which is the only one.
pub fn limit(grants: &[Grant], tcp: Tcp<'_>, signals: Signals) -> Result<FileFence, NoLandlock> {
    let scopes = match signals {
        Signals::Own => Scope::from_all(LANDLOCK_ABI),
        Signals::Unjudged => Scope::AbstractUnixSocket.into(),
    };
    Ok(FileFence::of(&rules(grants, tcp, scopes)?.restrict_self()?))
}

/// What [`Reach`] grants.
pub fn grants(reach: Reach<'_>) -> Result<Vec<Grant>, IsleError> {
    match reach {
        Reach::All => Ok(vec![(open(Path::new("/"))?, read_and_write())]),
        Reach::Named(files, image) => {
            let of_file = |(access, path): &(FileAccess, PathBuf)| {
                let access = match access {
                    FileAccess::Read => AccessFs::ReadFile | AccessFs::ReadDir,
                    FileAccess::ReadWrite => read_and_write(),
                };
                Ok((open(path)?, access))
            };
            files.0.iter().map(of_file).chain([of_image(image)]).collect()
        }
    }
}

/// The image, to be read.
pub fn of_image(image: BorrowedFd<'_>) -> Result<Grant, IsleError> {
    let link = PathBuf::from(format!("/proc/self/fd/{}", image.as_raw_fd()));
    Ok((open(&link)?, AccessFs::ReadFile.into()))
}

/// All but what is nobody's here: no program is started, no device made, no server met.
fn read_and_write() -> BitFlags<AccessFs> {
    AccessFs::from_all(LANDLOCK_ABI)
        & !(AccessFs::Execute | AccessFs::MakeChar | AccessFs::MakeBlock | AccessFs::ResolveUnix)
}

/// Holds what is at `path`.
pub fn open(path: &Path) -> Result<PathFd, IsleError> {
    PathFd::new(path).map_err(|_| {
        let errno = rustix::fs::stat(path).err().unwrap_or(Errno::ACCESS);
        IsleError::NoSuchFile { path: path.to_owned(), errno }
    })
}

/// Everything is forbidden but `grants`, and what `tcp` says.
pub fn rules(grants: &[Grant], tcp: Tcp<'_>, scopes: BitFlags<Scope>) -> Result<RulesetCreated, NoLandlock> {
    let judged = match tcp {
        Tcp::Any => BitFlags::empty(),
        Tcp::Ports(_) => AccessNet::from_all(LANDLOCK_ABI),
        Tcp::Connect(_) => AccessNet::ConnectTcp.into(),
    };
    let mut ruleset = Ruleset::default().handle_access(AccessFs::from_all(LANDLOCK_ABI))?;
    // Landlock takes no empty set.
    if !judged.is_empty() {
        ruleset = ruleset.handle_access(judged)?;
    }
    let mut rules = ruleset.scope(scopes)?.create()?;
    for (path, access) in grants {
        let access = if is_folder(path) { *access } else { *access & AccessFs::from_file(LANDLOCK_ABI) };
        rules = rules.add_rule(PathBeneath::new(path, access))?;
    }
    let (ports, allowed) = match tcp {
        Tcp::Any => (&[][..], AccessNet::BindTcp),
        Tcp::Ports(ports) => (ports, AccessNet::BindTcp),
        Tcp::Connect(ports) => (ports, AccessNet::ConnectTcp),
    };
    for &port in ports {
        rules = rules.add_rule(NetPort::new(port, allowed))?;
    }
    Ok(rules)
}

/// Of what is no folder Linux takes fewer rights.
fn is_folder(path: &PathFd) -> bool {
    let kind = |stat: rustix::fs::Stat| rustix::fs::FileType::from_raw_mode(stat.st_mode);
    rustix::fs::fstat(path).is_ok_and(|stat| kind(stat) == rustix::fs::FileType::Directory)
}
