//! Installs missing Debian packages, saying so first: [`ensure`].

use std::os::unix::fs::MetadataExt as _;

use anyhow::{Context as _, Result, bail};

use crate::context::Context;
use crate::package::Package;
use crate::step::Job;
use crate::tool::Cmd;

/// Who may install packages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Authority {
    /// We are root.
    Root,
    /// We can become root.
    Sudo,
}

/// Makes sure that `packages` are there, installing what is missing. With `--no-install` missing packages are an
/// error that lists them.
pub fn ensure<'p>(context: &Context, packages: impl IntoIterator<Item = &'p Package>) -> Result<()> {
    let mut missing: Vec<_> =
        packages.into_iter().filter(|package| !package.is_there()).map(|p| p.name).collect();
    missing.sort_unstable();
    missing.dedup();
    if missing.is_empty() {
        return Ok(());
    }
    let typed = format!("apt-get install {}", missing.join(" "));
    if context.global.no_install {
        bail!("Debian packages are missing: {}\nnote: {typed}", missing.join(" "));
    }
    let Some(authority) = Authority::find() else {
        bail!(
            "Debian packages are missing, and there is no way to install them: {}\nnote: as root, {typed}",
            missing.join(" ")
        );
    };
    let who = if authority == Authority::Root { "" } else { " through sudo" };
    context.progress.line(&format!("installing Debian packages{who}: {}", missing.join(" ")));
    install(context, authority, &missing).context("Debian packages could not be installed")
}

fn install(context: &Context, authority: Authority, names: &[&str]) -> Result<()> {
    let mut job = Job::alone(context, "apt", "install Debian packages")?;
    let install = || authority.apt_get(&["install", "--yes", "--no-install-recommends"]).args(names);
    // Fresh machines have no package lists, old ones have lists of files that are gone: both show here.
    if job.run(install()).is_err() {
        job.run(authority.apt_get(&["update"]).note("is the network there?"))?;
        job.run(install())?;
    }
    job.done();
    Ok(())
}

impl Authority {
    fn find() -> Option<Self> {
        let there = |program: &str| std::path::Path::new("/usr/bin").join(program).exists();
        match () {
            () if !there("apt-get") => None,
            () if is_root() => Some(Self::Root),
            () if there("sudo") => Some(Self::Sudo),
            () => None,
        }
    }

    fn apt_get(self, args: &[&str]) -> Cmd {
        let cmd = match self {
            Self::Root => Cmd::new("apt-get"),
            Self::Sudo => Cmd::new("sudo").args(["--preserve-env=DEBIAN_FRONTEND", "apt-get"]),
        };
        cmd.args(["-q", "-o", "DPkg::Lock::Timeout=300"]).args(args).env("DEBIAN_FRONTEND", "noninteractive")
    }
}

/// Whether this process may do everything.
pub fn is_root() -> bool {
    // The owner of /proc/self is the effective user.
    std::fs::metadata("/proc/self").is_ok_and(|metadata| metadata.uid() == 0)
}
