//! Who may depend on whom, from the manifests (`cargo metadata`).

use std::collections::BTreeMap;

use anyhow::Result;

use super::finding::{Finding, Outcome};
use super::tree::Tree;
use crate::context::Context;
use crate::metadata::{Metadata, Package};

/// Crates that run inside an image. Every other crate of the workspace runs on Linux.
const GUEST: [&str; 1] = ["kernel"];

/// Where the two worlds meet; it depends on nothing.
const CONTRACTS: &str = "abi";

/// Ends of the graph: programs that nobody depends on.
const ENDS: [&str; 2] = ["xtask", "proxy"];

/// Checks the manifests of the workspace.
pub fn check(context: &Context, _tree: &Tree) -> Result<Outcome> {
    Ok(Outcome::Looked(findings(&Metadata::read(context)?)))
}

fn findings(metadata: &Metadata) -> Vec<Finding> {
    let ours: BTreeMap<_, _> =
        metadata.packages.iter().map(|package| (package.name.as_str(), package)).collect();
    let mut findings = Vec::new();
    for package in ours.values() {
        for dependency in package.dependencies.iter().map(|dependency| dependency.name.as_str()) {
            let Some((rule, why)) = broken(&package.name, dependency, ours.contains_key(dependency)) else {
                continue;
            };
            findings.push(finding(metadata, package, dependency, rule, why));
        }
    }
    findings
}

/// The rule that an edge breaks, and why it exists.
fn broken(from: &str, to: &str, is_ours: bool) -> Option<(&'static str, &'static str)> {
    let is_guest = |name| GUEST.contains(&name);
    match () {
        () if from == CONTRACTS => Some((
            "abi depends on nothing",
            "what two worlds share must be buildable in both, today and in ten years",
        )),
        () if ENDS.contains(&to) => Some((
            "nobody depends on xtask or proxy",
            "they are programs at the end of the graph; what others need of them belongs below",
        )),
        () if is_ours && to != CONTRACTS && is_guest(from) != is_guest(to) => Some((
            "guest crates and host crates never name each other",
            "they are compiled apart, for different worlds: they meet in abi",
        )),
        () => None,
    }
}

fn finding(
    metadata: &Metadata,
    package: &Package,
    dependency: &str,
    rule: &str,
    why: &'static str,
) -> Finding {
    Finding {
        place: metadata.relative(&package.manifest_path),
        what: format!("`{}` depends on `{dependency}`, but {rule}", package.name),
        why,
        cure: format!("take `{dependency}` out of the manifest; what both need goes into abi"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_of_the_architecture_page_are_allowed() {
        for (from, to) in
            [("kernel", "abi"), ("proxy", "abi"), ("cc-wrapper", "elfedit"), ("xtask", "sysroot")]
        {
            assert_eq!(broken(from, to, true), None, "{from} -> {to}");
        }
        assert_eq!(broken("kernel", "spin", false), None, "crates of others are free");
    }

    #[test]
    fn edges_across_the_border_are_refused() {
        for (from, to) in
            [("kernel", "elfedit"), ("sysroot", "kernel"), ("tests", "proxy"), ("tests", "xtask")]
        {
            assert!(broken(from, to, true).is_some(), "{from} -> {to}");
        }
        assert!(broken("abi", "bitflags", false).is_some());
    }
}
