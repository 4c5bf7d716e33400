//! Programs in the uhyve isle: the runner in `tests/`, in the test bed, whose emulated machine has a KVM that works.

use anyhow::Result;

use super::endurance;
use super::extent::Extent;
use super::programs;
use super::tally::Tally;
use crate::apt;
use crate::context::Context;
use crate::package;
use crate::plan::Plan;
use crate::steps::{self, bed, ports};
use crate::tool::Cmd;

/// What belongs to every `cargo xtask test`: programs that use what is the isle's own (how it starts, its clocks, interrupts, vector
/// state, memory, reports, debugger), most on one number of vCPUs. Others in whose names one of these occurs run, too.
const EVERYDAY: &[&str] = &[
    "c/clocks",
    "c/code_beyond_memory",
    "c/clock_for_seconds",
    "c/core_started_late@4",
    "c/cpu_clocks@2",
    "c/empty_ports",
    "c/epoll_threads@2",
    "c/executable_stack",
    "c/execute_data",
    "c/exhaust_memory",
    "c/float_traps",
    "c/floating_state",
    "c/hello",
    "c/hostile_hypercalls",
    "c/jacobi_threads@4",
    "c/memory_grows@2",
    "c/memory_is_zero@2",
    "c/mmap_file",
    "c/net_many@2",
    "c/net_nonblocking",
    "c/net_tcp@2",
    "c/net_unix@2",
    "c/null_call",
    "c/null_dereference",
    "c/own_file",
    "c/own_process",
    "c/pipe_threads@2",
    "c/preemption@1",
    "c/preemption_avx@2",
    "c/signals_threads@2",
    "c/thread_stack_overflow",
    "c/triple_fault",
    "c/unmapped_elsewhere",
    "c/use_after_unmap",
    "c/users",
    "c/write_read_only_page",
    "cli/debugger",
    "cli/exits-of-hello",
    "cli/interrupt-computing",
    "cli/memory-",
    "cli/signals-handled-asleep",
    "cli/uhyve-device-vanishes",
    "cli/uhyve-huge-pages",
    "cli/uhyve-idle",
    "cli/uhyve-image-vanishes",
    "cli/uhyve-no-device",
    "cli/uhyve-no-memory",
    "cli/uhyve-triple-fault",
    "isolation/",
];

/// Builds the tree and the bed, and runs the runner.
pub fn run(context: &Context, extent: Extent) -> Result<Tally> {
    steps::build(context)?;
    apt::ensure(context, package::FOR_TEST.iter().copied())?;
    ports::fetch(context)?;
    {
        let _lock = context.lock()?;
        Plan::new(bed::steps(context)?).run(context)?;
    }
    let bed = context.workspace.bed();
    let names = if extent == Extent::Everyday { EVERYDAY } else { &[] };
    let with =
        |cmd: Cmd| cmd.args(["--isle", "uhyve", "--bed"]).arg(&bed).args(endurance::EVERYDAY).args(names);
    programs::run_runner(context, "uhyve", "programs in the test bed", "tests-uhyve", with)
}
