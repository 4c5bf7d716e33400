//! Special values: the lines of `specials.c` from the isle are those of glibc, but for `differences.txt`.

use std::fs;

use anyhow::{Context as _, Result};

use super::{Finding, Programs};
use crate::step::Job;

/// Compares them, function by function.
pub fn check(job: &mut Job<'_>, programs: &Programs) -> Result<Vec<Finding>> {
    job.tell(&format!("special values in {}", programs.kind.name()))?;
    let read = |end| -> Result<String> {
        let file = programs.written("specials", end, &[])?;
        fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))
    };
    let (ours, native) = (read("isle")?, read("native")?);
    let list = programs.sources.join("differences.txt");
    let list = fs::read_to_string(&list).with_context(|| format!("cannot read {}", list.display()))?;
    Ok(compare(&ours, &native, &accepted(&list, programs.kind.macro_name()), programs.kind.name()))
}

/// Beginnings of lines that may differ, for a type; `#` begins a comment.
fn accepted<'a>(list: &'a str, kind: &str) -> Vec<&'a str> {
    let lines = list.lines().filter_map(|line| line.split('#').next());
    lines.filter_map(|line| line.strip_prefix(kind)?.strip_prefix(' ')).map(str::trim_end).collect()
}

/// A finding for every function.
fn compare(ours: &str, native: &str, accepted: &[&str], kind: &str) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    for (our, theirs) in ours.lines().zip(native.lines()) {
        let name = format!("special values of {} in {kind}", function(our));
        if findings.last().is_none_or(|finding| finding.name != name) {
            findings.push(Finding { name, faults: Vec::new() });
        }
        let is_accepted = accepted.iter().any(|beginning| our.starts_with(beginning));
        if let Some(finding) = findings.last_mut()
            && our != theirs
            && !is_accepted
        {
            finding.faults.push(format!("{our}, glibc: {theirs}"));
        }
    }
    if ours.lines().count() != native.lines().count() {
        let faults = vec!["the numbers of lines differ".to_owned()];
        findings.push(Finding { name: format!("special values in {kind}"), faults });
    }
    findings
}

/// The function that a line is about; before it may stand a number.
fn function(line: &str) -> &str {
    let call = line.split('(').next().unwrap_or(line);
    call.rsplit(' ').next().unwrap_or(call)
}

#[cfg(test)]
mod tests {
    use super::{accepted, compare};

    #[test]
    fn a_difference_is_a_fault_unless_it_is_listed() {
        let list = accepted("# words\nFLOAT sin(1 # why\nDOUBLE cos(\n", "FLOAT");
        assert_eq!(list, ["sin(1"]);
        let findings = compare(
            "sin(1) = 2\ncos(1) = 3\n1 remquo(2) = 4\n",
            "sin(1) = 1\ncos(1) = 2\n1 remquo(2) = 4\n",
            &list,
            "float",
        );
        let faults: Vec<_> = findings.iter().map(|finding| finding.faults.len()).collect();
        assert_eq!(faults, [0, 1, 0]);
        assert_eq!(findings[2].name, "special values of remquo in float");
    }

    #[test]
    fn missing_lines_are_a_fault() {
        assert_eq!(compare("sin(1) = 2\n", "sin(1) = 2\nsin(2) = 3\n", &[], "float").len(), 2);
    }
}
