//! Plans of steps that count, wait for each other and fail.

use std::fs;
use std::path::Path;
use std::sync::Barrier;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use super::*;
use crate::cores::Cores;
use crate::files;
use crate::tool::Cmd;
use crate::workspace::Workspace;

fn context(folder: &Path) -> Context {
    let workspace = Workspace::new(folder.to_path_buf(), folder.join("target"));
    Context { cores: Cores::some(2).unwrap(), ..Context::quiet(workspace).unwrap() }
}

fn counted(folder: &Path, runs: &Arc<AtomicU32>) -> Plan {
    let (runs, out) = (Arc::clone(runs), folder.join("out"));
    let made = out.clone();
    let step = Step::new("count", "count the runs", file!(), move |_| {
        runs.fetch_add(1, Ordering::Relaxed);
        files::write(&made, "made")
    });
    Plan::new([step.file(folder.join("in")).output(out)])
}

#[test]
fn a_step_runs_once_until_something_changes() {
    let folder = tempfile::tempdir().unwrap();
    let (context, runs) = (context(folder.path()), Arc::default());
    let plan = counted(folder.path(), &runs);
    plan.run(&context).unwrap();
    plan.run(&context).unwrap();
    assert_eq!(runs.load(Ordering::Relaxed), 1);
    fs::write(folder.path().join("in"), "new").unwrap();
    plan.run(&context).unwrap();
    assert_eq!(runs.load(Ordering::Relaxed), 2);
    fs::remove_file(folder.path().join("out")).unwrap();
    plan.run(&context).unwrap();
    assert_eq!(runs.load(Ordering::Relaxed), 3);
}

#[test]
fn a_failed_step_runs_again() {
    let folder = tempfile::tempdir().unwrap();
    let (context, runs) = (context(folder.path()), Arc::new(AtomicU32::new(0)));
    let seen = Arc::clone(&runs);
    let plan = Plan::new([Step::new("fail", "fail", file!(), move |_| {
        seen.fetch_add(1, Ordering::Relaxed);
        bail!("as it must")
    })]);
    let text = format!("{:#}", plan.run(&context).unwrap_err());
    assert!(text.contains("the step `fail`") && text.contains("as it must"));
    plan.run(&context).unwrap_err();
    assert_eq!(runs.load(Ordering::Relaxed), 2);
}

#[test]
fn a_step_that_does_not_make_its_output_is_a_defect() {
    let folder = tempfile::tempdir().unwrap();
    let step = Step::new("lie", "make nothing", file!(), |_| Ok(())).output(folder.path().join("nothing"));
    let text = Plan::new([step]).run(&context(folder.path())).unwrap_err().to_string();
    assert!(text.contains("did not make"));
}

/// A step that notes its name.
fn noted(name: &'static str, order: &Arc<Mutex<Vec<&'static str>>>) -> Step {
    let order = Arc::clone(order);
    Step::new(name, name, file!(), move |_| {
        order.lock().unwrap().push(name);
        Ok(())
    })
}

#[test]
fn who_needs_another_comes_after_it() {
    let folder = tempfile::tempdir().unwrap();
    let order = Arc::default();
    let step = |name| noted(name, &order);
    let mut plan = Plan::new([
        step("roof").after(&["wall", "not in this plan"]),
        step("wall").after(&["ground"]),
        step("ground"),
    ]);
    plan.extend([step("party")]);
    plan.run(&context(folder.path())).unwrap();
    assert_eq!(*order.lock().unwrap(), ["ground", "wall", "roof", "party"]);
}

#[test]
fn a_circle_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let order = Arc::default();
    let plan = Plan::new([noted("hen", &order).after(&["egg"]), noted("egg", &order).after(&["hen"])]);
    let text = plan.run(&context(folder.path())).unwrap_err().to_string();
    assert!(text.contains("hen") && text.contains("egg"), "{text}");
}

#[test]
fn the_others_run_side_by_side() {
    let folder = tempfile::tempdir().unwrap();
    let both = Arc::new(Barrier::new(2));
    let step = |name: &str| {
        let both = Arc::clone(&both);
        Step::new(name, "wait for the other", file!(), move |_| {
            both.wait();
            Ok(())
        })
    };
    Plan::new([step("one"), step("two")]).run(&context(folder.path())).unwrap();
}

#[test]
fn the_first_failure_is_told_and_ends_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let both = Arc::new(Barrier::new(2));
    let (one, two, order) = (Arc::clone(&both), both, Arc::default());
    let plan = Plan::new([
        Step::new("long", "run long", file!(), move |job| {
            one.wait();
            job.run(Cmd::new("sh").args(["-c", "exec sleep 600"]))
        }),
        Step::new("fail", "fail", file!(), move |job| {
            two.wait();
            job.run(Cmd::new("sh").args(["-c", "sleep 0.2; echo as it must; exit 3"]))
        }),
        noted("next", &order).after(&["fail"]),
    ]);
    let began = Instant::now();
    let text = format!("{:#}", plan.run(&context(folder.path())).unwrap_err());
    assert!(
        text.contains("the step `fail`") && text.contains("as it must") && !text.contains("long"),
        "{text}"
    );
    assert!(began.elapsed() < Duration::from_secs(300), "the other command was not ended");
    assert!(order.lock().unwrap().is_empty());
}

#[test]
fn a_panic_is_a_failure() {
    let folder = tempfile::tempdir().unwrap();
    let plan = Plan::new([Step::new("panic", "panic", file!(), |_| panic!("as it must"))]);
    assert!(plan.run(&context(folder.path())).is_err());
}

/// How many recipes of a make run at once where there are `cores`.
fn recipes_at_once(cores: usize) -> Option<u32> {
    let folder = tempfile::tempdir().unwrap();
    let recipe = "touch running/$@; ls running | wc -l >> counts; sleep 0.2; rm running/$@";
    files::write(&folder.path().join("Makefile"), format!("all: a b c d\na b c d:\n\t{recipe}\n")).unwrap();
    files::create_folder(&folder.path().join("running")).unwrap();
    let path = folder.path().to_path_buf();
    let step = Step::new("make", "make", file!(), move |job| {
        job.run(Cmd::new("make").env_remove("MAKELEVEL").cwd(&path).takes_cores())
    });
    let context = Context { cores: Cores::some(cores).unwrap(), ..context(folder.path()) };
    Plan::new([step]).run(&context).unwrap();
    let counts = fs::read_to_string(folder.path().join("counts")).unwrap();
    counts.lines().filter_map(|line| line.trim().parse().ok()).max()
}

#[test]
fn make_takes_the_cores_that_there_are() {
    assert_eq!(recipes_at_once(1), Some(1));
    assert_eq!(recipes_at_once(2), Some(2));
}
