//! One row of the report: something that is run in several isles.
//!
//! Key types: the trait [`Case`], its result [`Row`]. Neighbours: [`crate::program`], [`crate::ports`] and
//! [`crate::cli`] implement it, [`crate::schedule`] runs it.

use crate::isle::Isle;
use crate::lab::Lab;
use crate::lack::Lack;
use crate::verdict::Verdict;

/// Something that is run in several isles.
pub trait Case: Send + Sync {
    /// Its unique name, `suite/name`.
    fn name(&self) -> &str;

    /// The isles it is made for.
    fn isles(&self) -> Vec<Isle>;

    /// Runs it in each of `isles` (some of [`Case::isles`], all offered by the machine), one verdict for each.
    fn run(&self, lab: &Lab, isles: &[Isle]) -> Vec<(Isle, Verdict)>;
}

impl Case for Box<dyn Case> {
    fn name(&self) -> &str {
        self.as_ref().name()
    }

    fn isles(&self) -> Vec<Isle> {
        self.as_ref().isles()
    }

    fn run(&self, lab: &Lab, isles: &[Isle]) -> Vec<(Isle, Verdict)> {
        self.as_ref().run(lab, isles)
    }
}

/// The verdicts of one case.
#[derive(Clone, Debug)]
pub struct Row {
    /// [`Case::name`].
    pub name: String,
    /// One for each column.
    pub verdicts: Vec<(Isle, Verdict)>,
}

impl Row {
    /// The verdict in `isle`.
    pub fn verdict(&self, isle: Isle) -> &Verdict {
        self.verdicts
            .iter()
            .find(|(other, _)| *other == isle)
            .map_or(&Verdict::Absent, |(_, verdict)| verdict)
    }
}

/// Runs a case in every isle that was chosen and is offered; skips the others.
pub fn run(case: &dyn Case, lab: &Lab) -> Row {
    let chosen: Vec<Isle> = case.isles().into_iter().filter(|isle| lab.isles.contains(isle)).collect();
    let lacks: Vec<(Isle, Option<Lack>)> = chosen.iter().map(|&isle| (isle, lab.lacks(isle))).collect();
    let offered: Vec<Isle> = lacks.iter().filter(|(_, lack)| lack.is_none()).map(|&(isle, _)| isle).collect();
    let mut verdicts = if offered.is_empty() { Vec::new() } else { case.run(lab, &offered) };
    verdicts.extend(lacks.into_iter().filter_map(|(isle, lack)| Some((isle, lack?.verdict()))));
    Row { name: case.name().to_owned(), verdicts }
}
