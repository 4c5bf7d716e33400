//! The build system: verbs are made of steps, steps of commands.
//!
//! It stands on floors: a room uses what lies below it, and `cargo xtask tidy` reads this table and proves it.
//!
//! | floor | rooms | what |
//! |---|---|---|
//! | 13 | [`options`] | what the user typed |
//! | 12 | [`verb`] | one file per verb: what the user wants |
//! | 11 | [`suite`] | what is tested |
//! | 10 | [`tidy`], [`reproducible`] | what the rules are; that a second build gives the same |
//! | 9 | [`deb`] | Debian packages and their repository |
//! | 8 | [`steps`] | one file or folder per step: what is to be made |
//! | 7 | [`plan`], [`metadata`], [`objects`], [`cmake`] | a [`plan::Plan`] runs the steps that are stale; what cargo says about our crates; compiles what changed; builds what comes with CMake |
//! | 6 | [`apt`], [`rust`], [`source`], [`patches`] | installs packages; how cargo compiles what we ship; upstream sources, pinned by SHA-256; our patches to them |
//! | 5 | [`step`] | a [`step::Step`] with inputs and outputs, and the [`step::Job`] that makes them |
//! | 4 | [`context`], [`symbols`] | what every verb gets; the names that archives define and need |
//! | 3 | [`tool`], [`stamp`] | [`tool::Cmd`]: the only place that spawns processes; how a step's inputs and outputs looked |
//! | 2 | [`log`], [`code`], [`package`] | what commands wrote; what a step's code says; the packages that verbs need |
//! | 1 | [`files`] | what everybody does with files and folders |
//! | 0 | [`progress`], [`workspace`], [`cores`] | what the user sees meanwhile; where things are in this checkout; who has how many cores |
//!
//! A new step is a file in `steps/` with a function that returns a [`step::Step`], and a line in
//! [`steps::sysroot`].
#![forbid(unsafe_code)]

pub mod apt;
pub mod cmake;
pub mod code;
pub mod context;
pub mod cores;
pub mod deb;
pub mod files;
pub mod log;
pub mod metadata;
pub mod objects;
pub mod options;
pub mod package;
pub mod patches;
pub mod plan;
pub mod progress;
pub mod reproducible;
pub mod rust;
pub mod source;
pub mod stamp;
pub mod step;
pub mod steps;
pub mod suite;
pub mod symbols;
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
        Verb::Mpi(options) => verb::mpi::run(&context, &options),
        Verb::Bench(options) => verb::bench::run(&context, &options),
        Verb::Clean(options) => verb::clean::run(&context, &options),
        Verb::Cmake(project) => Ok(project.build()),
    }
}
