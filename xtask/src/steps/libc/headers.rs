//! The headers: newlib's with musl's of the network, and ours laid over them, and without those whose functions an isle cannot have.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use super::interface::LEFT_OUT;
use super::rooms::Rooms;
use super::{musl, musl_network};
use crate::context::Context;
use crate::files::{copy, copy_tree};
use crate::step::Step;

/// Installs them.
pub fn step(context: &Context) -> Step {
    let workspace = &context.workspace;
    let rooms = Rooms::new(workspace);
    let include = workspace.prefix().include();
    let licenses = workspace.prefix().licenses();
    let (newlib_h, license) = (rooms.build.join("newlib.h"), licenses.join("newlib/COPYING.NEWLIB"));
    let (made_newlib_h, made_license) = (include.join("newlib.h"), license.clone());
    let (port, threads) = (rooms.port.clone(), rooms.threads.join("include"));
    let ours = threads.clone();
    let patches = rooms.port.join("musl/patches");
    let made_of = patches.clone();
    let step = Step::new("libc-headers", "install the C library's headers", file!(), move |job| {
        let musl = musl::unpack(job, &job.workspace().build("libc"), &patches)?;
        copy_tree(&rooms.source.join("newlib/libc/include"), &include)?;
        for machine in ["newlib/libc/machine/x86_64/sys", "newlib/libm/machine/x86_64/sys"] {
            copy_tree(&rooms.source.join(machine), &include.join("sys"))?;
        }
        // What configure found out.
        for name in ["newlib.h", "_newlib_version.h"] {
            copy(&rooms.build.join(name), &include.join(name))?;
        }
        LEFT_OUT.iter().try_for_each(|name| remove(&include.join(name)))?;
        musl_network::install_headers(&musl, &include)?;
        copy_tree(&ours, &include)?;
        copy(&rooms.source.join("COPYING.NEWLIB"), &license)
    });
    step.after(&["newlib"])
        .file(newlib_h)
        .tree(port.join("include"))
        .tree(threads)
        .tree(made_of)
        .text("musl", musl::MUSL.sha256)
        .output(made_newlib_h)
        .output(made_license)
}

fn remove(path: &Path) -> Result<()> {
    let removed = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    match removed {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        other => other.with_context(|| format!("cannot remove {}", path.display())),
    }
}
