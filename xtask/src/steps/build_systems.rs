//! Files for build systems: `sysroot/files`, a mirror of the prefix, with the version filled in; and autoconf's
//! `config.sub`, patched.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::context::Context;
use crate::files::{copy, files_below, write};
use crate::package;
use crate::patches;
use crate::source::{Kind, Source};
use crate::step::Step;

/// Stands for the version, in texts and in names.
const VERSION: &str = "@VERSION@";

/// autoconf's list of systems, as Debian has it.
const CONFIG_SUB: Source = Source {
    package: "autotools-dev",
    kind: Kind::Binary,
    archive: "usr/share/misc/config.sub",
    sha256: "deb02c26f43b2ea64276c9ede77ec0f53d08e6256710f3c0a12275712085c348",
};

/// Copies the files.
pub fn files(context: &Context) -> Result<Step> {
    let from = context.workspace.join("sysroot/files");
    let root = context.workspace.prefix().root().to_path_buf();
    let version = env!("CARGO_PKG_VERSION");
    let installed = |source: &PathBuf| {
        let inside = source.strip_prefix(&from).context("a file below a folder starts with the folder")?;
        Ok((source.clone(), root.join(inside.to_string_lossy().replace(VERSION, version))))
    };
    let pairs = files_below(&from)?.iter().map(installed).collect::<Result<Vec<_>>>()?;
    let copies = pairs.clone();
    let step = Step::new("build-systems", "copy the files for build systems", file!(), move |_| {
        copies.iter().try_for_each(|(from, to)| fill_in(from, to, version))
    });
    let step = step.text("version", version);
    Ok(pairs.into_iter().fold(step, |step, (from, to)| step.file(from).output(to)))
}

/// Copies with permissions, then replaces the version.
fn fill_in(from: &Path, to: &Path, version: &str) -> Result<()> {
    copy(from, to)?;
    let text = std::fs::read_to_string(to).with_context(|| format!("cannot read {}", to.display()))?;
    if text.contains(VERSION) { write(to, text.replace(VERSION, version)) } else { Ok(()) }
}

/// Makes config.sub.
pub fn config_sub(context: &Context) -> Step {
    let patch = context.workspace.join("sysroot/patches/0001-config.sub-know-hermit.patch");
    let output = context.workspace.prefix().config_sub();
    let (made, reason) = (output.clone(), patch.clone());
    let step = Step::new("config-sub", "teach autoconf the system hermit", file!(), move |job| {
        let scratch = job.scratch()?;
        copy(&CONFIG_SUB.fetch(job)?, &scratch.join("config.sub"))?;
        patches::apply(job, &reason, &scratch)?;
        copy(&scratch.join("config.sub"), &made)
    });
    step.text("sha256", CONFIG_SUB.sha256).file(patch).output(output).packages(&[&package::PATCH])
}
