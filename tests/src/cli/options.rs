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
    CliCase { name: "cli/too-many-cpus", isles: &[Isle::Qemu], check: too_many_cpus },
    CliCase { name: "cli/options-and-arguments", isles: PROCESS, check: arguments },
];

const FAILED: u8 = abi::exit::Failure::Proxy as u8;

fn image(desk: &Desk<'_>) -> Result<PathBuf> {
    desk.build(Target::Hermit, "c/hello.c")
}

/// An option without its dashes, and what is told to whoever gives it a bad value.
const SIZE: (&str, &str) =
    ("mem", "give a number with an optional unit K, M, G or T, such as 512M or 2G; see proxy --help");
const CPUS: (&str, &str) =
    ("cpus", "give a count such as 4, or a list of CPUs such as 0-3,6; see proxy --help");
const ISLE: (&str, &str) =
    ("isle", "give auto, process, uhyve, qemu, or the number of a NUMA node; see proxy --help");
const MEMORY: (&str, &str) =
    ("memory", "give lock, populate or huge, or several with commas between them; see proxy --help");
const PORT: (&str, &str) = ("debug", "give 0, 1 or a port of localhost such as 1234; see proxy --help");

/// Bad values of an option, and the cure.
const BAD_VALUES: &[((&str, &str), &[&str])] = &[
    (ISLE, &["foo", "Process", "process ", "-1", ""]),
    (SIZE, &["abc", "-1", "12X", "18446744073709551616"]),
    (("mem", "give at least 16M, such as 512M or 2G; see proxy --help"), &["0", "1", "15M"]),
    (("mem", "give at most 64T, such as 512M or 2G; see proxy --help"), &["99999999999G", "65T"]),
    (CPUS, &["abc", "-1", "3-1", "0,,1", "18446744073709551616"]),
    (
        ("cpus", "give at least 1: a count such as 4, or a list of CPUs such as 0-3,6; see proxy --help"),
        &["0"],
    ),
    (("cpus", "give at most 1024 vCPUs; see proxy --help"), &["1025", "9999"]),
    (("cpus", "CPU 1 is named twice; name each once; see proxy --help"), &["1,1"]),
    (("idle", "give auto, host or guest; see proxy --help"), &["never", ""]),
    (MEMORY, &["all", "lock,", ""]),
    (("verbose", "give 1 or 0; see proxy --help"), &["perhaps", "2"]),
    (("tmpfs", "give 1 or 0; see proxy --help"), &["perhaps"]),
    (("jit", "give 1 or 0; see proxy --help"), &["perhaps"]),
    (("kvm", "give 1 or 0; see proxy --help"), &["perhaps"]),
    (("huge-pages", "give 1 or 0; see proxy --help"), &["perhaps"]),
    (("ksm", "give 1 or 0; see proxy --help"), &["perhaps"]),
    (("stats", "give 1 or 0; see proxy --help"), &["perhaps"]),
    (PORT, &["gdb", "65536", "-1"]),
];

/// Each bad value, once by the variable and once by the option: the complaint quotes it, names both, and says the cure.
fn bad_values(desk: &mut Desk<'_>, by: Method) -> Result<()> {
    let image = image(desk)?.into_os_string();
    for &((option, cure), values) in BAD_VALUES {
        let variable = format!("HERMIT_{}", option.to_ascii_uppercase().replace('-', "_"));
        for value in values {
            let (what, launch) = match by {
                Method::Variable => {
                    (format!("{variable}={value}"), desk.proxy([image.clone()]).env(&variable, value))
                }
                Method::Option => {
                    let word = format!("--{option}={value}");
                    (word.clone(), desk.proxy([word.into(), image.clone()]))
                }
            };
            let words = format!("proxy: invalid value '{value}' for --{option} or {variable}: {cure}\n");
            desk.check(&what, launch, Expect { status: Some(FAILED), stdout: "", stderr: &[&words] })?;
        }
    }
    Ok(())
}

/// How an option is given.
#[derive(Clone, Copy)]
enum Method {
    Variable,
    Option,
}

fn variables(desk: &mut Desk<'_>) -> Result<()> {
    bad_values(desk, Method::Variable)
}

fn options(desk: &mut Desk<'_>) -> Result<()> {
    bad_values(desk, Method::Option)?;
    let image = image(desk)?.into_os_string();
    let launch = desk.proxy(["--no-such-option".into(), image]);
    let words = "proxy: unknown option --no-such-option; see proxy --help\n";
    desk.check("--no-such-option", launch, Expect { status: Some(FAILED), stdout: "", stderr: &[words] })?;
    let launch = desk.proxy([""; 0]);
    desk.check(
        "nothing at all",
        launch,
        Expect { status: Some(FAILED), stdout: "", stderr: &["no image given; usage: proxy"] },
    )?;
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

/// An isle's own bound on vCPUs.
fn too_many_cpus(desk: &mut Desk<'_>) -> Result<()> {
    let launch = desk.proxy([image(desk)?]).env("HERMIT_CPUS", "256");
    let words = ["HERMIT_CPUS wants 256 vCPUs, and QEMU's microvm takes at most 255; lower HERMIT_CPUS"];
    desk.check("256 vCPUs", launch, Expect { status: Some(FAILED), stdout: "", stderr: &words })?;
    Ok(())
}

fn no_qemu(desk: &mut Desk<'_>) -> Result<()> {
    let image = image(desk)?;
    let launch = desk.proxy([image]).env("HERMIT_QEMU", "/nowhere/qemu");
    let words =
        ["cannot start /nowhere/qemu: ", "install it (apt install qemu-system-x86) or set HERMIT_QEMU"];
    desk.check("no QEMU", launch, Expect { status: Some(FAILED), stdout: "", stderr: &words })?;
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
