//! Steps in order: [`Plan::run`] runs those whose inputs or outputs changed since they last succeeded.

use anyhow::{Context as _, Result, bail};

use crate::apt;
use crate::context::Context;
use crate::progress::Position;
use crate::stamp::{Digests, Stamp};
use crate::step::{Job, Step};

/// Steps in the order in which they run: a step may depend on the outputs of earlier ones.
#[derive(Debug, Default)]
pub struct Plan {
    steps: Vec<Step>,
}

impl Plan {
    /// A plan of `steps`.
    pub fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        Self { steps: steps.into_iter().collect() }
    }

    /// Adds steps at the end.
    pub fn extend(&mut self, steps: impl IntoIterator<Item = Step>) {
        self.steps.extend(steps);
    }

    /// Installs what the steps need and runs the stale ones.
    pub fn run(&self, context: &Context) -> Result<()> {
        apt::ensure(context, self.steps.iter().flat_map(|step| step.packages.iter().copied()))?;
        let stamps = context.workspace.stamps();
        let mut digests = Digests::load(&stamps);
        for (index, step) in self.steps.iter().enumerate() {
            let position = Position { step: index + 1, of: self.steps.len() };
            run_step(context, step, position, &mut digests)?;
            digests.store(&stamps)?;
        }
        Ok(())
    }
}

fn run_step(context: &Context, step: &Step, position: Position, digests: &mut Digests) -> Result<()> {
    let path = context.workspace.stamps().join(format!("{}.json", step.name));
    let root = context.workspace.root();
    let before = Stamp::now(root, &step.inputs, &step.outputs, digests)?;
    if before.missing(root, &step.outputs).next().is_none() && Stamp::load(&path).as_ref() == Some(&before) {
        context.progress.fresh(position, &step.name);
        return Ok(());
    }
    let _ = std::fs::remove_file(&path);
    let running = context.progress.start(position, &step.name, &step.about);
    let mut job = Job::new(context, &step.name, running)?;
    step.act(&mut job)
        .with_context(|| format!("the step `{}` ({}) did not succeed", step.name, step.about))?;
    // Inputs that change while the step runs belong to the next run: keep their state from before.
    let after = Stamp::now(root, &step.inputs, &step.outputs, digests)?;
    if let Some(path) = after.missing(root, &step.outputs).next() {
        bail!(
            "the step `{}` succeeded but did not make {}: a defect in its recipe",
            step.name,
            path.display()
        );
    }
    before.with_outputs_of(after).store(&path)?;
    job.done();
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::fs;
    use std::rc::Rc;

    use super::*;
    use crate::context::Global;
    use crate::progress::Progress;
    use crate::workspace::Workspace;

    fn context(folder: &std::path::Path) -> Context {
        Context {
            workspace: Workspace::new(folder.to_path_buf(), folder.join("target")),
            global: Global { no_install: true },
            progress: Progress::new(),
            source_date: None,
        }
    }

    fn counted(folder: &std::path::Path, runs: &Rc<Cell<u32>>) -> Plan {
        let (runs, out) = (Rc::clone(runs), folder.join("out"));
        let made = out.clone();
        let step = Step::new("count", "count the runs", file!(), move |_| {
            runs.set(runs.get() + 1);
            crate::files::write(&made, "made")
        });
        Plan::new([step.file(folder.join("in")).output(out)])
    }

    #[test]
    fn a_step_runs_once_until_something_changes() {
        let folder = tempfile::tempdir().unwrap();
        let (context, runs) = (context(folder.path()), Rc::new(Cell::new(0)));
        let plan = counted(folder.path(), &runs);
        plan.run(&context).unwrap();
        plan.run(&context).unwrap();
        assert_eq!(runs.get(), 1);
        fs::write(folder.path().join("in"), "new").unwrap();
        plan.run(&context).unwrap();
        assert_eq!(runs.get(), 2);
        fs::remove_file(folder.path().join("out")).unwrap();
        plan.run(&context).unwrap();
        assert_eq!(runs.get(), 3);
    }

    #[test]
    fn a_failed_step_runs_again() {
        let folder = tempfile::tempdir().unwrap();
        let (context, runs) = (context(folder.path()), Rc::new(Cell::new(0)));
        let seen = Rc::clone(&runs);
        let plan = Plan::new([Step::new("fail", "fail", file!(), move |_| {
            seen.set(seen.get() + 1);
            bail!("as it must")
        })]);
        let text = format!("{:#}", plan.run(&context).unwrap_err());
        assert!(text.contains("the step `fail`") && text.contains("as it must"));
        plan.run(&context).unwrap_err();
        assert_eq!(runs.get(), 2);
    }

    #[test]
    fn a_step_that_does_not_make_its_output_is_a_defect() {
        let folder = tempfile::tempdir().unwrap();
        let step =
            Step::new("lie", "make nothing", file!(), |_| Ok(())).output(folder.path().join("nothing"));
        let text = Plan::new([step]).run(&context(folder.path())).unwrap_err().to_string();
        assert!(text.contains("did not make"));
    }
}
