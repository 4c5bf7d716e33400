//! What the installed tree is made of: one file or folder per step; each says which others it comes after ([`Step::after`]).
//!
//! Paths below the prefix come from the crate `sysroot`, never from here.

pub mod bed;
pub mod build_systems;
pub mod gcc_runtime;
pub mod gcc_runtimes;
pub mod gcc_testsuite;
pub mod host_binary;
pub mod interface;
pub mod kernel;
pub mod libc;
pub mod licenses;
pub mod manuals;
pub mod mpich;
pub mod openmp;
pub mod ports;

use anyhow::Result;

use crate::context::Context;
use crate::plan::Plan;
use crate::step::Step;

/// Builds the whole tree; what is up to date is skipped.
pub fn build(context: &Context) -> Result<()> {
    let _lock = context.lock()?;
    Plan::new(sysroot(context)?).run(context)
}

/// Builds what programs in C need and leaves alone what is there of the rest: enough for a first impression.
pub fn build_core(context: &Context) -> Result<()> {
    let _lock = context.lock()?;
    Plan::new(core(context)?).run(context)
}

/// Everything in `target/sysroot`.
pub fn sysroot(context: &Context) -> Result<Vec<Step>> {
    let mut steps = core(context)?;
    steps.extend(languages(context));
    Ok(steps)
}

/// What programs in C need: the C library is compiled by our own driver and needs what is above it.
pub fn core(context: &Context) -> Result<Vec<Step>> {
    let mut steps = vec![
        host_binary::driver(context)?,
        interface::step(context),
        build_systems::files(context)?,
        build_systems::config_sub(context),
        gcc_runtime::step(context)?,
        licenses::step(context),
        manuals::step(context)?,
        host_binary::hermit(context)?,
    ];
    steps.extend(libc::steps(context));
    steps.extend([kernel::step(context)?, host_binary::proxy(context)?]);
    Ok(steps)
}

/// What C++, Fortran and OpenMP need beside that.
fn languages(context: &Context) -> Vec<Step> {
    let mut steps = gcc_runtimes::steps(context);
    steps.extend(openmp::steps(context));
    steps
}

#[cfg(test)]
mod tests;
