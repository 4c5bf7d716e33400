//! Bad options and variables of the proxy.

use std::path::PathBuf;

use anyhow::Result;

use super::desk::{Desk, Expect};
use super::{CliCase, PROCESS};
use crate::compiler::Target;
use crate::isle::Isle;

/// The cases.
pub const CASES: &[CliCase] = &[
    CliCase { name: "cli/bad-variables", isles: PROCESS, check: variables },
    CliCase { name: "cli/bad-options", isles: PROCESS, check: options },
    CliCase { name: "cli/no-qemu", isles: &[Isle::Qemu], check: no_qemu },
    CliCase { name: "cli/options-and-arguments", isles: PROCESS, check: arguments },
];

const FAILED: u8 = abi::exit::Failure::Proxy as u8;

fn image(desk: &Desk<'_>) -> Result<PathBuf> {
    desk.build(Target::Hermit, "c/hello.c")
}

fn variables(desk: &mut Desk<'_>) -> Result<()> {
    let image = image(desk)?;
    for (name, values) in [
        ("HERMIT_ISLE", &["foo", "Process", "process ", "-1"][..]),
        ("HERMIT_MEM", &["abc", "0", "-1", "1", "12X", "99999999999G", "18446744073709551616"]),
        ("HERMIT_CPUS", &["0", "abc", "-1", "9999", "3-1", "0,,1", "18446744073709551616"]),
        ("HERMIT_VERBOSE", &["perhaps"]),
        ("HERMIT_KVM", &["perhaps"]),
        ("HERMIT_DEBUG", &["gdb", "65536", "-1"]),
    ] {
        for value in values {
            let launch = desk.proxy([&image]).env(name, value);
            let expect = Expect { status: Some(FAILED), stdout: "", stderr: &[value.trim()] };
            desk.check(&format!("{name}={value}"), launch, expect)?;
        }
    }
    Ok(())
}

fn options(desk: &mut Desk<'_>) -> Result<()> {
    let image = image(desk)?.into_os_string();
    for words in [&["--no-such-option"][..], &["--mem", "abc"], &["--isle=foo"], &["--cpus", "0"]] {
        let launch = desk.proxy(words.iter().map(Into::into).chain([image.clone()]));
        let word = words.last().and_then(|word| word.rsplit('=').next()).unwrap_or_default();
        let expect = Expect { status: Some(FAILED), stdout: "", stderr: &[word] };
        desk.check(&words.join(" "), launch, expect)?;
    }
    let launch = desk.proxy([""; 0]);
    desk.check("nothing at all", launch, Expect { status: Some(FAILED), stdout: "", stderr: &["image"] })?;
    for word in ["--help", "--version"] {
        let outcome = desk.proxy([word]).run()?;
        if outcome.status != Some(0) || outcome.stdout.is_empty() {
            desk.fault(format!(
                "{word}: status {:?}, it should be 0 with text on standard output",
                outcome.status
            ));
        }
    }
    Ok(())
}

fn no_qemu(desk: &mut Desk<'_>) -> Result<()> {
    let image = image(desk)?;
    let launch = desk.proxy([image]).env("HERMIT_QEMU", "/nowhere/qemu");
    desk.check("no QEMU", launch, Expect { status: Some(FAILED), stdout: "", stderr: &["/nowhere/qemu"] })?;
    Ok(())
}

/// Options before the image are the proxy's, all behind it are the program's.
fn arguments(desk: &mut Desk<'_>) -> Result<()> {
    let image = desk.build(Target::Hermit, "c/argv_envp.c")?.into_os_string();
    let launch = desk.proxy(["--mem".into(), "64M".into(), image, "--mem".into(), "abc".into(), "--".into()]);
    let outcome = launch.run()?;
    let stdout = String::from_utf8_lossy(&outcome.stdout);
    if !stdout.contains("argv[1] <--mem>\nargv[2] <abc>\nargv[3] <-->\n") {
        desk.fault(format!(
            "the program got other arguments: {stdout}{}",
            String::from_utf8_lossy(&outcome.stderr)
        ));
    }
    Ok(())
}
