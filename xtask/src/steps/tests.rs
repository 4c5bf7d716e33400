//! That the steps' order is told: who reads what another step makes comes after it.

use std::collections::BTreeSet;

use super::*;
use crate::workspace::Workspace;

/// Names of all steps that come before `step`, directly or not.
fn before(steps: &[Step], step: &Step) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut left: Vec<_> = step.after.clone();
    while let Some(name) = left.pop() {
        if found.insert(name.to_owned()) {
            let step = steps.iter().find(|step| step.name() == name);
            left.extend(step.into_iter().flat_map(|step| step.after.iter().copied()));
        }
    }
    found
}

#[test]
fn who_reads_what_another_makes_comes_after_it() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let context = Context::quiet(Workspace::new(root.to_path_buf(), folder.path().to_path_buf())).unwrap();
    for steps in [sysroot(&context).unwrap(), bed::steps(&context).unwrap()] {
        for step in &steps {
            let before = before(&steps, step);
            for name in &before {
                assert!(
                    steps.iter().any(|step| step.name() == name),
                    "{} comes after no-one: {name}",
                    step.name()
                );
            }
            assert!(!before.contains(step.name()), "{} comes after itself", step.name());
            for other in steps.iter().filter(|other| other.name() != step.name()) {
                for output in other.outputs.iter().filter(|output| step.inputs.contain(output)) {
                    let what =
                        format!("{} reads {}, which {} makes", step.name(), output.display(), other.name());
                    assert!(before.contains(other.name()), "{what}");
                }
            }
        }
    }
}
