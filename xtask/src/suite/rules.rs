//! The rules of `cargo xtask tidy` as tests: each rule is one.

use anyhow::Result;

use super::Tally;
use crate::context::Context;
use crate::tidy::{Outcome, RULES, Tree};

/// Checks every rule and prints what it found.
pub fn run(context: &Context) -> Result<Tally> {
    let tree = Tree::read(context.workspace.root())?;
    let mut sum = Tally::default();
    for rule in RULES {
        sum += match (rule.check)(context, &tree) {
            Ok(Outcome::Looked(findings)) if findings.is_empty() => {
                println!("ok      {}", rule.name);
                Tally::PASSED
            }
            Ok(Outcome::Looked(findings)) => {
                println!("FAILED  {}", rule.name);
                findings.iter().for_each(|finding| println!("{finding}"));
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
    }
    Ok(sum)
}
