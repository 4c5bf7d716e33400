//! Real programs that nobody here wrote, built by their own build systems and run on real input.
//!
//! A [`Recipe`] is data: how to build, and which runs to compare with the native build of the same sources.
//! `xtask` unpacks the sources (its `steps/ports.rs` pins them). Neighbours: [`build`] builds each recipe once for
//! each target, [`run`] is the case.

mod build;
mod lua;
mod pigz;
mod run;
mod sqlite3;
mod zlib;

use std::sync::Arc;

use crate::case::Case;
use build::Port;
use run::PortCase;

/// A program of somebody else.
#[derive(Debug)]
pub struct Recipe {
    /// Name of the folder with its sources.
    pub name: &'static str,
    /// Lines for a shell that runs in a copy of the sources with `CC`, `AR`, `RANLIB` and, for
    /// hermit, `CHOST` set; `INPUT` is `tests/ports/<recipe>`, `SOURCES` has the sources of all recipes.
    pub build: &'static [&'static str],
    /// What to run.
    pub runs: &'static [Run],
}

/// A row of the report: commands that run one after another in one folder.
#[derive(Debug)]
pub struct Run {
    /// Its name below the recipe's.
    pub name: &'static str,
    /// Files that are copied into the working directory first, from `tests/ports/<recipe>`.
    pub files: &'static [&'static str],
    /// The commands; each must succeed and print what the native build prints.
    pub steps: &'static [Step],
    /// Files in the working directory that must equal the native run's.
    pub output_files: &'static [&'static str],
    /// `HERMIT_CPUS`, if it is not to be the proxy's own choice.
    pub cpus: Option<u32>,
}

/// One command.
#[derive(Debug)]
pub struct Step {
    /// Path of the executable in the built sources.
    pub program: &'static str,
    /// Its arguments.
    pub args: &'static [&'static str],
    /// Its standard input.
    pub stdin: StepInput,
}

/// Standard input of a command.
#[derive(Clone, Copy, Debug)]
pub enum StepInput {
    /// /dev/null.
    Null,
    /// A file of the built sources.
    Source(&'static str),
    /// What the command before printed.
    Previous,
}

/// Every run of every recipe.
pub fn all() -> Vec<Box<dyn Case>> {
    let mut cases: Vec<Box<dyn Case>> = Vec::new();
    for recipe in [&lua::RECIPE, &pigz::RECIPE, &sqlite3::RECIPE, &zlib::RECIPE] {
        let port = Arc::new(Port::new(recipe));
        cases.extend(recipe.runs.iter().map(|run| Box::new(PortCase::new(Arc::clone(&port), run)) as _));
    }
    cases
}
