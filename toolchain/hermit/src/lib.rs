//! The command `hermit`, also called `hermit-config`: what a user asks HermitCore's installation.
//!
//! | module | what it is for |
//! |---|---|
//! | [`options`] | the command line, of which manual pages and completions are generated |
//! | [`image`] | `hermit run`: hands over to the proxy |
//! | [`doctor`] | `hermit doctor`: what works on this host, and why not |
//! | [`config`] | `hermit config`: flags and paths for build systems |
//! | [`components`] | `hermit --version`: what the tree is made of |
//! | [`pages`] | manual pages and completions |
//!
//! Neighbours: the proxy (`bin/proxy`) runs images, `sysroot` knows the paths, `cc-wrapper` is the compilers.
#![forbid(unsafe_code)]

pub mod components;
pub mod config;
pub mod doctor;
pub mod image;
pub mod options;
pub mod pages;
mod tool;

use std::ffi::OsString;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;
use options::{Options, Verb};
use sysroot::Prefix;

/// Does what the command line asks for.
pub fn run(argv: Vec<OsString>) -> ExitCode {
    match dispatch(argv) {
        Ok(status) => status,
        Err(error) => {
            eprintln!("hermit: error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(argv: Vec<OsString>) -> Result<ExitCode> {
    let name = argv.first().and_then(|name| Path::new(name).file_name()).unwrap_or_default();
    if name == "hermit-config" {
        let options = options::ConfigCommand::parse_from(argv).options;
        return tell(&config::answer(&Prefix::of_running_tool()?, &options)?);
    }
    let options =
        Options::try_parse_from(argv).unwrap_or_else(|error| options::with_suggestion(error).exit());
    // The pages are made where there is no tree yet.
    if let Some(Verb::Pages { folder }) = &options.verb {
        pages::write(folder)?;
        return Ok(ExitCode::SUCCESS);
    }
    let prefix = Prefix::of_running_tool()?;
    match options.verb {
        Some(Verb::Run { command }) => image::run(&prefix, &command),
        Some(Verb::Doctor(wanted)) => doctor::run(&prefix, &wanted),
        Some(Verb::Config(wanted)) => tell(&config::answer(&prefix, &wanted)?),
        Some(Verb::Completions { shell }) => tell(&pages::completions(shell)),
        Some(Verb::Pages { .. }) | None if options.version => tell(&components::list(&prefix)),
        Some(Verb::Pages { .. }) | None => tell(&options::help()),
    }
}

/// Prints; a reader who has gone away is nobody's problem here.
fn tell(text: &str) -> Result<ExitCode> {
    let printed = std::io::stdout().write_all(text.as_bytes());
    Ok(if printed.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
