//! `cargo xtask run FILE`: compiles a C file, or takes an image, and runs it through the proxy.

use std::ffi::OsString;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{ExitCode, ExitStatus};

use anyhow::{Result, bail};
use clap::Args;

use crate::context::{Context, create_parent};
use crate::step::Job;
use crate::tool::Cmd;
use crate::verb;

/// Options of `run`.
#[derive(Debug, Args)]
pub struct Options {
    /// Where to run it: process, qemu, auto [default: what HERMIT_ISLE says, else auto]
    #[arg(long)]
    isle: Option<String>,
    /// A C file or an image
    file: PathBuf,
    /// Arguments of the program
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    args: Vec<OsString>,
}

/// Builds the tree if needed, then the program, runs it and ends as it did.
pub fn run(context: &Context, options: &Options) -> Result<ExitCode> {
    if !options.file.is_file() {
        bail!(
            "there is no file {}\nnote: give a C file or an image that x86_64-hermit-gcc made",
            options.file.display()
        );
    }
    verb::sysroot::build(context)?;
    let image = match options.file.extension() {
        Some(extension) if extension == "c" => compile(context, &options.file)?,
        _ => std::path::absolute(&options.file)?,
    };
    let status = launch(context, options.isle.as_deref(), &image, &options.args)?;
    Ok(exit_code(status))
}

/// Compiles one C file with the tree's own compiler; returns the image.
pub fn compile(context: &Context, file: &Path) -> Result<PathBuf> {
    let image = context.workspace.build("run").join(file.file_stem().unwrap_or(file.as_os_str()));
    create_parent(&image)?;
    let mut job = Job::alone(context, "compile", &format!("compile {}", file.display()))?;
    let gcc = Cmd::new(context.workspace.prefix().tool("gcc")).args(["-O2", "-Wall", "-o"]);
    job.run(gcc.arg(&image).arg(std::path::absolute(file)?))?;
    job.done();
    Ok(image)
}

/// Runs an image through the proxy on the user's terminal.
pub fn launch(context: &Context, isle: Option<&str>, image: &Path, args: &[OsString]) -> Result<ExitStatus> {
    let cmd = Cmd::new(context.workspace.prefix().proxy()).arg(image).args(args);
    match isle {
        Some(isle) => cmd.env("HERMIT_ISLE", isle).attached(),
        None => cmd.attached(),
    }
}

/// The status that a shell would report.
fn exit_code(status: ExitStatus) -> ExitCode {
    let code = status.code().or_else(|| status.signal().map(|signal| 128 + signal));
    code.and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from)
}
