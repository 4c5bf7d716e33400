//! Debian packages: reproducible, accepted by lintian, installed, used and removed.

mod installation;

use std::path::Path;

use anyhow::{Context as _, Result, bail};

use super::tally::Tally;
use crate::apt;
use crate::context::Context;
use crate::deb;
use crate::reproducible;
use crate::tool::Cmd;
use installation::Installation;

/// What one test came to.
enum Verdict {
    Passed,
    Failed(String),
    Skipped(String),
}

/// Makes the packages and tests them.
pub fn run(context: &Context) -> Result<Tally> {
    deb::steps::build(context)?;
    let mut tally = report("the repository names every package", indexed(context));
    for package in deb::steps::made(context)? {
        let name = package.file_name().context("a package is a file")?.to_string_lossy().into_owned();
        tally += report(&format!("lintian accepts {name}"), lintian(&package));
    }
    tally += installed(context)?;
    tally += report("a second build at another place gives identical bytes", reproduced(context));
    Ok(tally)
}

fn report(name: &str, verdict: Result<Verdict>) -> Tally {
    match verdict.unwrap_or_else(|error| Verdict::Failed(format!("{error:#}"))) {
        Verdict::Passed => {
            println!("ok      {name}");
            Tally::PASSED
        }
        Verdict::Failed(why) => {
            println!("FAILED  {name}\n    {}", why.replace('\n', "\n    "));
            Tally::FAILED
        }
        Verdict::Skipped(lack) => {
            println!("skipped {name}: {lack}");
            Tally::SKIPPED
        }
    }
}

fn indexed(context: &Context) -> Result<Verdict> {
    let index = context.workspace.dist().join("repo/dists/hermit/main/binary-amd64/Packages");
    let text = std::fs::read_to_string(&index).with_context(|| format!("cannot read {}", index.display()))?;
    for name in crate::deb::PACKAGES {
        if !text.lines().any(|line| line == format!("Package: {name}")) {
            bail!("{} does not name {name}", index.display());
        }
    }
    Ok(Verdict::Passed)
}

/// lintian's errors are failures; what it is told to overlook is in `packaging/deb/*/overrides`.
fn lintian(package: &Path) -> Result<Verdict> {
    let cmd = Cmd::new("lintian")
        .args(["--fail-on", "error", "--tag-display-limit", "0", "--allow-root"])
        .arg(package);
    let (status, output) = cmd.collect()?;
    Ok(if status.success() { Verdict::Passed } else { Verdict::Failed(output) })
}

fn reproduced(context: &Context) -> Result<Verdict> {
    let differing = reproducible::differences(context)?;
    Ok(if differing.is_empty() { Verdict::Passed } else { Verdict::Failed(differing.join("\n")) })
}

/// Installs from the repository, uses what was installed and removes it, on this machine.
fn installed(context: &Context) -> Result<Tally> {
    const STAGES: [Stage; 6] = [
        ("apt installs the toolchain from the repository", |packages| passed(packages.install())),
        ("the installed compiler makes a program that runs", |packages| passed(packages.compile_and_run())),
        ("Linux starts images by binfmt_misc, and their names survive", start_by_binfmt),
        ("the installed compilers know C++, Fortran and OpenMP", |packages| {
            passed(packages.other_languages())
        }),
        ("the packages can be installed over themselves", |packages| passed(packages.reinstall())),
        ("removing and purging leaves nothing behind", |packages| passed(packages.purge())),
    ];
    if let Some(lack) = lack() {
        return Ok(STAGES.iter().map(|(name, _)| report(name, Ok(Verdict::Skipped(lack.into())))).sum());
    }
    let installation = Installation::new(context)?;
    // Every stage runs, so that a failure in the middle does not leave the packages on the machine.
    Ok(STAGES.iter().map(|(name, stage)| report(name, stage(&installation))).sum())
}

/// A stage's name and what it does.
type Stage = (&'static str, fn(&Installation) -> Result<Verdict>);

fn passed(stage: Result<()>) -> Result<Verdict> {
    stage.map(|()| Verdict::Passed)
}

fn start_by_binfmt(installation: &Installation) -> Result<Verdict> {
    let known = std::fs::read_to_string("/proc/filesystems").context("cannot read /proc/filesystems")?;
    if known.contains("binfmt_misc") {
        passed(installation.start_by_binfmt())
    } else {
        Ok(Verdict::Skipped("this Linux has no binfmt_misc, or has not loaded it".into()))
    }
}

/// Why packages are not installed on this machine.
fn lack() -> Option<&'static str> {
    match () {
        () if !Path::new("/usr/bin/apt-get").exists() => Some("this machine has no apt"),
        () if !apt::is_root() => {
            Some("only root can install packages; `sudo cargo xtask test --suite packages` would")
        }
        () if Path::new(crate::deb::PREFIX).exists() => {
            Some("/opt/hermit exists: what is installed there is left alone")
        }
        () => None,
    }
}
