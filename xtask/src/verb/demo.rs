//! `cargo xtask demo`: from a bare machine to a program that runs in its own operating system.

use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::Args;

use crate::apt;
use crate::context::Context;
use crate::package;
use crate::steps;
use crate::verb::run;

const PROGRAM: &str = "examples/hello/hello.c";

/// Options of `demo`.
#[derive(Debug, Args)]
pub struct Options {}

/// Builds what programs in C need, compiles hello and runs it in each isle, telling what happens.
pub fn run(context: &Context, _options: &Options) -> Result<ExitCode> {
    let workspace = &context.workspace;
    println!("1. Build the toolchain, the C library and the kernel. The first time takes some minutes.");
    steps::build_core(context)?;
    println!("\n2. Compile {PROGRAM} with its operating system into one static image.");
    let image = run::compile(context, &workspace.join(PROGRAM))?;
    println!("   {} is {} KiB.", workspace.display(&image), std::fs::metadata(&image)?.len() / 1024);
    println!("\n3. Run it as a sandboxed Linux process (HERMIT_ISLE=process):\n");
    greet(context, "process", &image)?;
    println!("\n4. Run the same file as a virtual machine (HERMIT_ISLE=qemu):\n");
    match apt::ensure(context, package::FOR_QEMU.iter().copied()) {
        Ok(()) => greet(context, "qemu", &image)?,
        Err(error) => println!("   skipped, QEMU is not here: {error:#}"),
    }
    let prefix = workspace.prefix();
    println!("\nThat was it. Next, with a program of your own:\n");
    println!("    {} -O2 yours.c -o yours", workspace.display(&prefix.tool("gcc")));
    println!(
        "    {} ./yours            # HERMIT_ISLE=qemu chooses the isle",
        workspace.display(&prefix.proxy())
    );
    println!(
        "    cargo xtask run yours.c            # both in one; also C++ (.cc) and Fortran (.f90), after some minutes"
    );
    println!("    cargo xtask dist                   # Debian packages; then `./yours` just runs");
    println!("    cargo xtask test                   # everything that is claimed, checked");
    Ok(ExitCode::SUCCESS)
}

fn greet(context: &Context, isle: &str, image: &std::path::Path) -> Result<()> {
    let status = run::launch(context, Some(isle), image, &["world".into()])?;
    if !status.success() {
        bail!(
            "the program ended with {status} in the isle {isle}\nnote: HERMIT_VERBOSE=1 shows the kernel's log"
        );
    }
    Ok(())
}
