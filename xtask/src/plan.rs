//! Steps and their order: [`Plan::run`] runs those whose inputs or outputs changed since they last succeeded, side by side
//! where none needs what the other makes.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;

use anyhow::{Context as _, Error, Result, anyhow, bail};

use crate::apt;
use crate::context::Context;
use crate::progress::Position;
use crate::stamp::{Digests, Stamp};
use crate::step::{Job, Step};
use crate::tool::Stop;

/// Steps, and of each which ones come before it.
#[derive(Debug, Default)]
pub struct Plan {
    steps: Vec<Step>,
    /// By step: all before this number come first, whatever they are called.
    barriers: Vec<usize>,
}

/// How far a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Waits,
    Runs,
    Done,
}

impl Plan {
    /// A plan of `steps`, each of which says by name what it comes after.
    pub fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        let mut plan = Self::default();
        plan.add(steps, 0);
        plan
    }

    /// Adds steps that come after all that are there.
    pub fn extend(&mut self, steps: impl IntoIterator<Item = Step>) {
        self.add(steps, self.steps.len());
    }

    fn add(&mut self, steps: impl IntoIterator<Item = Step>, barrier: usize) {
        self.steps.extend(steps);
        self.barriers.resize(self.steps.len(), barrier);
    }

    /// Installs what the steps need and runs the stale ones, as many at once as there are cores. After the first failure, which
    /// is the one that is told, no command is started any more, and those under way are ended.
    pub fn run(&self, context: &Context) -> Result<()> {
        apt::ensure(context, self.steps.iter().flat_map(|step| step.packages.iter().copied()))?;
        let mut digests = Digests::load(&context.workspace.stamps());
        for step in &self.steps {
            digests.read_code(context.workspace.root(), &step.inputs)?;
        }
        let (digests, stop) = (Mutex::new(digests), Arc::new(Stop::default()));
        let (sender, ended) = mpsc::channel();
        let mut states = vec![State::Waits; self.steps.len()];
        let mut failure: Option<Error> = None;
        thread::scope(|scope| {
            loop {
                while failure.is_none()
                    && number(&states, State::Runs) < context.cores.number()
                    && let Some(index) = self.ready(&states)
                {
                    states[index] = State::Runs;
                    let (sender, digests, stop) = (sender.clone(), &digests, &stop);
                    scope.spawn(move || {
                        let run = AssertUnwindSafe(|| self.run_step(context, index, digests, stop));
                        // A panic has been printed; the loop below waits for an answer.
                        let result = catch_unwind(run).unwrap_or_else(|_| Err(anyhow!("a step panicked")));
                        // The loop below has ended if nobody listens.
                        let _ = sender.send((index, result));
                    });
                }
                if number(&states, State::Runs) == 0 {
                    break;
                }
                let Ok((index, result)) = ended.recv() else { break };
                states[index] = State::Done;
                if let Err(error) = result {
                    stop.now();
                    failure.get_or_insert(error);
                }
            }
        });
        match failure {
            Some(error) => Err(error),
            None if number(&states, State::Done) < states.len() => {
                bail!("steps wait for each other: {:?}", self.steps)
            }
            None => Ok(()),
        }
    }

    /// The first step that waits for none.
    fn ready(&self, states: &[State]) -> Option<usize> {
        let is_done = |index: &usize| states[*index] == State::Done;
        let waits = (0..states.len()).filter(|index| states[*index] == State::Waits);
        waits.into_iter().find(|index| self.before(*index).all(|before| is_done(&before)))
    }

    /// What has to be done before the step at `index`. Who builds a part has the rest.
    fn before(&self, index: usize) -> impl Iterator<Item = usize> {
        let names = &self.steps[index].after;
        let is_before = move |(other, step): (usize, &Step)| {
            (other < self.barriers[index] || names.contains(&step.name.as_str())).then_some(other)
        };
        self.steps.iter().enumerate().filter_map(is_before)
    }

    fn run_step(
        &self,
        context: &Context,
        index: usize,
        digests: &Mutex<Digests>,
        stop: &Arc<Stop>,
    ) -> Result<()> {
        let (step, stamps) = (&self.steps[index], context.workspace.stamps());
        let position = Position { step: index + 1, of: self.steps.len() };
        let (path, root) = (stamps.join(format!("{}.json", step.name)), context.workspace.root());
        let now = || {
            let mut digests = digests.lock().unwrap_or_else(PoisonError::into_inner);
            let now = Stamp::now(root, &step.inputs, &step.outputs, &mut digests)?;
            digests.store(&stamps)?;
            anyhow::Ok(now)
        };
        let before = now()?;
        if before.missing(root, &step.outputs).next().is_none()
            && Stamp::load(&path).as_ref() == Some(&before)
        {
            context.progress.fresh(position, &step.name);
            return Ok(());
        }
        let _ = std::fs::remove_file(&path);
        let running = context.progress.start(position, &step.name, &step.about);
        let mut job = Job::new(context, &step.name, running, stop)?;
        step.act(&mut job)
            .with_context(|| format!("the step `{}` ({}) did not succeed", step.name, step.about))?;
        // Inputs that change while the step runs belong to the next run: keep their state from before.
        let after = now()?;
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
}

fn number(states: &[State], wanted: State) -> usize {
    states.iter().filter(|state| **state == wanted).count()
}

#[cfg(test)]
mod tests;
