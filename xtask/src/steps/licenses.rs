//! Licence texts of the crates inside our binaries, below `PREFIX/share/licenses/<binary>/<crate>-<version>/`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::context::Context;
use crate::files::{copy, empty_folder, list, write};
use crate::metadata::Metadata;
use crate::rust::TARGET;
use crate::step::{Job, Step};
use crate::tool::Cmd;

/// What we link crates into: name of the folder, crate that is built.
pub const BINARIES: [(&str, &str); 4] =
    [("driver", "cc-wrapper"), ("hermit", "hermit"), ("proxy", "proxy"), ("kernel", "kernel")];

/// Name of the list of crates in each folder.
pub const LIST: &str = "crates.txt";

/// Collects the texts.
pub fn step(context: &Context) -> Step {
    let folder = context.workspace.prefix().licenses();
    let made = folder.clone();
    let about = "collect the licences of the crates we use";
    let step = Step::new("licenses", about, file!(), move |job| {
        let metadata = Metadata::read_all(job.context)?;
        BINARIES.iter().try_for_each(|(name, package)| collect(job, &metadata, package, &made.join(name)))
    });
    let step = step.file(context.workspace.join("Cargo.lock"));
    BINARIES.iter().fold(step, |step, (name, _)| step.output(folder.join(name).join(LIST)))
}

fn collect(job: &mut Job<'_>, metadata: &Metadata, package: &str, folder: &Path) -> Result<()> {
    let cmd = Cmd::cargo().args([
        "tree",
        "--locked",
        "--edges",
        "normal,no-proc-macro",
        "--prefix",
        "none",
        "--target",
        TARGET,
    ]);
    let cmd = cmd.args(["--format", "{p}", "--package", package]).cwd(job.workspace().root());
    // "name v1.2.3", with more behind it for crates of the workspace.
    let tree = job.read(cmd)?;
    let linked = tree.lines().filter(|line| !line.contains('(') || line.ends_with(" (*)"));
    let linked: BTreeSet<_> = linked.filter_map(|line| line.split_once(" v")).collect();
    empty_folder(folder)?;
    let mut list = String::new();
    for (name, rest) in linked {
        let version = rest.split(' ').next().unwrap_or(rest);
        let found =
            metadata.packages.iter().find(|package| package.name == name && package.version == version);
        let found =
            found.with_context(|| format!("cargo tree names {name} {version}, cargo metadata does not"))?;
        let license = found.license.as_deref().unwrap_or("see its texts");
        list.push_str(&format!("{name} {version} ({license})\n"));
        for text in texts(&found.manifest_path)? {
            let file = text.file_name().context("a licence text is a file")?;
            copy(&text, &folder.join(format!("{name}-{version}")).join(file))?;
        }
    }
    if list.is_empty() {
        list.push_str("none\n");
    }
    write(&folder.join(LIST), list)
}

/// Files beside the manifest that hold licences or names of authors.
fn texts(manifest: &Path) -> Result<Vec<PathBuf>> {
    let folder = manifest.parent().context("a manifest lies in a folder")?;
    let is_text = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_uppercase();
        path.is_file()
            && ["LICENSE", "LICENCE", "COPYING", "COPYRIGHT", "NOTICE", "UNLICENSE"]
                .iter()
                .any(|word| name.starts_with(word))
    };
    Ok(list(folder)?.into_iter().filter(is_text).collect())
}
