//! What the host lets us do: binfmt_misc, huge pages, the sandbox, CPUs.

use std::path::Path;

use sysroot::Prefix;

use super::Finding;
use crate::tool::first_line;

/// All of them.
pub fn all(prefix: &Prefix) -> Vec<Finding> {
    vec![binfmt(prefix), qemu(), huge_pages(), transparent_huge_pages(), landlock(), cpus()]
}

fn read(path: &str) -> Option<String> {
    Some(std::fs::read_to_string(path).ok()?.trim().to_owned())
}

/// Whether `./hello` alone runs.
fn binfmt(prefix: &Prefix) -> Finding {
    const NAME: &str = "binfmt_misc";
    const FOLDER: &str = "/proc/sys/fs/binfmt_misc";
    if !Path::new(FOLDER).join("status").exists() {
        return Finding::lacks(
            NAME,
            "not mounted: ./hello needs `hermit run`",
            format!("mount binfmt_misc -t binfmt_misc {FOLDER}"),
        );
    }
    let entry = read(&format!("{FOLDER}/hermit")).unwrap_or_default();
    let interpreter = entry.lines().find_map(|line| line.strip_prefix("interpreter "));
    match interpreter {
        Some(path) if !entry.starts_with("enabled") => {
            Finding::lacks(NAME, format!("{path}, switched off"), format!("echo 1 > {FOLDER}/hermit"))
        }
        Some(path) if Path::new(path) == prefix.proxy() => Finding::works(NAME, "./hello runs"),
        Some(path) => {
            Finding::lacks(NAME, format!("./hello runs with {path}, not with this tree's proxy"), "")
        }
        None => Finding::lacks(
            NAME,
            "no entry: ./hello needs `hermit run`",
            "apt install --reinstall libhermit, with binfmt-support or systemd",
        ),
    }
}

fn qemu() -> Finding {
    let name = std::env::var("HERMIT_QEMU").unwrap_or_else(|_| "qemu-system-x86_64".into());
    match first_line(&name, &["--version"]) {
        Some(version) => Finding::works("QEMU", version),
        None => Finding::lacks("QEMU", format!("no {name}"), "apt install qemu-system-x86"),
    }
}

fn huge_pages() -> Finding {
    let count = read("/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages");
    match count.as_deref().and_then(|count| count.parse::<u64>().ok()) {
        Some(0) => Finding::lacks(
            "huge pages",
            "none reserved",
            "only for --huge-pages: sysctl vm.nr_hugepages=N, of 2 MiB each",
        ),
        Some(count) => Finding::works("huge pages", format!("{count} of 2 MiB reserved")),
        None => Finding::lacks("huge pages", "the host's Linux has none", ""),
    }
}

fn transparent_huge_pages() -> Finding {
    const NAME: &str = "transparent ones";
    const FILE: &str = "/sys/kernel/mm/transparent_hugepage/enabled";
    let text = read(FILE).unwrap_or_default();
    let chosen = text.split('[').nth(1).and_then(|rest| rest.split(']').next()).unwrap_or("unknown");
    match chosen {
        "always" | "madvise" => Finding::works(NAME, chosen),
        _ => Finding::lacks(NAME, chosen, format!("memory is faster with: echo madvise > {FILE}")),
    }
}

fn landlock() -> Finding {
    match read("/sys/kernel/security/lsm") {
        Some(modules) if modules.split(',').any(|module| module == "landlock") => {
            Finding::works("sandbox", "seccomp and Landlock")
        }
        Some(_) => Finding::lacks(
            "sandbox",
            "seccomp only, no Landlock",
            "boot with lsm=landlock,... (Linux 5.13 or newer)",
        ),
        None => {
            Finding::works("sandbox", "seccomp; whether Landlock is there cannot be seen (no securityfs)")
        }
    }
}

fn cpus() -> Finding {
    let count = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = read("/sys/devices/system/cpu/smt/active").as_deref() == Some("1");
    let found = format!("{count} that may be used{}", if threads { ", two on a core (SMT)" } else { "" });
    let cure =
        if threads { "for quiet measurements pin one vCPU to each core: HERMIT_CPUS=0,2,..." } else { "" };
    Finding { cure: cure.into(), ..Finding::works("CPUs", found) }
}
