//! `cargo xtask run FILE`: compiles a source, or takes an image, and runs it through the proxy.

use std::ffi::OsString;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{ExitCode, ExitStatus};

use anyhow::{Result, bail};
use clap::Args;

use crate::apt;
use crate::context::Context;
use crate::files::create_parent;
use crate::package;
use crate::step::Job;
use crate::steps;
use crate::tool::Cmd;

/// Options of `run`.
#[derive(Debug, Args)]
pub struct Options {
    /// Where to run it: process, uhyve, qemu, auto [default: what HERMIT_ISLE says, else auto]
    #[arg(long)]
    isle: Option<String>,
    /// A source in C, C++ or Fortran, or an image
    file: PathBuf,
    /// Arguments of the program
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    args: Vec<OsString>,
}

/// A language that we compile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Language {
    C,
    Cxx,
    Fortran,
}

impl Language {
    /// The language of a source with this name; an image has none.
    fn of(file: &Path) -> Option<Self> {
        Some(match file.extension()?.to_str()? {
            "c" => Self::C,
            "cc" | "cpp" | "cxx" | "C" => Self::Cxx,
            "f" | "F" | "f90" | "F90" | "f95" | "f03" | "f08" => Self::Fortran,
            _ => return None,
        })
    }

    const fn compiler(self) -> &'static str {
        match self {
            Self::C => "gcc",
            Self::Cxx => "g++",
            Self::Fortran => "gfortran",
        }
    }
}

/// Builds what the program needs of the tree, then the program, runs it and ends as it did.
pub fn run(context: &Context, options: &Options) -> Result<ExitCode> {
    if !options.file.is_file() {
        bail!(
            "there is no file {}\nnote: give a source or an image that x86_64-hermit-gcc made",
            options.file.display()
        );
    }
    let language = Language::of(&options.file);
    match language {
        None | Some(Language::C) => steps::build_core(context)?,
        Some(Language::Cxx | Language::Fortran) => steps::build(context)?,
    }
    let image = match language {
        Some(language) => compile_with(context, language.compiler(), &options.file)?,
        None => std::path::absolute(&options.file)?,
    };
    if wants_qemu(options.isle.as_deref()) {
        apt::ensure(context, package::FOR_QEMU.iter().copied())?;
    }
    let status = launch(context, options.isle.as_deref(), &image, &options.args)?;
    Ok(exit_code(status))
}

/// Whether the isle is Debian's QEMU; nothing else takes it unless it is asked for.
fn wants_qemu(isle: Option<&str>) -> bool {
    let isle = isle.map(Into::into).or_else(|| std::env::var_os("HERMIT_ISLE"));
    isle.is_some_and(|isle| isle == "qemu") && std::env::var_os("HERMIT_QEMU").is_none()
}

/// Compiles one C file with the tree's own compiler; returns the image.
pub fn compile(context: &Context, file: &Path) -> Result<PathBuf> {
    compile_with(context, Language::C.compiler(), file)
}

fn compile_with(context: &Context, compiler: &str, file: &Path) -> Result<PathBuf> {
    let image = context.workspace.build("run").join(file.file_stem().unwrap_or(file.as_os_str()));
    create_parent(&image)?;
    let mut job = Job::alone(context, "compile", &format!("compile {}", file.display()))?;
    let cmd = Cmd::new(context.workspace.prefix().tool(compiler)).args(["-O2", "-Wall", "-o"]);
    // gfortran writes modules where it works.
    let cmd = cmd.arg(&image).arg(std::path::absolute(file)?).cwd(context.workspace.build("run"));
    job.run(cmd)?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_have_a_language_and_images_have_none() {
        for (name, language) in [
            ("a/b.c", Some(Language::C)),
            ("x.cpp", Some(Language::Cxx)),
            ("x.F90", Some(Language::Fortran)),
            ("x.o", None),
            ("hello", None),
        ] {
            assert_eq!(Language::of(Path::new(name)), language, "{name}");
        }
    }
}
