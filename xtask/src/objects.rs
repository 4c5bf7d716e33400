//! Objects of sources in C and assembly: [`Folder::compile`] compiles those whose source, headers or flags are not what they were.
//!
//! What is compiled how, a [`cc::Build`] says. The commands run as all commands of a step do ([`Job::run_all`]), so a failure
//! ends with its command, the log and a note; cc's own way ([`cc::Build::compile`]) knows neither, and compiles everything.
//! [`made`] remembers what each object was made of.

mod made;

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::files::{create_folder, list_with};
use crate::step::Job;
use crate::tool::Cmd;
use crate::workspace::Workspace;
use made::Made;

/// One object.
#[derive(Clone, Debug)]
pub struct Object {
    /// File name, unique in its folder.
    pub name: String,
    /// C or assembly.
    pub source: PathBuf,
    /// How it is compiled.
    pub build: cc::Build,
}

/// Objects that belong together.
#[derive(Clone, Debug)]
pub struct Folder {
    /// Where they lie; nothing else with `.o` at the end does.
    pub path: PathBuf,
    /// What all of them depend on besides their sources: another text makes all of them anew.
    pub basis: String,
}

impl Folder {
    /// Compiles what is stale, side by side, and removes what is none of `objects`. Returns all objects, sorted by name.
    pub fn compile(&self, job: &mut Job<'_>, objects: &[Object]) -> Result<Vec<PathBuf>> {
        create_folder(&self.path)?;
        let commands = objects.iter().map(|object| self.command(object)).collect::<Result<Vec<_>>>()?;
        let mut made = Made::load(&self.path, job.workspace().root());
        let mut stale = Vec::new();
        for (object, command) in objects.iter().zip(&commands) {
            if !made.is_fresh(&object.name, &self.recipe(command))? {
                remove(&self.path.join(&object.name))?;
                stale.push((object, command));
            }
        }
        let result = job.run_all(&stale.iter().map(|(_, command)| (*command).clone()).collect::<Vec<_>>());
        for (object, command) in stale {
            // After a failure those that were made before it stay.
            if self.path.join(&object.name).exists() {
                made.note(object, &self.recipe(command))?;
            }
        }
        made.store()?;
        result?;
        self.remove_others(objects)?;
        list_with(&self.path, &["o"])
    }

    /// The command that compiles `object`, and lists the headers that its source includes.
    fn command(&self, object: &Object) -> Result<Cmd> {
        let mut build = object.build.clone();
        let tool = build.out_dir(&self.path).define(END, None).try_get_compiler()?;
        let end = format!("-D{END}");
        let ours = tool.args().iter().take_while(|arg| **arg != *end);
        let cmd = Cmd::new(tool.path()).args(ours).args(["-MD", "-c"]).arg(&object.source);
        Ok(cmd.arg("-o").arg(&object.name).cwd(&self.path))
    }

    fn recipe(&self, command: &Cmd) -> String {
        format!("{command}\n{}", self.basis)
    }

    fn remove_others(&self, objects: &[Object]) -> Result<()> {
        let names: BTreeSet<_> = objects.iter().map(|object| OsString::from(&object.name)).collect();
        let others = list_with(&self.path, &["o"])?;
        others
            .iter()
            .filter(|path| !path.file_name().is_some_and(|name| names.contains(name)))
            .try_for_each(|path| remove(path))
    }
}

/// Marks where our flags end: behind them cc adds those of the user's `CFLAGS`, on which what we make must not depend.
const END: &str = "HERMIT_FLAGS_END";

/// A build with the tree's own compiler and with no flags but those that it is given and all warnings.
pub fn build(workspace: &Workspace) -> cc::Build {
    let mut build = cc::Build::new();
    build
        .compiler(workspace.prefix().tool("gcc"))
        .target("x86_64-unknown-none")
        .host(crate::rust::TARGET)
        .opt_level(2)
        .cargo_metadata(false)
        .cargo_output(false)
        .no_default_flags(true)
        .warnings(true)
        .extra_warnings(true)
        .inherit_rustflags(false)
        .inherit_trim_paths(false);
    build
}

/// For sources of others: their warnings are theirs.
pub fn without_warnings(build: &cc::Build) -> cc::Build {
    let mut build = build.clone();
    build.warnings(false).extra_warnings(false);
    build
}

fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", path.display()))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
