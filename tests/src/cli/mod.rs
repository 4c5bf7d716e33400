//! Bad input to our tools: it gets a clear error and loses nothing.
//!
//! A [`CliCase`] is a row; its check is a function that runs commands on a [`Desk`] and says what it expects of each.
//! Cases of the toolchain have no isle and run natively. Neighbours: [`build_systems`], [`debugger`], [`endurance`], [`idle`], [`images`],
//! [`inherits`], [`interrupt`], [`isolation`], [`memory`], [`mpi`], [`options`], [`shared_memory`], [`starts`], [`toolchain`], [`uhyve`], [`uhyve_faults`] hold the cases.

mod build_systems;
mod debugger;
mod desk;
mod endurance;
mod idle;
mod images;
mod inherits;
mod interrupt;
mod isolation;
mod memory;
mod mpi;
mod options;
mod patch;
mod shared_memory;
mod starts;
mod toolchain;
mod uhyve;
mod uhyve_faults;

use anyhow::Result;

use crate::case::Case;
use crate::isle::Isle;
use crate::lab::{Lab, empty_folder};
use crate::verdict::Verdict;
use desk::Desk;

/// One row.
#[derive(Clone, Copy)]
pub struct CliCase {
    name: &'static str,
    isles: &'static [Isle],
    check: fn(&mut Desk<'_>) -> Result<()>,
}

const NO_ISLE: &[Isle] = &[Isle::Native];
const PROCESS: &[Isle] = &[Isle::Process];
const ALL_ISLES: &[Isle] = &[Isle::Process, Isle::Uhyve, Isle::Qemu];

/// Every case.
pub fn all() -> Vec<Box<dyn Case>> {
    let suites = [
        build_systems::CASES,
        debugger::CASES,
        endurance::CASES,
        idle::CASES,
        images::CASES,
        inherits::CASES,
        interrupt::CASES,
        isolation::CASES,
        memory::CASES,
        mpi::CASES,
        options::CASES,
        shared_memory::CASES,
        starts::CASES,
        toolchain::CASES,
        uhyve_faults::CASES,
        // Last: one keeps a CPU of the bed for seconds, which signals of others would feel.
        uhyve::CASES,
    ];
    suites.into_iter().flatten().map(|case| Box::new(*case) as _).collect()
}

impl CliCase {
    fn verdict(&self, lab: &Lab, isle: Isle) -> Verdict {
        let folder = lab.folder(self.name).join(isle.name());
        let mut desk = Desk::new(lab, isle, folder.clone());
        let result = empty_folder(&folder).map_err(Into::into).and_then(|()| (self.check)(&mut desk));
        match result {
            Ok(()) => desk.verdict(),
            Err(error) => Verdict::Failed(format!("{error:#}")),
        }
    }
}

impl Case for CliCase {
    fn name(&self) -> &str {
        self.name
    }

    fn isles(&self) -> Vec<Isle> {
        self.isles.to_vec()
    }

    fn run(&self, lab: &Lab, isles: &[Isle]) -> Vec<(Isle, Verdict)> {
        // Without an isle there is still our toolchain under test.
        if let Some(lack) = lab.lacks(Isle::Process) {
            return isles.iter().map(|&isle| (isle, lack.verdict())).collect();
        }
        isles.iter().map(|&isle| (isle, self.verdict(lab, isle))).collect()
    }
}
