//! The host compiler's runtime: what gcc links into every program, copied and marked as ours.
//!
//! It is the same code for every operating system on x86-64, so nothing has to be built.

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use sysroot::GCC_MAJOR;
use sysroot::gcc_runtime::FILES;

use crate::context::Context;
use crate::files::create_folder;
use crate::package;
use crate::step::Step;
use crate::tool::Cmd;

/// Copies and marks them.
pub fn step(context: &Context) -> Result<Step> {
    let folder = context.workspace.prefix().gcc_lib();
    let made = folder.clone();
    let step = Step::new("gcc-runtime", "copy the compiler's runtime", file!(), move |job| {
        create_folder(&made)?;
        let gcc = host_gcc();
        for name in FILES {
            let to = made.join(name);
            elfedit::copy_marked(&host_file(&gcc, name)?, &to)?;
            job.tell(&format!("mark {name}"))?;
        }
        Ok(())
    });
    let mut step = step.packages(&[&package::GCC]);
    let gcc = host_gcc();
    for name in FILES {
        // On a bare machine gcc is installed after this line: then the step is stale anyway.
        if let Ok(path) = host_file(&gcc, name) {
            step = step.file(path);
        }
        step = step.output(folder.join(name));
    }
    Ok(step)
}

/// The host's gcc, or that of the version of our other runtime libraries if the host has several: as the driver chooses.
fn host_gcc() -> String {
    let fitting = format!("gcc-{GCC_MAJOR}");
    let major = |gcc: &str| {
        let version = Cmd::new(gcc).arg("-dumpversion").read().ok()?;
        Some(version.trim().split('.').next()?.to_owned())
    };
    let is_other = major("gcc").is_none_or(|major| major != GCC_MAJOR);
    if is_other && major(&fitting).is_some() { fitting } else { "gcc".to_owned() }
}

fn host_file(gcc: &str, name: &str) -> Result<PathBuf> {
    let printed = Cmd::new(gcc).arg(format!("-print-file-name={name}")).read()?;
    let path = PathBuf::from(printed.trim());
    if !path.is_absolute() {
        bail!("the host's gcc has no {name}\nnote: apt-get install gcc");
    }
    path.canonicalize().with_context(|| format!("gcc names {}, which is not there", path.display()))
}
