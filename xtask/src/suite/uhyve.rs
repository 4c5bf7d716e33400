//! Programs in the uhyve isle: the runner in `tests/`, in the test bed, whose emulated machine has a KVM that works.

use anyhow::Result;

use super::{Tally, programs};
use crate::apt;
use crate::context::Context;
use crate::package;
use crate::plan::Plan;
use crate::steps::{bed, ports};
use crate::tool::Cmd;
use crate::verb;

/// Builds the tree and the bed, and runs the runner.
pub fn run(context: &Context) -> Result<Tally> {
    verb::sysroot::build(context)?;
    apt::ensure(context, package::FOR_TEST.iter().copied())?;
    ports::fetch(context)?;
    {
        let _lock = context.lock()?;
        Plan::new(bed::steps(context)?).run(context)?;
    }
    let bed = context.workspace.bed();
    let with = |cmd: Cmd| cmd.args(["--isle", "uhyve", "--bed"]).arg(&bed);
    programs::run_runner(context, "uhyve", "programs in the test bed", "tests-uhyve", with)
}
