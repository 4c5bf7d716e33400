//! Takes the time of commands, or reads the figures that they print: [`Sample`], [`take_turns`], [`compare_figures`].

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Instant;

use anyhow::{Context as _, Result, bail, ensure};

/// Durations of the same thing, in seconds.
#[derive(Clone, Debug, Default)]
pub struct Sample(Vec<f64>);

impl From<Vec<f64>> for Sample {
    /// These durations, in seconds.
    fn from(durations_s: Vec<f64>) -> Self {
        Self(durations_s)
    }
}

impl Sample {
    /// These durations, in seconds.
    #[cfg(test)]
    pub fn of<const N: usize>(durations_s: [f64; N]) -> Self {
        Self(durations_s.to_vec())
    }

    /// The middle one, in seconds.
    pub fn median_s(&self) -> f64 {
        self.quantile_s(0.5)
    }

    /// The value below which the share `at` (0 to 1) of all lies, in seconds.
    pub fn quantile_s(&self, at: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_unstable_by(f64::total_cmp);
        let last = sorted.len().saturating_sub(1);
        sorted.get((at * last as f64).round() as usize).copied().unwrap_or(f64::NAN)
    }

    /// The middle one of the ratios of each run to `other`'s of the same round: what slows the machine down for a while
    /// slows both. Durations below `least_s` seconds count as that.
    pub fn ratio_to(&self, other: &Self, least_s: f64) -> f64 {
        let ratio = |(one, other): (&f64, &f64)| one.max(least_s) / other.max(least_s);
        Self(self.0.iter().zip(&other.0).map(ratio).collect()).median_s()
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
    let mut samples = (Sample::default(), Sample::default());
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

/// What a program calls one of its figures, and how long it took in both works.
#[derive(Clone, Debug)]
pub struct Figure {
    /// The program's word for it.
    pub label: String,
    /// What the first work printed.
    pub first: Sample,
    /// What the second work printed.
    pub second: Sample,
}

/// Runs works in turns, `rounds` times each, and collects the figures that they print: a label and a sample of each work.
///
/// # Errors
/// When a command cannot be run, fails, or prints anything else than lines of `LABEL NANOSECONDS`, the same labels each time.
pub fn figures_in_turns<const N: usize>(
    works: [&Work; N],
    rounds: usize,
) -> Result<Vec<(String, [Sample; N])>> {
    let mut figures: Vec<(String, [Sample; N])> = Vec::new();
    for _ in 0..rounds {
        for (which, work) in works.into_iter().enumerate() {
            let printed = work.figures()?;
            if figures.is_empty() {
                let new =
                    |(label, _): &(String, f64)| (label.clone(), std::array::from_fn(|_| Sample::default()));
                figures = printed.iter().map(new).collect();
            }
            let same = printed.iter().map(|(label, _)| label).eq(figures.iter().map(|(label, _)| label));
            ensure!(same, "{} prints other labels than before or than its twin", work.program.display());
            for ((_, samples), (_, figure)) in figures.iter_mut().zip(printed) {
                samples[which].0.push(figure / NS_PER_S);
            }
        }
    }
    Ok(figures)
}

/// Compares the figures that two works print in turns, `rounds` times each.
///
/// # Errors
/// Those of [`figures_in_turns`].
pub fn compare_figures(first: &Work, second: &Work, rounds: usize) -> Result<Vec<Figure>> {
    let figures = figures_in_turns([first, second], rounds)?;
    Ok(figures.into_iter().map(|(label, [first, second])| Figure { label, first, second }).collect())
}

/// Runs one work once and returns the one figure that it prints.
///
/// # Errors
/// As those of [`figures_in_turns`].
pub fn figure(work: &Work) -> Result<f64> {
    match work.figures()?.as_slice() {
        [(_, figure)] => Ok(*figure),
        figures => bail!("{} printed {} figures instead of one", work.program.display(), figures.len()),
    }
}

const NS_PER_S: f64 = 1e9;

impl Work {
    /// What it prints: labels and numbers.
    fn figures(&self) -> Result<Vec<(String, f64)>> {
        let output = self.command().stdout(Stdio::piped()).stderr(Stdio::inherit()).output();
        let output = output.with_context(|| format!("cannot run {}", self.program.display()))?;
        if !output.status.success() {
            bail!("{} {} ended with {}", self.program.display(), self.args.join(" "), output.status);
        }
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        text.lines().map(figure_of_line).collect()
    }

    /// From start to exit, in seconds.
    fn once(&self) -> Result<f64> {
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
        Ok(took.as_secs_f64())
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

fn figure_of_line(line: &str) -> Result<(String, f64)> {
    let number = line.split_once(' ').and_then(|(label, number)| Some((label, number.parse().ok()?)));
    let (label, number) = number.with_context(|| format!("`{line}` is not a label and a number"))?;
    Ok((label.to_owned(), number))
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
        let sample = Sample(vec![5.0, 1.0, 3.0, 2.0, 4.0]);
        assert_eq!(sample.median_s(), 3.0);
        assert_eq!((sample.quantile_s(0.0), sample.quantile_s(1.0)), (1.0, 5.0));
        assert!(Sample(Vec::new()).median_s().is_nan());
    }

    #[test]
    fn a_ratio_is_of_the_same_round() {
        let (isle, native) = (Sample(vec![1.0, 20.0, 3.0]), Sample(vec![2.0, 40.0, 1.0]));
        assert_eq!(isle.ratio_to(&native, 0.0), 0.5);
        assert_eq!(isle.ratio_to(&native, 3.0), 1.0);
    }

    #[test]
    fn figures_are_paired_by_label() {
        let work = |text: &str| Work {
            program: "/bin/echo".into(),
            args: vec![text.to_owned()],
            env: &[],
            plumbing: Plumbing::Null,
            fresh: None,
        };
        let figures = compare_figures(&work("64B 2.5"), &work("64B 5"), 3).unwrap();
        assert_eq!((figures.len(), figures[0].label.as_str(), figures[0].second.len()), (1, "64B", 3));
        assert_eq!(figures[0].second.median_s() / figures[0].first.median_s(), 2.0);
        assert!(compare_figures(&work("a 1"), &work("b 1"), 1).is_err(), "another label");
        assert!(compare_figures(&work("a 1"), &work("oops"), 1).is_err(), "no figure");
        assert_eq!(figure(&work("count 7")).unwrap(), 7.0);
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
