//! cargo-mutants: a tool that makes faults by itself in crates whose unit tests ought to notice all of them.
//!
//! It is installed into `target/tools`, pinned, and works on copies of the checkout. Survivors that are right or bearable stand
//! in `tests/mutants/cargo-mutants.txt`, each with its reason.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use super::page;
use crate::context::Context;
use crate::files::empty_folder;
use crate::step::Job;
use crate::suite::tally::Tally;
use crate::tool::Cmd;

/// The version that its outcomes are read of.
const VERSION: &str = "27.1.0";

/// Survivors that are accepted.
const ACCEPTED: &str = "tests/mutants/cargo-mutants.txt";

/// What stands between a survivor's name and its reason.
const BECAUSE: &str = " -- ";

/// How long a crate's tests may take with a fault, in seconds. Without one they take a few.
const TIMEOUT_S: &str = "60";

/// A crate, and what of it.
struct Pure {
    package: &'static str,
    /// Its files, all if none is named.
    files: &'static [&'static str],
    /// What cargo test is given.
    tests: &'static [&'static str],
}

/// Crates on the host that are pure, and of the proxy what reads options, images and requests: the rest of it is tested by
/// programs.
const CRATES: &[Pure] = &[
    Pure { package: "abi", files: &[], tests: &[] },
    Pure { package: "sysroot", files: &[], tests: &[] },
    Pure { package: "elfedit", files: &[], tests: &[] },
    Pure { package: "cc-wrapper", files: &[], tests: &[] },
    Pure {
        package: "proxy",
        files: &[
            "proxy/src/image.rs",
            "proxy/src/image/parse.rs",
            "proxy/src/isle/qemu/line.rs",
            "proxy/src/isle/uhyve/cpuid.rs",
            "proxy/src/memory.rs",
            "proxy/src/options.rs",
            "proxy/src/options/*.rs",
            "proxy/src/server.rs",
            "proxy/src/server/handles.rs",
            "proxy/src/server/paths.rs",
        ],
        tests: &["--lib"],
    },
];

/// What became of the faults of one crate, by name; a name without its line may stand for several.
#[derive(Debug, Default, PartialEq, Eq)]
struct Score {
    caught: usize,
    hung: usize,
    not_compiled: usize,
    survived: BTreeMap<String, usize>,
}

#[derive(Deserialize)]
struct Outcomes {
    outcomes: Vec<OneOutcome>,
}

#[derive(Deserialize)]
struct OneOutcome {
    scenario: Scenario,
    summary: String,
}

#[derive(Deserialize)]
enum Scenario {
    Baseline,
    Mutant { name: String },
}

/// Runs it on the crates, or the one that is `wished` for.
pub fn run(context: &Context, wished: Option<&str>, record: bool) -> Result<Tally> {
    let crates: Vec<_> = CRATES.iter().filter(|of| wished.is_none_or(|name| name == of.package)).collect();
    if crates.is_empty() {
        let names: Vec<_> = CRATES.iter().map(|of| of.package).collect();
        bail!("no crate {}: cargo-mutants works on {}", wished.unwrap_or_default(), names.join(", "));
    }
    let accepted = accepted(&context.workspace.join(ACCEPTED))?;
    let tool = install(context)?;
    let mut sum = Tally::default();
    for of in crates {
        let score = try_crate(context, &tool, of)?;
        sum += tell(of.package, &score, &accepted);
    }
    if record {
        page::renew(context.workspace.root(), page::Part::ByTool, &section(context, &accepted)?)?;
    }
    Ok(sum)
}

/// Installs it, unless it is there.
fn install(context: &Context) -> Result<PathBuf> {
    let root = context.workspace.target().join("tools");
    let tool = root.join("bin/cargo-mutants");
    let is_there =
        Cmd::new(&tool).args(["mutants", "--version"]).read().is_ok_and(|text| text.contains(VERSION));
    if !is_there {
        let mut job = Job::alone(context, "cargo-mutants", "install cargo-mutants")?;
        let cmd = Cmd::cargo().args(["install", "--locked", "cargo-mutants", "--version", VERSION, "--root"]);
        job.run(cmd.arg(&root).arg("--target-dir").arg(root.join("build")))?;
        job.done();
    }
    Ok(tool)
}

/// Where the outcomes of a crate are.
fn folder(context: &Context, package: &str) -> PathBuf {
    context.workspace.target().join("mutants/tool").join(package)
}

