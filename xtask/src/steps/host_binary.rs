//! Our programs that run on Linux: the multi-call driver and the proxy.
//!
//! Both are static-pie: they start fast, run on any Linux and depend on no package.

use anyhow::Result;
use sysroot::links::LINKS;

use crate::context::Context;
use crate::package;
use crate::rust::{self, TARGET};
use crate::step::{Step, copy, link};

const RECIPE: &str = include_str!("host_binary.rs");
const STATIC: &[&str] = &["-Ctarget-feature=+crt-static"];

/// The driver behind every `x86_64-hermit-*`, and its names.
pub fn driver(context: &Context) -> Result<Step> {
    let prefix = context.workspace.prefix();
    let output = prefix.driver();
    let step = Step::new("toolchain", "compile the driver x86_64-hermit-*", RECIPE, move |job| {
        build(job, "cc-wrapper", "driver", &prefix.driver())?;
        LINKS.iter().try_for_each(|name| link(name.target().as_ref(), &name.path(&prefix)))
    });
    let step = step.output(output).packages(&[&package::GCC, &package::BINUTILS]);
    rust::depends_on(step, context, &["abi", "sysroot", "toolchain/elfedit", "toolchain/cc-wrapper"])
}

/// The proxy, which runs images.
pub fn proxy(context: &Context) -> Result<Step> {
    let output = context.workspace.prefix().proxy();
    let made = output.clone();
    let step =
        Step::new("proxy", "compile the proxy", RECIPE, move |job| build(job, "proxy", "proxy", &made));
    rust::depends_on(step.output(output).packages(&[&package::GCC]), context, &["abi", "proxy"])
}

fn build(
    job: &mut crate::step::Job<'_>,
    package: &str,
    binary: &str,
    output: &std::path::Path,
) -> Result<()> {
    let cmd = rust::cargo(job.context, "build", STATIC);
    job.run(cmd.args(["--release", "--package", package]))?;
    copy(&job.workspace().target().join(TARGET).join("release").join(binary), output)
}
