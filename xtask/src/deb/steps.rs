//! The Debian packages and their repository, made from the tree.

use anyhow::Result;

use super::build::Release;
use super::contents::Manifest;
use super::fields::Fields;
use super::repository::{Repository, SigningKey};
use super::{PACKAGES, file_name};
use crate::context::Context;
use crate::files::{empty_folder, files_below};
use crate::package;
use crate::plan::Plan;
use crate::step::{Job, Step};
use crate::steps;

/// Builds the tree, its packages and their repository; what is up to date is skipped.
pub fn build(context: &Context) -> Result<()> {
    let _lock = context.lock()?;
    let mut plan = Plan::new(steps::sysroot(context)?);
    plan.extend([debs(context)?, repository(context)]);
    plan.run(context)
}

/// Makes the packages in `target/dist/deb`; runs after everything in [`steps::sysroot`].
pub fn debs(context: &Context) -> Result<Step> {
    let workspace = &context.workspace;
    let epoch = context.source_date_epoch()?;
    let prefix = workspace.prefix();
    let step = Step::new("packages", "make the Debian packages", file!(), make_debs);
    let step =
        step.tree(workspace.join("packaging")).tree(prefix.root()).file(workspace.join("CHANGELOG.md"));
    Ok(step.text("epoch", epoch.to_string()).output(workspace.dist().join("deb")).packages(package::FOR_DIST))
}

/// Makes the repository in `target/dist/repo`.
pub fn repository(context: &Context) -> Step {
    let workspace = &context.workspace;
    let dist = workspace.dist();
    let repository = Repository::new(&dist);
    let keyring = repository.keyring();
    let given = std::env::var("HERMIT_SIGNING_KEY").unwrap_or_default();
    let step = Step::new("repository", "index and sign the repository", file!(), move |job| {
        let key = SigningKey::find(job, &job.workspace().dist())?;
        let debs = files_below(&job.workspace().dist().join("deb"))?;
        repository.fill(job, &debs, &key)
    });
    let step = step.after(&["packages"]).tree(dist.join("deb")).text("key", &given).file(given);
    step.output(keyring).packages(package::FOR_DIST)
}

fn make_debs(job: &mut Job<'_>) -> Result<()> {
    let workspace = job.workspace();
    let (prefix, packaging) = (workspace.prefix(), workspace.join("packaging"));
    let release = Release {
        manifest: Manifest::read(&packaging, &prefix)?,
        fields: Fields::new(job.context)?,
        epoch: job.context.source_date_epoch()?,
        packaging,
        prefix,
    };
    let folder = workspace.dist().join("deb");
    empty_folder(&folder)?;
    PACKAGES.iter().try_for_each(|package| release.build(job, package, &folder).map(drop))
}

/// The packages that [`debs`] made.
pub fn made(context: &Context) -> Result<Vec<std::path::PathBuf>> {
    let fields = Fields::new(context)?;
    let folder = context.workspace.dist().join("deb");
    PACKAGES.iter().map(|package| Ok(folder.join(file_name(package, fields.get("version")?)))).collect()
}
