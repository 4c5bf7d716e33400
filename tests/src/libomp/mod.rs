//! LLVM's tests of its OpenMP runtime (openmp/runtime/test), which ours must pass as the host's libomp does.
//!
//! A test is a script of commands: it compiles with clang, runs, perhaps several times in various environments, and
//! perhaps compares with FileCheck what is printed. In the isle all of it is done at 1, 2 and 4 vCPUs. Key type: [`Test`].
//! Neighbours: [`lit`] reads tests, [`script`] makes scripts of them, [`crate::foreign`] compares with native runs and
//! counts; `tests/libomp/` lists the differences that are meant, and what is left out.

mod lit;
mod script;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use crate::foreign::kept::{Kept, digest};
use crate::foreign::part::Part;
use crate::foreign::{Attempt, Bar, Foreign, Found, list};
use crate::isle::Isle;
use crate::lab::Lab;
use crate::launch::Launch;
use crate::limited;
use lit::Lit;
use script::{Rooms, script};

/// What all are counted as.
pub const BAR: Bar = Bar { suite: "libomp", per_mille: 950 };

/// Tests that pass natively and not in the isle.
pub const DIFFERENCES: &str = "tests/libomp/differences.txt";

/// Tests, and folders of tests, that are not run at all.
const EXCLUDED: &str = "tests/libomp/excluded.txt";

/// To be changed when tests are built or run in another way than before: what was kept is void then.
const EDITION: &str = "2";

/// On how many vCPUs each runs.
const CPUS: &[u32] = &[1, 2, 4];

/// Generous: the machine may be busy, and a native run that is killed would count as a failure.
const TIMEOUT: Duration = Duration::from_secs(400);

/// What compiles, natively; the ones for the isles have `x86_64-hermit-` before it.
const CLANG: &str = "clang-19";
const CLANGXX: &str = "clang++-19";

/// A test.
#[derive(Debug)]
pub struct Test {
    name: String,
    source: PathBuf,
    lit: Lit,
    difference: Option<String>,
    all: Arc<All>,
    found: Mutex<Found>,
}

/// What all tests share.
#[derive(Debug)]
struct All {
    root: PathBuf,
    kept: Kept,
}

/// Those of the tests below `root` that are meant for a host like ours.
///
/// # Errors
/// A file that cannot be read, or a list that names a test that is not there.
pub fn find(lab: &Lab, root: &Path, part: Part) -> Result<Vec<Test>> {
    // What they include beside each other.
    let header = root.join("../src/kmp_platform.h");
    let kept = Kept::of(lab, EDITION, &[root, &header], &host()?)?;
    let all = Arc::new(All { root: root.to_owned(), kept });
    let mut known = list::differences(&lab.root.join(DIFFERENCES))?;
    let excluded = list::differences(&lab.root.join(EXCLUDED))?;
    let paths = paths(root)?;
    let names = |name: &str, path: &str| path == name || (name.ends_with('/') && path.starts_with(name));
    if let Some(name) = excluded.keys().find(|name| !paths.iter().any(|path| names(name, path))) {
        bail!("{EXCLUDED} names {name}, which is no test and no folder of tests");
    }
    let mut tests = Vec::new();
    for path in paths.iter().filter(|path| !excluded.keys().any(|name| names(name, path))) {
        let source = root.join(path);
        let bytes = fs::read(&source).with_context(|| format!("cannot read {}", source.display()))?;
        let lit = Lit::read(&String::from_utf8_lossy(&bytes)).with_context(|| path.clone())?;
        if lit.runs.is_empty() || !lit.is_for_us {
            continue;
        }
        let (name, difference) = (format!("libomp/{path}"), known.remove(path));
        if part.has(path) {
            let (all, found) = (Arc::clone(&all), Mutex::default());
            tests.push(Test { name, source, lit, difference, all, found });
        }
    }
    match known.keys().next() {
        Some(name) => bail!("{DIFFERENCES} names {name}, which is no test"),
        None => Ok(tests),
    }
}

