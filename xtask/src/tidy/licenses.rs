//! Every crate says under which licence it is, and the texts are there.

use anyhow::Result;

use super::finding::Finding;
use crate::context::Context;
use crate::metadata::Metadata;

const WHY: &str = "distributions refuse what does not say its licence";

/// Checks manifests and licence texts.
pub fn check(context: &Context) -> Result<Vec<Finding>> {
    let metadata = Metadata::read(context)?;
    let silent = metadata.packages.iter().filter(|package| package.license.is_none());
    let mut findings: Vec<_> = silent
        .map(|package| Finding {
            place: metadata.relative(&package.manifest_path),
            what: format!("`{}` names no licence", package.name),
            why: WHY,
            cure: "add `license.workspace = true`".into(),
        })
        .collect();
    for text in ["LICENSE-MIT", "LICENSE-APACHE"] {
        if !context.workspace.join(text).is_file() {
            findings.push(Finding {
                place: text.into(),
                what: "the text of the licence is missing".into(),
                why: WHY,
                cure: "restore it".into(),
            });
        }
    }
    Ok(findings)
}
