//! Which tests there are: [`Test`], found in the unpacked sources.
//!
//! `conformance/interfaces/<interface>/<assertion>-<number>.c` is a test. Those named `...-core-buildonly.c` take an
//! argument, and a shell script beside them gives it: that script is the test. All other scripts only print that
//! something is tested elsewhere.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

/// The folder below `target/ports`.
pub const FOLDER: &str = "posixtestsuite";

/// The interfaces whose tests are run; a `*` stands for any ending.
const INTERFACES: &[&str] = &[
    "pthread_*",
    "sem_*",
    "sig*",
    "raise",
    "kill",
    "killpg",
    "clock*",
    "timer_*",
    "sched_*",
    "mmap",
    "munmap",
    "nanosleep",
    "time",
];

/// One test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Test {
    /// `interface/assertion-number`.
    pub name: String,
    /// What to compile.
    pub source: PathBuf,
    /// Arguments of the program.
    pub args: Vec<String>,
}

/// The folder with the headers of the tests.
pub fn headers(sources: &Path) -> PathBuf {
    sources.join("include")
}

/// The tests of [`INTERFACES`] in the unpacked `sources`, sorted by name.
///
/// # Errors
/// A folder that cannot be read.
pub fn find(sources: &Path) -> Result<Vec<Test>> {
    let interfaces = sources.join("conformance/interfaces");
    let mut tests = Vec::new();
    for (interface, folder) in entries(&interfaces)? {
        if !INTERFACES.iter().any(|pattern| matches(pattern, &interface)) {
            continue;
        }
        // Behaviour that an implementation may show.
        let speculative = folder.join("speculative");
        if speculative.is_dir() {
            tests_in(&format!("{interface}/speculative"), &speculative, sources, &mut tests)?;
        }
        tests_in(&interface, &folder, sources, &mut tests)?;
    }
    tests.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(tests)
}

fn tests_in(prefix: &str, folder: &Path, sources: &Path, tests: &mut Vec<Test>) -> Result<()> {
    for (file, path) in entries(folder)? {
        let Some((stem, ending)) = file.rsplit_once('.') else { continue };
        if !is_numbered(stem) {
            continue;
        }
        let name = format!("{prefix}/{stem}");
        match ending {
            "c" => tests.push(Test { name, source: path, args: Vec::new() }),
            "sh" => {
                let script = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
                if let Some((source, args)) = program_of(&String::from_utf8_lossy(&script), sources) {
                    tests.push(Test { name, source, args });
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// The source and the arguments of the program that a script runs: `conformance/.../NAME-buildonly.test ARGUMENT`.
fn program_of(script: &str, sources: &Path) -> Option<(PathBuf, Vec<String>)> {
    let mut words = script
        .lines()
        .find(|line| line.starts_with("conformance/") && line.contains("-buildonly.test"))?
        .split_whitespace();
    let program = words.next()?.strip_suffix(".test")?;
    Some((sources.join(format!("{program}.c")), words.map(str::to_owned).collect()))
}

/// `4-1`, `12-10`, but not `4-core-buildonly`.
fn is_numbered(stem: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    stem.split_once('-').is_some_and(|(assertion, number)| digits(assertion) && digits(number))
}

fn matches(pattern: &str, interface: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => interface.starts_with(start),
        None => interface == pattern,
    }
}

fn entries(folder: &Path) -> Result<Vec<(String, PathBuf)>> {
    let read = || format!("cannot read {}", folder.display());
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).with_context(read)? {
        let entry = entry.with_context(read)?;
        all.push((entry.file_name().to_string_lossy().into_owned(), entry.path()));
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbered_files_are_tests() {
        assert!(is_numbered("1-1") && is_numbered("12-30"));
        for stem in ["4-core-buildonly", "testfrmw", "1-", "coverage", "1-1a"] {
            assert!(!is_numbered(stem), "{stem}");
        }
    }

    #[test]
    fn interfaces_are_chosen_by_pattern() {
        assert!(matches("sem_*", "sem_open") && matches("kill", "kill"));
        assert!(!matches("kill", "killpg") && !matches("sem_*", "pthread_sem_"));
    }

    #[test]
    fn a_script_may_run_a_program_with_an_argument() {
        let script = "#!/bin/sh\n# conformance/x-buildonly.test 9\nconformance/interfaces/sigaddset/1-core-buildonly.test 0\n";
        let (source, args) = program_of(script, Path::new("/s")).unwrap();
        assert_eq!(source, Path::new("/s/conformance/interfaces/sigaddset/1-core-buildonly.c"));
        assert_eq!(args, ["0"]);
        assert_eq!(program_of("#!/bin/sh\necho Tested implicitly\nexit 0\n", Path::new("/s")), None);
    }
}
