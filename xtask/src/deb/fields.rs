//! What `${...}` in control and copyright files stand for: [`Fields`].
//!
//! `${version}`, `${maintainer}`, `${installed-size}` (KiB), `${gcc}` (the major version of gcc whose
//! runtime the packages hold), `${built-using}` (its source package with version), `${crates:NAME}` (the list that
//! [`crate::steps::licenses`] made, as continuation lines) and `${text:FILE}` (a file below `PREFIX/share/licenses`,
//! as continuation lines).

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};

use sysroot::GCC_MAJOR;

use crate::context::Context;
use crate::metadata::Metadata;
use crate::steps::licenses;
use crate::tool::Cmd;

/// Who answers for packages that nobody released: no address that could be somebody else's. Who does release them says so by
/// `HERMIT_MAINTAINER` (RELEASING.md).
const MAINTAINER: &str = "HermitCore developers <developers@hermitcore.invalid>";

/// Values for placeholders.
#[derive(Clone, Debug)]
pub struct Fields {
    values: BTreeMap<String, String>,
    licenses: PathBuf,
}

impl Fields {
    /// The values of this build.
    pub fn new(context: &Context) -> Result<Self> {
        let metadata = Metadata::read(context)?;
        let xtask = metadata.packages.iter().find(|package| package.name == "xtask");
        let xtask = xtask.context("the workspace has a crate xtask")?;
        let built_using = host_gcc()?;
        let values = [
            ("version", version(&xtask.version, context.source_date_epoch()?)?),
            ("maintainer", std::env::var("HERMIT_MAINTAINER").unwrap_or_else(|_| MAINTAINER.to_owned())),
            ("gcc", GCC_MAJOR.to_owned()),
            ("built-using", built_using),
        ];
        let values = values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Ok(Self { values, licenses: context.workspace.prefix().licenses() })
    }

    /// One value.
    pub fn get(&self, name: &str) -> Result<&str> {
        self.values.get(name).map(String::as_str).with_context(|| format!("nothing is known as ${{{name}}}"))
    }

    /// These values and one more.
    pub fn with(mut self, name: &str, value: String) -> Self {
        self.values.insert(name.to_owned(), value);
        self
    }

    /// `template` with everything filled in.
    pub fn fill(&self, template: &str) -> Result<String> {
        let mut filled = String::new();
        let mut rest = template;
        while let Some((before, behind)) = rest.split_once("${") {
            let (name, behind) = behind.split_once('}').context("a `${` without `}`")?;
            filled.push_str(before);
            filled.push_str(&self.value(name)?);
            rest = behind;
        }
        filled.push_str(rest);
        Ok(filled)
    }

    fn value(&self, name: &str) -> Result<String> {
        let file = match name.split_once(':') {
            None => return self.get(name).map(str::to_owned),
            Some(("crates", binary)) => self.licenses.join(binary).join(licenses::LIST),
            Some(("text", file)) => self.licenses.join(file),
            Some(_) => bail!("nothing is known as ${{{name}}}"),
        };
        let text = std::fs::read_to_string(&file).with_context(|| {
            format!(
                "cannot read {}\nnote: the step that builds the part installs its licence",
                file.display()
            )
        })?;
        Ok(continuation(&text))
    }
}

/// Text as continuation lines of a control field: indented, empty lines as a dot.
fn continuation(text: &str) -> String {
    let line =
        |line: &str| if line.trim().is_empty() { " .".to_owned() } else { format!(" {}", line.trim_end()) };
    text.trim_end().lines().map(line).collect::<Vec<_>>().join("\n")
}

/// Upstream's version, with the time of the commit behind a tilde: builds between releases sort in their order and
/// before the release.
fn version(upstream: &str, epoch: u64) -> Result<String> {
    let date = Cmd::new("date").args(["--utc", "+%Y%m%d.%H%M%S"]).arg(format!("--date=@{epoch}")).read()?;
    Ok(format!("{upstream}~{}-1", date.trim()))
}

/// The source package of the host's gcc with version (`gcc-12 (= 12.2.0-14)`).
fn host_gcc() -> Result<String> {
    let query = Cmd::new("dpkg-query").args(["-W", "-f", "${source:Package} (= ${source:Version})"]);
    let query = query.arg(format!("gcc-{GCC_MAJOR}"));
    query.note("the packages hold the runtime of Debian's gcc: build them with it").read()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(folder: &std::path::Path) -> Fields {
        let values = [("version".to_owned(), "1-1".to_owned())].into();
        Fields { values, licenses: folder.to_path_buf() }
    }

    #[test]
    fn names_files_and_lists_are_filled_in() {
        let folder = tempfile::tempdir().unwrap();
        crate::files::write(&folder.path().join("x/COPYING"), "a\n\nb\n").unwrap();
        let fields = fields(folder.path());
        let filled = fields.fill("V: ${version}\nD: a (= ${version})\nL:\n${text:x/COPYING}\nend\n").unwrap();
        assert_eq!(filled, "V: 1-1\nD: a (= 1-1)\nL:\n a\n .\n b\nend\n");
    }

    #[test]
    fn what_is_not_known_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        for template in ["${nothing}", "${version", "${what:x}", "${text:missing}"] {
            assert!(fields(folder.path()).fill(template).is_err(), "{template}");
        }
    }

    #[test]
    fn versions_between_releases_carry_the_commits_time() {
        assert_eq!(version("0.1.0", 1_000_000_000).unwrap(), "0.1.0~20010909.014640-1");
    }
}
