//! `cargo xtask dist`: Debian packages and an apt repository.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::Args;

use crate::context::Context;
use crate::deb;
use crate::deb::repository::{KEYRING, Repository};
use crate::reproducible;

/// Options of `dist`.
#[derive(Debug, Args)]
pub struct Options {
    /// Build everything a second time in a copy of the checkout at another place, and compare the bytes
    #[arg(long)]
    verify_reproducible: bool,
}

/// Makes them and says how to install them.
pub fn run(context: &Context, options: &Options) -> Result<ExitCode> {
    deb::steps::build(context)?;
    let repository = Repository::new(&context.workspace.dist());
    let keyring = Path::new("/usr/share/keyrings").join(KEYRING);
    println!("The packages are in {}. To install them, type:\n", context.workspace.display(&repository.root));
    println!("    sudo install -m 644 '{}' {}", repository.keyring().display(), keyring.display());
    println!("    echo '{}' | sudo tee /etc/apt/sources.list.d/hermit.list", repository.entry(&keyring));
    println!("    sudo apt update");
    println!("    sudo apt install hermit-toolchain");
    if options.verify_reproducible {
        let differing = reproducible::differences(context)?;
        if !differing.is_empty() {
            bail!("a second build gave other bytes:\n{}", differing.join("\n"));
        }
        println!("\nA second build at another place gave identical bytes.");
    }
    Ok(ExitCode::SUCCESS)
}
