//! Manual pages: `docs/man/*.1` as they are; packages compress them.

use std::path::PathBuf;

use anyhow::Result;

use crate::context::Context;
use crate::files::{copy, empty_folder, files_below};
use crate::step::Step;

/// Copies them.
pub fn step(context: &Context) -> Result<Step> {
    let from = context.workspace.join("docs/man");
    let to = context.workspace.prefix().man().join("man1");
    let mut pages = files_below(&from)?;
    pages.retain(|page| page.extension().is_some_and(|extension| extension == "1"));
    let installed = |page: &PathBuf| Some((page.clone(), to.join(page.file_name()?)));
    let copies: Vec<_> = pages.iter().filter_map(installed).collect();
    let outputs = copies.clone();
    let folder = to.clone();
    let step = Step::new("manuals", "copy the manual pages", file!(), move |_| {
        empty_folder(&folder)?;
        copies.iter().try_for_each(|(from, to)| copy(from, to))
    });
    Ok(outputs.into_iter().fold(step, |step, (from, to)| step.file(from).output(to)))
}
