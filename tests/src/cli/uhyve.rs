//! What only uhyve can say: why vCPUs left the guest.

use anyhow::{Context as _, Result, ensure};

use super::CliCase;
use super::desk::{Desk, Expect};
use crate::compiler::Target;
use crate::isle::Isle;

/// Most memory that the proxy may take beside guest RAM, in KiB.
const MOST_KIB: u64 = 8 << 10;

/// The cases.
pub const CASES: &[CliCase] =
    &[CliCase { name: "cli/exits-of-hello", isles: &[Isle::Uhyve], check: exits_of_hello }];

/// Hello leaves the guest for what it asks the host to do, and for nothing else.
fn exits_of_hello(desk: &mut Desk<'_>) -> Result<()> {
    let image = desk.build(Target::Hermit, "c/hello.c")?;
    let launch = desk.proxy(["--stats".into(), image.into_os_string()]);
    let stats = "proxy: vCPU 0: 3 exits: Exit 1, Write 1, FStat 1\nproxy: ";
    let expect = Expect { status: Some(0), stdout: "Hello, world!\n", stderr: &[stats] };
    let outcome = desk.check("hello with --stats", launch, expect)?;
    let stderr = String::from_utf8_lossy(&outcome.stderr);
    let memory =
        stderr.strip_prefix(stats).and_then(|rest| rest.strip_suffix(" KiB of memory beside guest RAM\n"));
    let kib: u64 =
        memory.and_then(|text| text.parse().ok()).with_context(|| format!("on stderr: {stderr}"))?;
    ensure!((1..=MOST_KIB).contains(&kib), "the proxy takes {kib} KiB beside guest RAM");
    Ok(())
}
