//! What objects were made of: [`Made`], kept beside them.
//!
//! Paths are kept relative to the checkout, so that one that was copied with its times (`cp -a`) need not be compiled again.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use serde::{Deserialize, Serialize};

use super::Object;
use crate::stamp::{Digests, write_json};

/// Stands for the checkout.
const ROOT: &str = "CHECKOUT";

/// All objects of a folder.
#[derive(Debug)]
pub struct Made {
    folder: PathBuf,
    root: String,
    objects: BTreeMap<String, Parts>,
    digests: Digests,
}

/// What one object was made of.
#[derive(Debug, Serialize, Deserialize)]
struct Parts {
    recipe: String,
    /// Source and headers, with the digests of their contents.
    files: BTreeMap<String, String>,
}

impl Made {
    const FILE: &str = "made.json";

    /// What is known of the objects in `folder`.
    pub fn load(folder: &Path, root: &Path) -> Self {
        let bytes = fs::read(folder.join(Self::FILE)).unwrap_or_default();
        Self {
            folder: folder.to_path_buf(),
            root: root.display().to_string(),
            objects: serde_json::from_slice(&bytes).unwrap_or_default(),
            digests: Digests::load(folder),
        }
    }

    /// Keeps it for the next time; objects that are gone are forgotten.
    pub fn store(&mut self) -> Result<()> {
        self.objects.retain(|name, _| self.folder.join(name).exists());
        self.digests.store(&self.folder)?;
        write_json(&self.folder.join(Self::FILE), &self.objects)
    }

    /// Whether the object `name` is there and would become the same again.
    pub fn is_fresh(&mut self, name: &str, recipe: &str) -> Result<bool> {
        let Some(parts) = self.objects.get(name).filter(|_| self.folder.join(name).exists()) else {
            return Ok(false);
        };
        if parts.recipe != recipe.replace(&self.root, ROOT) {
            return Ok(false);
        }
        for (file, digest) in &parts.files {
            if self.digests.of(Path::new(&file.replace(ROOT, &self.root)))? != *digest {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Notes what `object`, just compiled, was made of.
    pub fn note(&mut self, object: &Object, recipe: &str) -> Result<()> {
        // The compiler lists nothing for assembly that is not preprocessed.
        let rule = fs::read_to_string(self.folder.join(&object.name).with_extension("d")).unwrap_or_default();
        let mut files = BTreeMap::new();
        for file in prerequisites(&rule).map(str::to_owned).chain([object.source.display().to_string()]) {
            let digest = self.digests.of(Path::new(&file))?;
            files.insert(file.replace(&self.root, ROOT), digest);
        }
        let parts = Parts { recipe: recipe.replace(&self.root, ROOT), files };
        self.objects.insert(object.name.clone(), parts);
        Ok(())
    }
}

/// Files behind the colon of a rule for make, as gcc's -MD writes it. Paths of ours have no blanks.
fn prerequisites(rule: &str) -> impl Iterator<Item = &str> {
    let (_, files) = rule.split_once(": ").unwrap_or_default();
    files.split_whitespace().filter(|word| *word != "\\")
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_rule_is_read() {
        let rule = "a.o: /x/a.c /x/b.h \\\n /usr/c++/d.h\n";
        assert_eq!(super::prerequisites(rule).collect::<Vec<_>>(), ["/x/a.c", "/x/b.h", "/usr/c++/d.h"]);
        assert_eq!(super::prerequisites("").count(), 0);
    }
}
