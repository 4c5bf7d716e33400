//! `hermit doctor`: what works on this host, and why something does not.
//!
//! A [`Finding`] is one line of the report. The checks ask for what counts (a program is compiled and run, KVM is
//! probed) rather than for what hints at it.

mod host;
mod programs;

use std::fmt;
use std::io::Write;
use std::process::ExitCode;

use anyhow::Result;
use sysroot::Prefix;

use crate::options::DoctorOptions;

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It works.
    Works,
    /// It is not there, and nothing that matters to everyone needs it.
    Lacks,
    /// It is broken, or everything needs it.
    Fails,
}

/// One line of the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How it came out.
    pub verdict: Verdict,
    /// What was looked at.
    pub name: String,
    /// What was found.
    pub found: String,
    /// What to do about it; empty if nothing.
    pub cure: String,
}

impl Finding {
    fn works(name: &str, found: impl Into<String>) -> Self {
        Self { verdict: Verdict::Works, name: name.into(), found: found.into(), cure: String::new() }
    }

    fn lacks(name: &str, found: impl Into<String>, cure: impl Into<String>) -> Self {
        Self { verdict: Verdict::Lacks, name: name.into(), found: found.into(), cure: cure.into() }
    }

    fn fails(name: &str, found: impl Into<String>, cure: impl Into<String>) -> Self {
        Self { verdict: Verdict::Fails, name: name.into(), found: found.into(), cure: cure.into() }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Works => "ok",
            Self::Lacks => "no",
            Self::Fails => "FAILS",
        })
    }
}

/// Looks at everything, prints the report.
pub fn run(prefix: &Prefix, options: &DoctorOptions) -> Result<ExitCode> {
    let mut findings = programs::tree(prefix);
    findings.extend(programs::compilers(prefix));
    findings.extend(programs::isles(prefix)?);
    findings.extend(host::all(prefix));
    let mut out = std::io::stdout().lock();
    for finding in &findings {
        let Finding { verdict, name, found, cure } = finding;
        let printed = match options.porcelain {
            true => writeln!(out, "{verdict}\t{name}\t{found}\t{cure}"),
            false if cure.is_empty() => writeln!(out, "{verdict:<6}{name:<18}{found}"),
            false => writeln!(out, "{verdict:<6}{name:<18}{found}\n{:24}note: {cure}", ""),
        };
        if printed.is_err() {
            break;
        }
    }
    let failed = findings.iter().any(|finding| finding.verdict == Verdict::Fails);
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A tree that is not there cannot work, whoever asks.
    #[test]
    fn a_failure_is_the_status_of_both_reports() {
        for porcelain in [false, true] {
            let status = run(&Prefix::new("/nowhere"), &DoctorOptions { porcelain }).unwrap();
            assert_eq!(status, ExitCode::FAILURE, "porcelain: {porcelain}");
        }
    }
}
