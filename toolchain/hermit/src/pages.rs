//! Manual pages and completions, generated of the command line: [`write`], [`completions`].

use std::path::Path;

use anyhow::{Context as _, Result};
use clap::CommandFactory;
use clap_complete::Shell;

use crate::options::{ConfigCommand, Options};

/// Where each shell looks below `share`.
const COMPLETIONS: [(Shell, &str); 3] = [
    (Shell::Bash, "bash-completion/completions/hermit"),
    (Shell::Zsh, "zsh/site-functions/_hermit"),
    (Shell::Fish, "fish/vendor_completions.d/hermit.fish"),
];

/// The completions for one shell.
pub fn completions(shell: Shell) -> String {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Options::command(), "hermit", &mut text);
    String::from_utf8_lossy(&text).into_owned()
}

/// Writes `man/man1/*.1` and the completions below a folder that stands for `share`.
pub fn write(folder: &Path) -> Result<()> {
    let manuals = folder.join("man/man1");
    create(&manuals)?;
    for command in [Options::command(), ConfigCommand::command()] {
        // No date and no version in the page: it must be the same whenever it is made.
        clap_mangen::generate_to(command.version(env!("CARGO_PKG_VERSION")), &manuals)
            .with_context(|| format!("cannot write manual pages to {}", manuals.display()))?;
    }
    for (shell, file) in COMPLETIONS {
        let path = folder.join(file);
        path.parent().map_or(Ok(()), create)?;
        std::fs::write(&path, completions(shell))
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

fn create(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verb_has_a_page_and_every_shell_its_completions() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path()).unwrap();
        for page in ["hermit.1", "hermit-run.1", "hermit-doctor.1", "hermit-config.1", "hermit-completions.1"]
        {
            let text = std::fs::read_to_string(folder.path().join("man/man1").join(page)).unwrap();
            assert!(text.contains(".SH NAME") && text.contains(".SH SYNOPSIS"), "{page}: {text}");
        }
        assert!(!folder.path().join("man/man1/hermit-pages.1").exists(), "hidden");
        for (_, file) in COMPLETIONS {
            let text = std::fs::read_to_string(folder.path().join(file)).unwrap();
            assert!(text.contains("doctor"), "{file}");
        }
    }
}
