//! The rules of the code base as checks: a [`Rule`] looks at a [`Tree`] and returns [`Finding`]s.
//!
//! Each finding is a sentence for the one who has to act: where, what the rule is, why it exists, what to do.

mod abi_purity;
mod border;
mod cargo_tools;
mod exports;
mod finding;
mod floors;
mod headers;
mod layers;
mod licenses;
mod orphans;
mod pages;
mod patches;
pub mod remaining;
mod signatures;
mod sizes;
pub mod tree;

use anyhow::Result;

use crate::context::Context;
pub use finding::{Finding, Outcome};
pub use tree::Tree;

/// A rule.
pub struct Rule {
    /// One or two words.
    pub name: &'static str,
    /// How it is checked.
    pub check: fn(&Context, &Tree) -> Result<Outcome>,
}

/// All rules, quick ones first.
pub const RULES: &[Rule] = &[
    Rule { name: "file headers", check: |_, tree| looked(sizes::headers(tree)) },
    Rule { name: "file lengths", check: |_, tree| looked(sizes::lengths(tree)) },
    Rule { name: "abi purity", check: |_, tree| looked(abi_purity::check(tree)?) },
    Rule { name: "rooms are told", check: |_, tree| looked(pages::rooms(tree)) },
    Rule { name: "contracts have pages", check: |_, tree| looked(pages::contracts(tree)) },
    Rule { name: "links lead somewhere", check: |_, tree| looked(pages::links(tree)) },
    Rule { name: "patches tell their status", check: |_, tree| looked(patches::statuses(tree)) },
    Rule { name: "files are modules", check: |_, tree| looked(orphans::check(tree)?) },
    Rule { name: "system calls that remain", check: |_, tree| looked(remaining::check(tree)?) },
    Rule { name: "layers", check: layers::check },
    Rule { name: "floors", check: |_, tree| looked(floors::check(tree)?) },
    Rule { name: "licences", check: |context, _| looked(licenses::check(context)?) },
    Rule { name: "kernel exports", check: exports::check },
    Rule { name: "system calls", check: signatures::check },
    Rule { name: "C border", check: |_, tree| looked(border::check(tree)?) },
    Rule { name: "C headers", check: headers::check },
    Rule { name: "headers alone", check: |context, _| headers::alone::check(context) },
    Rule { name: "rustfmt", check: |context, _| cargo_tools::format(context) },
    Rule { name: "clippy", check: |context, _| cargo_tools::clippy(context) },
];

fn looked(findings: Vec<Finding>) -> Result<Outcome> {
    Ok(Outcome::Looked(findings))
}
