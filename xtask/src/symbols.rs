//! The names that objects in an archive define and need: [`Symbols`].

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use object::read::archive::ArchiveFile;
use object::read::elf::ElfFile64;
use object::{LittleEndian, Object as _, ObjectSymbol as _};

/// Names that are visible to the linker.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Symbols {
    /// Of functions and variables that are there.
    pub defined: BTreeSet<String>,
    /// Of what an object needs; weak references may stay open and are left out. What another object of the same archive
    /// defines is in both sets.
    pub needed: BTreeSet<String>,
}

impl Symbols {
    /// Those of all members of an archive.
    pub fn of_archive(path: &Path) -> Result<Self> {
        let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        Self::of_bytes(&bytes).with_context(|| format!("{} is no archive of objects", path.display()))
    }

    fn of_bytes(bytes: &[u8]) -> Result<Self> {
        let mut symbols = Self::default();
        for member in ArchiveFile::parse(bytes)?.members() {
            symbols.add(ElfFile64::parse(member?.data(bytes)?)?)?;
        }
        Ok(symbols)
    }

    fn add(&mut self, object: ElfFile64<'_, LittleEndian>) -> Result<()> {
        for symbol in object.symbols().filter(|symbol| !symbol.is_local()) {
            let name = symbol.name()?.to_owned();
            if !symbol.is_undefined() {
                self.defined.insert(name);
            } else if !symbol.is_weak() {
                self.needed.insert(name);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tool::Cmd;

    #[test]
    fn names_are_defined_or_needed() {
        let folder = tempfile::tempdir().unwrap();
        let run = |program: &str, args: &[&str], text: &str| {
            Cmd::new(program).args(args).input(text).cwd(folder.path()).read().unwrap();
        };
        let text = "int common; static int local; int variable = 1; extern int needed; extern int open __attribute__((weak));\n\
                    __attribute__((weak)) int *weak(void) { local++; return &open; }\n\
                    int function(void) { return needed + common; }\n";
        run("gcc", &["-fcommon", "-fno-pic", "-xc", "-", "-c", "-o", "a.o"], text);
        run("gcc", &["-xc", "-", "-c", "-o", "b.o"], "int needed;");
        run("ar", &["rcsD", "a.a", "a.o", "b.o"], "");
        let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        let found = Symbols::of_archive(&folder.path().join("a.a")).unwrap();
        assert_eq!(found.defined, names(&["common", "function", "needed", "variable", "weak"]));
        assert_eq!(found.needed, names(&["needed"]));
    }

    #[test]
    fn something_else_is_told_by_name() {
        let error = Symbols::of_archive(Path::new("/proc/self/stat")).unwrap_err();
        assert!(format!("{error:#}").contains("/proc/self/stat is no archive of objects"), "{error:#}");
    }
}
