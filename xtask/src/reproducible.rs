//! Builds the packages again, from a copy of the checkout at another place, and compares: [`differences`].

use std::path::PathBuf;

use anyhow::{Context as _, Result};

use crate::context::Context;
use crate::deb;
use crate::files::{copy, empty_folder};
use crate::plan::Plan;
use crate::stamp::sha256_of_file;
use crate::step::Job;
use crate::steps;
use crate::tool::Cmd;
use crate::workspace::Workspace;

/// Names of the packages whose second build differs from the first, with both digests. Downloaded sources are
/// shared; nothing else is.
pub fn differences(context: &Context) -> Result<Vec<String>> {
    let first = deb::steps::made(context)?;
    let again = copied(context)?;
    let mut plan = Plan::new(steps::sysroot(&again)?);
    plan.extend([deb::steps::debs(&again)?]);
    plan.run(&again)?;
    let second = deb::steps::made(&again)?;
    let mut differing = Vec::new();
    for (one, other) in first.iter().zip(&second) {
        let (one_digest, other_digest) = (sha256_of_file(one)?, sha256_of_file(other)?);
        if one_digest != other_digest {
            differing.push(format!("{}: {one_digest}\n{}: {other_digest}", one.display(), other.display()));
        }
    }
    Ok(differing)
}

fn copied(context: &Context) -> Result<Context> {
    let folder = context.workspace.target().join("again");
    let root = folder.join("checkout-at-another-place");
    empty_folder(&folder)?;
    let mut job = Job::alone(context, "copy", "copy the checkout")?;
    for file in tracked(context)? {
        let from = context.workspace.join(&file);
        // Deleted, but not yet for git.
        if from.is_file() {
            copy(&from, &root.join(&file))?;
        }
    }
    let workspace = Workspace::new(root.clone(), root.join("target"));
    let sources = context.workspace.sources();
    if sources.is_dir() {
        let mut cmd = Cmd::new("cp").args(["--recursive", "--link"]).arg(&sources);
        crate::files::create_folder(workspace.target())?;
        cmd = cmd.arg(workspace.sources());
        job.run(cmd)?;
    }
    job.done();
    let source_date = Some(context.source_date_epoch()?);
    let (progress, cores) = (context.progress.clone(), context.cores.clone());
    Ok(Context { workspace, global: context.global, progress, cores, source_date })
}

fn tracked(context: &Context) -> Result<Vec<PathBuf>> {
    let git = Cmd::new("git").args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let list = git.cwd(context.workspace.root()).read().context("the second build copies what git knows")?;
    Ok(list.split_terminator('\0').map(PathBuf::from).collect())
}
