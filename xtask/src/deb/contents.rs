//! Which package owns which file of the tree: [`Manifest`], read from `packaging/deb/<package>/install`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use glob::{MatchOptions, Pattern};
use sysroot::Prefix;
use sysroot::links::LINKS;

use super::PACKAGES;
use crate::files::files_below;

/// What one package owns.
#[derive(Clone, Debug)]
struct Claim {
    wanted: Vec<Pattern>,
    unwanted: Vec<Pattern>,
    links: bool,
}

/// Files of the tree (relative to its root) by package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    owned: BTreeMap<&'static str, Vec<PathBuf>>,
}

impl Manifest {
    /// Gives every file of the tree its owner. A file without an owner or with two of them is an error.
    pub fn read(packaging: &Path, prefix: &Prefix) -> Result<Self> {
        let claim = |package: &'static str| {
            let path = packaging.join("deb").join(package).join("install");
            let text =
                std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            let claim =
                Claim::parse(&text).with_context(|| format!("{} has a bad pattern", path.display()))?;
            Ok((package, claim))
        };
        let claims = PACKAGES.into_iter().map(claim).collect::<Result<Vec<_>>>()?;
        let files = files_below(prefix.root())?;
        let inside = |file: &PathBuf| Some(file.strip_prefix(prefix.root()).ok()?.to_path_buf());
        Self::share(&claims, files.iter().filter_map(inside))
    }

    /// The files of one package.
    pub fn files(&self, package: &str) -> &[PathBuf] {
        self.owned.get(package).map_or(&[], Vec::as_slice)
    }

    fn share(claims: &[(&'static str, Claim)], files: impl Iterator<Item = PathBuf>) -> Result<Self> {
        let mut owned: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for file in files {
            let owners: Vec<_> = claims.iter().filter(|(name, claim)| claim.takes(name, &file)).collect();
            match owners[..] {
                [(owner, _)] => owned.entry(*owner).or_default().push(file),
                [] => bail!(
                    "no package owns {}\nnote: add a pattern to packaging/deb/<package>/install, or remove the file \
                     from target/sysroot if no step makes it any more",
                    file.display()
                ),
                [(one, _), (other, _), ..] => bail!("both {one} and {other} own {}", file.display()),
            }
        }
        owned.values_mut().for_each(|files| files.sort());
        Ok(Self { owned })
    }
}

impl Claim {
    fn parse(text: &str) -> Result<Self> {
        let mut claim = Self { wanted: Vec::new(), unwanted: Vec::new(), links: false };
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            match line.strip_prefix('!') {
                Some(pattern) => claim.unwanted.push(Pattern::new(pattern)?),
                None if line == "links" => claim.links = true,
                None => claim.wanted.push(Pattern::new(line)?),
            }
        }
        Ok(claim)
    }

    fn takes(&self, package: &str, file: &Path) -> bool {
        let options = MatchOptions { require_literal_separator: true, ..MatchOptions::new() };
        let fits =
            |patterns: &[Pattern]| patterns.iter().any(|pattern| pattern.matches_path_with(file, options));
        let root = Prefix::new("");
        let is_link = || LINKS.iter().any(|link| link.package.name() == package && link.path(&root) == file);
        (fits(&self.wanted) && !fits(&self.unwanted)) || (self.links && is_link())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims() -> Vec<(&'static str, Claim)> {
        let claim = |text| Claim::parse(text).unwrap();
        vec![
            ("gcc-hermit", claim("links\nlib/gcc/*")),
            ("newlib-hermit", claim("# headers\ninclude/**\n!include/kernel.h\nlib/*.a")),
            ("libhermit", claim("include/kernel.h")),
        ]
    }

    fn share(files: &[&str]) -> Result<Manifest> {
        Manifest::share(&claims(), files.iter().map(PathBuf::from))
    }

    #[test]
    fn patterns_exceptions_and_links() {
        let manifest =
            share(&["include/a/b.h", "include/kernel.h", "lib/gcc/x.a", "lib/c.a", "bin/x86_64-hermit-gcc"]);
        let manifest = manifest.unwrap();
        assert_eq!(manifest.files("newlib-hermit"), [Path::new("include/a/b.h"), Path::new("lib/c.a")]);
        assert_eq!(manifest.files("libhermit"), [Path::new("include/kernel.h")]);
        assert_eq!(
            manifest.files("gcc-hermit"),
            [Path::new("bin/x86_64-hermit-gcc"), Path::new("lib/gcc/x.a")]
        );
        assert_eq!(manifest.files("hermit-toolchain"), [] as [PathBuf; 0]);
    }

    #[test]
    fn every_file_has_exactly_one_owner() {
        assert!(share(&["bin/x86_64-hermit-as"]).unwrap_err().to_string().contains("no package owns"));
        let mut twice = claims();
        twice[2].1 = Claim::parse("lib/c.a").unwrap();
        let error = Manifest::share(&twice, ["lib/c.a".into()].into_iter()).unwrap_err().to_string();
        assert!(error.contains("both newlib-hermit and libhermit"));
    }
}