/// All sources below `root`, in order.
fn paths(root: &Path) -> Result<Vec<String>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
        for entry in entries {
            let path = entry.with_context(|| format!("cannot read {}", folder.display()))?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "c" || ending == "cpp") {
                files.insert(path.strip_prefix(root).unwrap_or(&path).display().to_string(), ());
            }
        }
    }
    Ok(files.into_keys().collect())
}

/// The host's compiler and its runtime.
fn host() -> Result<String> {
    // Without clang nothing passes natively, and the runner says so.
    let version =
        limited::output(Command::new(CLANG).arg("--version"), limited::PROBE).map(|output| output.stdout);
    let version = version.unwrap_or_default();
    let runtime = Path::new("/usr/lib/llvm-19/lib/libomp.so.5");
    digest(&String::from_utf8_lossy(&version), &[runtime]).context("cannot read the host's libomp")
}

impl Test {
    /// Writes the script, and says where it is.
    fn script(&self, lab: &Lab, isle: Isle) -> Result<PathBuf> {
        let folder = lab.folder(&self.name).join(format!("build-{isle}"));
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let tool = |name: &str| match isle {
            Isle::Native => PathBuf::from(name),
            Isle::Process | Isle::Uhyve | Isle::Qemu => lab.prefix.tool(name),
        };
        let (clang, clangxx, proxy) = (tool(CLANG), tool(CLANGXX), lab.prefix.proxy());
        let rooms = Rooms {
            root: &self.all.root,
            source: &self.source,
            folder: &folder,
            clang: &clang,
            clangxx: &clangxx,
            proxy: Some(proxy.as_path()).filter(|_| isle != Isle::Native),
        };
        // What an earlier runner compiled was compiled with what was installed then.
        let _ = fs::remove_file(folder.join("test.how"));
        let path = folder.join("run.sh");
        fs::write(&path, script(&self.lit.runs, rooms))
            .with_context(|| format!("cannot write {}", path.display()))?;
        Ok(path)
    }

    /// Runs the script once.
    fn run(
        &self,
        lab: &Lab,
        isle: Isle,
        script: &Path,
        cpus: Option<u32>,
        attempt: &mut Attempt,
    ) -> Result<()> {
        let folder = lab.folder(&self.name).join(isle.name());
        let mut launch = Launch::new(&folder, Path::new("/bin/bash")).args([script]);
        if isle != Isle::Native {
            launch = launch.inside(lab, isle);
        }
        launch.timeout = TIMEOUT;
        launch.env.extend(cpus.map(|cpus| ("HERMIT_CPUS".to_owned(), cpus.to_string())));
        attempt.rerun = launch.shell_line();
        let outcome = launch.run()?;
        match outcome.status {
            None => attempt.faults.add(format!("killed after {} s", outcome.elapsed.as_secs())),
            Some(0) => {}
            Some(status) => attempt.faults.add(format!("exit status {status}, expected 0")),
        }
        attempt.printed = [outcome.stdout, outcome.stderr].concat();
        Ok(())
    }
}

impl Foreign for Test {
    fn name(&self) -> &str {
        &self.name
    }

    fn bar(&self) -> Bar {
        BAR
    }

    fn key(&self) -> String {
        format!("{} {:?}", self.name, self.lit.runs)
    }

    fn kept(&self) -> &Kept {
        &self.all.kept
    }

    fn difference(&self) -> Option<(&str, String)> {
        self.difference.as_deref().map(|reason| (reason, DIFFERENCES.to_owned()))
    }

    fn found(&self) -> &Mutex<Found> {
        &self.found
    }

    fn attempt(&self, lab: &Lab, isle: Isle) -> Attempt {
        // The script builds it; what it says does not tell by which command.
        let mut attempt = Attempt { is_built: true, ..Attempt::default() };
        let cpus = match isle {
            Isle::Native => vec![None],
            Isle::Process | Isle::Uhyve | Isle::Qemu => CPUS.iter().copied().map(Some).collect(),
        };
        let done = self.script(lab, isle).and_then(|script| {
            for cpus in cpus {
                self.run(lab, isle, &script, cpus, &mut attempt)?;
                if !attempt.faults.is_empty() {
                    break;
                }
            }
            Ok(())
        });
        if let Err(error) = done {
            attempt.faults.add(format!("cannot run it: {error:#}"));
        }
        attempt
    }
}
