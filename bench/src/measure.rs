//! Takes the time of commands: [`Sample`], [`take_turns`].

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

/// Durations of the same command.
#[derive(Clone, Debug)]
pub struct Sample(Vec<Duration>);

impl Sample {
    /// The middle one, in seconds.
    pub fn median_s(&self) -> f64 {
        self.quantile_s(0.5)
    }

    /// The value below which the share `at` (0 to 1) of all lies, in seconds.
    pub fn quantile_s(&self, at: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let last = sorted.len().saturating_sub(1);
        sorted.get((at * last as f64).round() as usize).map_or(f64::NAN, Duration::as_secs_f64)
    }

    /// Number of runs.
    pub const fn len(&self) -> usize {
        self.0.len()
    }
}

/// What is at the other end of a command's standard streams.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Plumbing {
    /// /dev/null at both ends.
    Null,
    /// A pipe that we empty.
    Drain,
    /// A pipe that we fill with this many bytes.
    Fill(u64),
}

/// A command that can be run again and again.
#[derive(Clone, Debug)]
pub struct Work {
    /// What to run.
    pub program: PathBuf,
    /// Its arguments.
    pub args: Vec<String>,
    /// Its environment on top of ours without variables of HermitCore.
    pub env: &'static [(&'static str, &'static str)],
    /// Its streams.
    pub plumbing: Plumbing,
    /// A file to remove before every run.
    pub fresh: Option<PathBuf>,
}

/// Runs two works in turns, `rounds` times each after one run of each that does not count.
///
/// # Errors
/// When a command cannot be run or fails.
pub fn take_turns(first: &Work, second: &Work, rounds: usize) -> Result<(Sample, Sample)> {
    first.once()?;
    second.once()?;
    let mut samples = (Sample(Vec::new()), Sample(Vec::new()));
    for _ in 0..rounds {
        samples.0.0.push(first.once()?);
        samples.1.0.push(second.once()?);
    }
    Ok(samples)
}

/// Runs one work `rounds` times after one run that does not count.
///
/// # Errors
/// When the command cannot be run or fails.
pub fn repeat(work: &Work, rounds: usize) -> Result<Sample> {
    work.once()?;
    Ok(Sample((0..rounds).map(|_| work.once()).collect::<Result<_>>()?))
}

impl Work {
    /// From start to exit.
    fn once(&self) -> Result<Duration> {
        if let Some(file) = &self.fresh {
            match std::fs::remove_file(file) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
                _ => {}
            }
        }
        let mut command = self.command();
        let start = Instant::now();
        let mut child = command.spawn().with_context(|| format!("cannot run {}", self.program.display()))?;
        let pump = self.pump(&mut child);
        let status = child.wait()?;
        let took = start.elapsed();
        if let Some(pump) = pump {
            // A broken pipe shows in the status of the command.
            drop(pump.join());
        }
        if !status.success() {
            bail!("{} {} ended with {status}", self.program.display(), self.args.join(" "));
        }
        Ok(took)
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.args);
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("HERMIT_"))
        {
            command.env_remove(name);
        }
        command.envs(self.env.iter().copied());
        command.stdin(if matches!(self.plumbing, Plumbing::Fill(_)) {
            Stdio::piped()
        } else {
            Stdio::null()
        });
        command.stdout(if self.plumbing == Plumbing::Drain { Stdio::piped() } else { Stdio::null() });
        command
    }

    fn pump(&self, child: &mut Child) -> Option<thread::JoinHandle<io::Result<()>>> {
        match self.plumbing {
            Plumbing::Null => None,
            Plumbing::Drain => child.stdout.take().map(|pipe| thread::spawn(move || drain(pipe))),
            Plumbing::Fill(bytes) => child.stdin.take().map(|pipe| thread::spawn(move || fill(pipe, bytes))),
        }
    }
}

fn drain(mut pipe: impl Read) -> io::Result<()> {
    let mut buffer = vec![0; 1 << 20];
    while pipe.read(&mut buffer)? > 0 {}
    Ok(())
}

fn fill(mut pipe: impl Write, bytes: u64) -> io::Result<()> {
    let buffer = vec![b'x'; 1 << 20];
    for _ in 0..bytes >> 20 {
        pipe.write_all(&buffer)?;
    }
    Ok(())
}

/// Writes a file of that many bytes.
///
/// # Errors
/// Those of the file system.
pub fn make_file(path: &PathBuf, bytes: u64) -> Result<()> {
    let file = File::create(path).with_context(|| format!("cannot create {}", path.display()))?;
    fill(file, bytes).with_context(|| format!("cannot write {} bytes to {}", bytes, path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_of_the_sorted_sample() {
        let sample = Sample([5, 1, 3, 2, 4].map(Duration::from_secs).into());
        assert_eq!(sample.median_s(), 3.0);
        assert_eq!((sample.quantile_s(0.0), sample.quantile_s(1.0)), (1.0, 5.0));
        assert!(Sample(Vec::new()).median_s().is_nan());
    }

    #[test]
    fn a_work_that_fails_is_an_error() {
        let work = |program: &str| Work {
            program: program.into(),
            args: Vec::new(),
            env: &[],
            plumbing: Plumbing::Null,
            fresh: None,
        };
        assert!(repeat(&work("/bin/false"), 1).is_err());
        assert_eq!(repeat(&work("/bin/true"), 3).unwrap().len(), 3);
        assert!(take_turns(&work("/bin/true"), &work("/nowhere"), 1).is_err());
    }
}
