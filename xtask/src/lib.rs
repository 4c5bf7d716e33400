//! The build system: verbs are made of steps, steps of commands.
//!
//! | module | noun |
//! |---|---|
//! | [`options`] | what the user typed |
//! | [`verb`] | one file per verb: what the user wants |
//! | [`steps`] | one file or folder per step: what is to be made |
//! | [`step`], [`plan`] | a [`step::Step`] with inputs and outputs; a [`plan::Plan`] runs those that are stale |
//! | [`stamp`] | what a step's inputs and outputs looked like when it last succeeded |
//! | [`deb`], [`reproducible`] | Debian packages, and that a second build gives the same |
//! | [`suite`], [`tidy`] | what is tested, what the rules are |
//! | [`rust`] | how cargo compiles what we ship |
//! | [`log`] | what commands wrote |
//! | [`tool`] | [`tool::Cmd`]: the only place that spawns processes |
//! | [`progress`] | what the user sees meanwhile |
//! | [`package`], [`apt`] | Debian packages that verbs need, and how they are installed |
//! | [`source`] | upstream sources, pinned by SHA-256 |
//! | [`workspace`] | where things are in this checkout |
//!
//! A new step is a file in `steps/` with a function that returns a [`step::Step`], and a line in
//! [`steps::sysroot`].
#![forbid(unsafe_code)]

pub mod apt;
pub mod context;
pub mod deb;
pub mod log;
pub mod options;
pub mod package;
pub mod plan;
pub mod progress;
pub mod reproducible;
pub mod rust;
pub mod source;
pub mod stamp;
pub mod step;
pub mod steps;
pub mod suite;
pub mod tidy;
pub mod tool;
pub mod verb;
pub mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;

use context::Context;
use options::{Options, Verb};

/// Parses the command line and runs the verb.
pub fn main() -> Result<ExitCode> {
    let Options { global, verb } = Options::parse();
    let context = Context::new(global)?;
    match verb {
        Verb::Demo(options) => verb::demo::run(&context, &options),
        Verb::Check(options) => verb::check::run(&context, &options),
        Verb::Test(options) => verb::test::run(&context, &options),
        Verb::Run(options) => verb::run::run(&context, &options),
        Verb::Dist(options) => verb::dist::run(&context, &options),
        Verb::Tidy(options) => verb::tidy::run(&context, &options),
        Verb::Sysroot(options) => verb::sysroot::run(&context, &options),
        Verb::Bench(options) => verb::bench::run(&context, &options),
        Verb::Clean(options) => verb::clean::run(&context, &options),
    }
}