fn try_crate(context: &Context, tool: &Path, of: &Pure) -> Result<Score> {
    let folder = folder(context, of.package);
    empty_folder(&folder)?;
    let mut job = Job::alone(context, &format!("cargo-mutants-{}", of.package), of.package)?;
    let cmd = Cmd::new(tool).args(["mutants", "--jobs", "2", "--timeout", TIMEOUT_S, "--colors=never"]);
    let cmd = cmd.args(["--no-times", "--package", of.package, "--output"]).arg(&folder);
    let cmd = of.files.iter().fold(cmd, |cmd, file| cmd.args(["--file", file]));
    let cmd = cmd.arg("--").args(of.tests).cwd(context.workspace.root());
    // It ends with an error if a fault survived: the outcomes say more.
    job.show(cmd, |_| {})?;
    job.done();
    read(&folder)
}

fn read(folder: &Path) -> Result<Score> {
    let path = folder.join("mutants.out/outcomes.json");
    let text = fs::read_to_string(&path)
        .with_context(|| format!("cargo-mutants did not write {}", path.display()))?;
    score(&text).with_context(|| format!("{} is not as cargo-mutants {VERSION} writes it", path.display()))
}

fn score(json: &str) -> Result<Score> {
    let Outcomes { outcomes } = serde_json::from_str(json)?;
    let mut score = Score::default();
    for OneOutcome { scenario, summary } in outcomes {
        match (scenario, summary.as_str()) {
            (Scenario::Baseline, "Success") => {}
            (Scenario::Baseline, _) => bail!("the tests fail without a fault"),
            (Scenario::Mutant { .. }, "CaughtMutant") => score.caught += 1,
            (Scenario::Mutant { .. }, "Timeout") => score.hung += 1,
            (Scenario::Mutant { .. }, "Unviable") => score.not_compiled += 1,
            (Scenario::Mutant { name }, "MissedMutant") => {
                *score.survived.entry(without_line(&name)).or_default() += 1
            }
            (Scenario::Mutant { name }, other) => bail!("{name}: {other}"),
        }
    }
    Ok(score)
}

/// `file: what` of `file:line:column: what`: lines change every day.
fn without_line(name: &str) -> String {
    let is_number = |text: &&str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<_> = name.splitn(4, ':').collect();
    match parts[..] {
        [file, line, column, what] if is_number(&line) && is_number(&column) => format!("{file}:{what}"),
        _ => name.to_owned(),
    }
}

/// Survivors and reasons; an empty line or `#` is none.
fn accepted(path: &Path) -> Result<BTreeMap<String, String>> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let lines = text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    let pairs = lines.map(|line| match line.split_once(BECAUSE) {
        Some((name, reason)) if !reason.trim().is_empty() => {
            Ok((name.trim().to_owned(), reason.trim().to_owned()))
        }
        _ => bail!("{ACCEPTED}: got `{line}`, wanted `NAME{BECAUSE}REASON`"),
    });
    pairs.collect()
}

/// Prints what is not as it should be. A survivor without reason fails, and a reason without survivor.
fn tell(package: &str, score: &Score, accepted: &BTreeMap<String, String>) -> Tally {
    let mut tally = Tally { passed: (score.caught + score.hung) as u64, ..Tally::default() };
    for (name, count) in &score.survived {
        if accepted.contains_key(name) {
            tally.passed += *count as u64;
        } else {
            println!("FAILED  survived: {name}");
            tally.failed += *count as u64;
        }
    }
    let old = accepted.keys().filter(|name| is_of(name, package) && !score.survived.contains_key(*name));
    for name in old {
        println!("FAILED  does not survive (any more): {name}: take it out of {ACCEPTED}");
        tally.failed += 1;
    }
    println!("{package}: {}", in_words(score));
    tally
}

/// Whether a survivor's name is of this crate.
fn is_of(name: &str, package: &str) -> bool {
    let file = name.split(':').next().unwrap_or(name);
    file.split("/src/").next().is_some_and(|folder| folder.rsplit('/').next() == Some(package))
}

fn in_words(score: &Score) -> String {
    let survived: usize = score.survived.values().sum();
    let caught = score.caught + score.hung;
    let percent = 100.0 * caught as f64 / (caught + survived).max(1) as f64;
    format!(
        "{caught} caught, {} of them by a hang, {survived} survived, {} do not compile: {percent:.1} %",
        score.hung, score.not_compiled
    )
}

