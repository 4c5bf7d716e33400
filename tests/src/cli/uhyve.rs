//! What only uhyve can say: why vCPUs left the guest.

use anyhow::{Result, ensure};

use super::CliCase;
use super::desk::{Desk, Expect};
use crate::compiler::Target;
use crate::isle::Isle;

/// The cases.
pub const CASES: &[CliCase] =
    &[CliCase { name: "cli/exits-of-hello", isles: &[Isle::Uhyve], check: exits_of_hello }];

/// Hello leaves the guest for what it asks the host to do, and for nothing else.
fn exits_of_hello(desk: &mut Desk<'_>) -> Result<()> {
    let image = desk.build(Target::Hermit, "c/hello.c")?;
    let launch = desk.proxy(["--stats".into(), image.into_os_string()]);
    let stats = "proxy: vCPU 0: 3 exits: Exit 1, Write 1, FStat 1\n";
    let expect = Expect { status: Some(0), stdout: "Hello, world!\n", stderr: &[stats] };
    let outcome = desk.check("hello with --stats", launch, expect)?;
    ensure!(
        outcome.stderr == stats.as_bytes(),
        "more on stderr: {}",
        String::from_utf8_lossy(&outcome.stderr)
    );
    Ok(())
}
