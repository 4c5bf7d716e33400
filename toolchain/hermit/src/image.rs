//! `hermit run`: becomes the proxy.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result};
use sysroot::Prefix;

/// Runs the proxy in place of this process. Returns only if that failed.
pub fn run(prefix: &Prefix, arguments: &[OsString]) -> Result<ExitCode> {
    let proxy = prefix.proxy();
    let error = Command::new(&proxy).args(arguments).exec();
    Err(error).with_context(|| format!("cannot run {}\nnote: apt install libhermit", proxy.display()))
}