/// The page's part: what is known of every crate.
fn section(context: &Context, accepted: &BTreeMap<String, String>) -> Result<String> {
    let mut text = format!(
        "\ncargo-mutants {VERSION} on crates that are pure, and on what of the proxy reads options, images and requests; each fault is tried with the unit tests of \
         its own crate.\n\n| crate | recorded on | faults that compile | caught | survived | caught of all |\n|---|---|---|---|---|---|\n"
    );
    let mut survivors = String::new();
    for of in CRATES {
        let folder = folder(context, of.package);
        let Ok(score) = read(&folder) else {
            writeln!(text, "| {} | not recorded yet | | | | |", of.package)?;
            continue;
        };
        let date = Cmd::new("date")
            .args(["-u", "+%F", "-r"])
            .arg(folder.join("mutants.out/outcomes.json"))
            .read()?;
        let (caught, survived) = (score.caught + score.hung, score.survived.values().sum::<usize>());
        let percent = 100.0 * caught as f64 / (caught + survived).max(1) as f64;
        writeln!(
            text,
            "| {} | {} | {} | {caught} | {survived} | {percent:.1} % |",
            of.package,
            date.trim(),
            caught + survived
        )?;
        for name in score.survived.keys() {
            let reason = accepted.get(name).map_or("**no reason yet**", String::as_str);
            writeln!(survivors, "- `{name}`: {reason}")?;
        }
    }
    let survivors = if survivors.is_empty() { "None.\n".to_owned() } else { survivors };
    Ok(format!("{text}\n### Survivors of unit tests\n\n{survivors}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const JSON: &str = r#"{"outcomes": [
        {"scenario": "Baseline", "summary": "Success", "phase_results": []},
        {"scenario": {"Mutant": {"name": "abi/src/exit.rs:20:5: replace f -> u8 with 0", "package": "abi"}}, "summary": "CaughtMutant"},
        {"scenario": {"Mutant": {"name": "abi/src/exit.rs:21:9: replace + with - in f"}}, "summary": "MissedMutant"},
        {"scenario": {"Mutant": {"name": "abi/src/exit.rs:22:9: replace + with - in f"}}, "summary": "MissedMutant"},
        {"scenario": {"Mutant": {"name": "abi/src/a.rs:1:1: x"}}, "summary": "Timeout"},
        {"scenario": {"Mutant": {"name": "abi/src/a.rs:2:1: y"}}, "summary": "Unviable"}], "missed": 2}"#;

    #[test]
    fn outcomes_are_counted_and_survivors_told_without_lines() {
        let score = score(JSON).unwrap();
        let survived = [("abi/src/exit.rs: replace + with - in f".to_owned(), 2)].into();
        assert_eq!(score, Score { caught: 1, hung: 1, not_compiled: 1, survived });
        assert_eq!(in_words(&score), "2 caught, 1 of them by a hang, 2 survived, 1 do not compile: 50.0 %");
    }

    #[test]
    fn tests_that_fail_anyway_judge_nothing() {
        let error = score(&JSON.replace("Success", "Failure")).unwrap_err();
        assert!(error.to_string().contains("fail without a fault"), "{error}");
        score(&JSON.replace("Timeout", "Unheard")).unwrap_err();
    }

    #[test]
    fn a_survivor_needs_a_reason_and_a_reason_a_survivor() {
        let score = score(JSON).unwrap();
        let name = "abi/src/exit.rs: replace + with - in f".to_owned();
        let tally = |accepted: &BTreeMap<_, _>| tell("abi", &score, accepted);
        assert_eq!(tally(&BTreeMap::new()), Tally { passed: 2, failed: 2, ..Tally::default() });
        let mut accepted: BTreeMap<_, _> = [(name, "equal".to_owned())].into();
        assert_eq!(tally(&accepted), Tally { passed: 4, ..Tally::default() });
        accepted.insert("toolchain/elfedit/src/edit.rs: z".into(), "of another crate".into());
        assert_eq!(tally(&accepted).failed, 0);
        accepted.insert("abi/src/exit.rs: old".into(), "equal".into());
        assert_eq!(tally(&accepted).failed, 1);
    }

    #[test]
    fn reasons_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("accepted");
        fs::write(&path, "# why\n\na/src/b.rs: x with y -- equal\n").unwrap();
        assert_eq!(
            accepted(&path).unwrap(),
            [("a/src/b.rs: x with y".to_owned(), "equal".to_owned())].into()
        );
        fs::write(&path, "a/src/b.rs: x with y\n").unwrap();
        assert!(accepted(&path).unwrap_err().to_string().contains("wanted `NAME -- REASON`"));
    }

    #[test]
    fn the_accepted_survivors_can_be_read() {
        accepted(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(ACCEPTED)).unwrap();
    }
}
