//! Our programs that run on Linux: the multi-call driver, the command `hermit` and the proxy.
//!
//! All are static-pie: they start fast, run on any Linux and depend on no package.

use anyhow::Result;
use sysroot::links::LINKS;

use crate::context::Context;
use crate::files::{copy, link};
use crate::package;
use crate::rust::{self, TARGET};
use crate::step::Step;
use crate::tool::Cmd;

const STATIC: &[&str] = &["-Ctarget-feature=+crt-static"];

/// What the command `hermit` writes about itself, below `share`.
const PAGES: &[&str] = &[
    "man/man1/hermit.1",
    "man/man1/hermit-completions.1",
    "man/man1/hermit-config.1",
    "man/man1/hermit-doctor.1",
    "man/man1/hermit-run.1",
    "bash-completion/completions/hermit",
    "fish/vendor_completions.d/hermit.fish",
    "zsh/site-functions/_hermit",
];

/// The driver behind every `x86_64-hermit-*`, and its names.
pub fn driver(context: &Context) -> Result<Step> {
    let prefix = context.workspace.prefix();
    let output = prefix.driver();
    let step = Step::new("toolchain", "compile the driver x86_64-hermit-*", file!(), move |job| {
        build(job, "cc-wrapper", "driver", &prefix.driver())?;
        LINKS.iter().try_for_each(|name| link(name.target().as_ref(), &name.path(&prefix)))
    });
    let step = step.output(output).packages(&[&package::GCC, &package::BINUTILS]);
    rust::depends_on(step, context, &["abi", "sysroot", "toolchain/elfedit", "toolchain/cc-wrapper"])
}

/// The command `hermit`, its other name, and the pages that it writes about itself.
pub fn hermit(context: &Context) -> Result<Step> {
    let prefix = context.workspace.prefix();
    let output = prefix.bin().join("hermit");
    let made = output.clone();
    let step = Step::new("hermit", "compile the command hermit", file!(), move |job| {
        build(job, "hermit", "hermit", &made)?;
        link("hermit".as_ref(), &prefix.bin().join("hermit-config"))?;
        job.run(Cmd::new(&made).arg("pages").arg(prefix.root().join("share")))
    });
    // The step that copies the other manual pages empties their folder: then these are made again. cargo would wait for the one
    // that compiles the driver.
    let step = step.after(&["manuals", "toolchain"]);
    let share = context.workspace.prefix().root().join("share");
    let step = PAGES.iter().fold(step.output(output), |step, page| step.output(share.join(page)));
    rust::depends_on(step.packages(&[&package::GCC]), context, &["abi", "sysroot", "toolchain/hermit"])
}

/// The proxy, which runs images.
pub fn proxy(context: &Context) -> Result<Step> {
    let output = context.workspace.prefix().proxy();
    let (made, interpreter) = (output.clone(), context.workspace.prefix().binfmt_interpreter());
    let for_binfmt = interpreter.clone();
    let step = Step::new("proxy", "compile the proxy", file!(), move |job| {
        build(job, "proxy", "proxy", &made)?;
        link("../../bin/proxy".as_ref(), &for_binfmt)
    });
    let step = step.output(interpreter);
    // cargo would wait for it.
    let step = step.after(&["hermit"]);
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
