//! The rules of `cargo xtask tidy` as tests: each rule is one.

use anyhow::Result;

use super::extent::is_ci;
use super::failed::Failed;
use super::mutants;
use super::tally::Tally;
use crate::context::Context;
use crate::tidy::{Finding, Outcome, RULES, Rule, Tree};

/// A rule about the lists of a suite.
const MUTANTS: Rule =
    Rule { name: "mutants apply", check: |_, tree| Ok(Outcome::Looked(mutants::check::findings(tree))) };

/// Checks every rule and prints what it found.
pub fn run(context: &Context) -> Result<Tally> {
    let tree = Tree::read(context.workspace.root())?;
    let mut sum = Tally::default();
    for rule in [MUTANTS].iter().chain(RULES) {
        let tally = match (rule.check)(context, &tree) {
            Ok(Outcome::Looked(findings)) if findings.is_empty() => {
                println!("ok      {}", rule.name);
                Tally::PASSED
            }
            Ok(Outcome::Looked(findings)) => {
                println!("FAILED  {}", rule.name);
                print(&findings);
                Tally::FAILED
            }
            // What a rule needs, rustup or the suite before has installed or built.
            Ok(Outcome::Skipped(lack)) if is_ci() => {
                println!("FAILED  {}: {lack} (CI=true)", rule.name);
                Tally::FAILED
            }
            Ok(Outcome::Skipped(lack)) => {
                println!("skipped {}: {lack}", rule.name);
                Tally::SKIPPED
            }
            Err(error) => {
                println!("FAILED  {}: {error:#}", rule.name);
                Tally::FAILED
            }
        };
        if !tally.is_success() {
            Failed::of(context).add(&format!("tidy: {}", rule.name));
        }
        sum += tally;
    }
    Ok(sum)
}

/// Findings with the same reason and cure tell them once, at the end.
pub(super) fn print(findings: &[Finding]) {
    for same in findings.chunk_by(|one, next| one.why == next.why && one.cure == next.cure) {
        same.iter().for_each(|finding| println!("{}: {}", finding.place, finding.what));
        same.iter().take(1).for_each(|finding| println!("  why:  {}\n  cure: {}", finding.why, finding.cure));
    }
}
