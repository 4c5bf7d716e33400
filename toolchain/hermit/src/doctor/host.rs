//! What the host lets us do: binfmt_misc, huge pages, the sandbox, CPUs.

use std::path::Path;

use landlock::{
    ABI, Access, AccessFs, AccessNet, LandlockStatus, Ruleset, RulesetAttr, RulesetStatus, Scope,
};
use sysroot::Prefix;

use super::Finding;
use crate::tool::first_line;

/// The version of Landlock from which on nothing is missing in the proxy's sandbox.
const LANDLOCK: ABI = ABI::V6;

/// All of them.
pub fn all(prefix: &Prefix) -> Vec<Finding> {
    vec![binfmt(prefix), qemu(), huge_pages(), transparent_huge_pages(), locked_memory(), landlock(), cpus()]
}

fn read(path: &str) -> Option<String> {
    Some(std::fs::read_to_string(path).ok()?.trim().to_owned())
}

/// Its line in the report.
const NAME_OF_BINFMT: &str = "binfmt_misc";
/// Where binfmt_misc is mounted.
const FOLDER_OF_BINFMT: &str = "/proc/sys/fs/binfmt_misc";

/// Whether `./hello` alone runs.
fn binfmt(prefix: &Prefix) -> Finding {
    if !Path::new(FOLDER_OF_BINFMT).join("status").exists() {
        return Finding::works(NAME_OF_BINFMT, "not mounted: images start themselves");
    }
    entry_of_binfmt(&read(&format!("{FOLDER_OF_BINFMT}/hermit")).unwrap_or_default(), prefix)
}

/// What the entry for our images says, which is empty if there is none.
fn entry_of_binfmt(entry: &str, prefix: &Prefix) -> Finding {
    let interpreter = entry.lines().find_map(|line| line.strip_prefix("interpreter "));
    match interpreter {
        Some(path) if !entry.starts_with("enabled") => Finding::lacks(
            NAME_OF_BINFMT,
            format!("{path}, switched off"),
            format!("echo 1 > {FOLDER_OF_BINFMT}/hermit"),
        ),
        Some(path)
            if [prefix.proxy(), prefix.binfmt_interpreter()].iter().any(|ours| Path::new(path) == ours) =>
        {
            Finding::works(NAME_OF_BINFMT, "./hello runs")
        }
        Some(path) => Finding::lacks(
            NAME_OF_BINFMT,
            format!("./hello runs with {path}, not with this tree's proxy"),
            "",
        ),
        None => Finding::works(NAME_OF_BINFMT, "no entry: images start themselves"),
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

/// Whether HERMIT_MEMORY=lock works, and with how much RAM.
fn locked_memory() -> Finding {
    let [limits, status] =
        ["/proc/self/limits", "/proc/self/status"].map(|file| read(file).unwrap_or_default());
    lockable(&limits, &status)
}

/// The same from what proc(5) has in `limits` and `status` of a process.
fn lockable(limits: &str, status: &str) -> Finding {
    const NAME: &str = "locked memory";
    /// CAP_IPC_LOCK (capabilities(7)), whose owner has no limit.
    const MAY_LOCK: u64 = 1 << 14;
    let word = |text: &str, line: &str| -> Option<String> {
        let rest = text.lines().find_map(|found| found.strip_prefix(line))?;
        rest.split_whitespace().next().map(str::to_owned)
    };
    let capabilities = word(status, "CapEff:").and_then(|digits| u64::from_str_radix(&digits, 16).ok());
    if capabilities.is_some_and(|all| all & MAY_LOCK != 0) {
        return Finding::works(NAME, "as much as there is");
    }
    match word(limits, "Max locked memory").as_deref() {
        Some("unlimited") => Finding::works(NAME, "as much as there is"),
        Some(bytes) => {
            let mib = bytes.parse::<u64>().unwrap_or(0) >> 20;
            Finding::lacks(
                NAME,
                format!("up to {mib} MiB"),
                "only for --memory=lock: ulimit -l, or \"memlock\" in /etc/security/limits.conf",
            )
        }
        None => Finding::lacks(NAME, "the limit cannot be read", ""),
    }
}

/// Asked by confining a thread, which ends at once: Landlock is a system call, and the file that names it
/// (/sys/kernel/security/lsm) is often not mounted.
fn landlock() -> Finding {
    let confined = std::thread::spawn(|| {
        Ruleset::default()
            .handle_access(AccessFs::from_all(LANDLOCK))?
            .handle_access(AccessNet::from_all(LANDLOCK))?
            .scope(Scope::from_all(LANDLOCK))?
            .create()?
            .restrict_self()
    });
    match confined.join() {
        Ok(Ok(status)) => sandbox(&status.ruleset, status.landlock),
        Ok(Err(error)) => Finding::lacks("sandbox", format!("seccomp only; Landlock: {error}"), ""),
        Err(_) => Finding::lacks("sandbox", "seccomp; whether Landlock is there cannot be asked", ""),
    }
}

fn sandbox(enforced: &RulesetStatus, landlock: LandlockStatus) -> Finding {
    const NAME: &str = "sandbox";
    match (enforced, landlock) {
        (RulesetStatus::FullyEnforced, _) => Finding::works(NAME, "seccomp and Landlock"),
        (RulesetStatus::PartiallyEnforced, LandlockStatus::Available { effective_abi, .. }) => {
            Finding::lacks(
                NAME,
                format!(
                    "seccomp and Landlock {effective_abi}, which has fewer rights to take away than {LANDLOCK}"
                ),
                "Linux 6.12 or newer",
            )
        }
        (_, LandlockStatus::NotEnabled) => Finding::lacks(
            NAME,
            "seccomp only, Landlock is switched off: --sandbox=strict does not run",
            "boot with lsm=landlock,...",
        ),
        _ => Finding::lacks(
            NAME,
            "seccomp only, no Landlock: --sandbox=strict does not run",
            "Linux 5.13 or newer, for --sandbox=strict 6.2",
        ),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Verdict;

    #[test]
    fn images_run_by_themselves_with_this_trees_proxy_only() {
        let prefix = Prefix::new("/opt/hermit");
        let judged = |state: &str, interpreter: &str| {
            entry_of_binfmt(&format!("{state}\ninterpreter {interpreter}\nflags: OC\noffset 0"), &prefix)
        };
        let ours = prefix.proxy().display().to_string();
        let for_binfmt = prefix.binfmt_interpreter().display().to_string();
        for path in [&ours, &for_binfmt] {
            assert_eq!(judged("enabled", path).verdict, Verdict::Works);
        }
        let disabled = judged("disabled", &ours);
        assert_eq!((disabled.verdict, disabled.cure.contains("echo 1")), (Verdict::Lacks, true));
        let other = judged("enabled", "/usr/bin/proxy");
        assert_eq!(other.verdict, Verdict::Lacks);
        assert!(other.found.contains("/usr/bin/proxy, not with this tree's"), "{}", other.found);
        assert!(entry_of_binfmt("", &prefix).found.contains("no entry"));
    }

    #[test]
    fn what_the_sandbox_lacks_is_told_with_a_cure() {
        let available = LandlockStatus::Available { effective_abi: ABI::V3, kernel_abi: None };
        let whole = sandbox(&RulesetStatus::FullyEnforced, available);
        assert_eq!((whole.verdict, whole.found.as_str()), (Verdict::Works, "seccomp and Landlock"));
        for (enforced, landlock, found) in [
            (RulesetStatus::PartiallyEnforced, available, "seccomp and Landlock 3, which has fewer rights"),
            (RulesetStatus::NotEnforced, LandlockStatus::NotEnabled, "Landlock is switched off"),
            (RulesetStatus::NotEnforced, LandlockStatus::NotImplemented, "no Landlock"),
        ] {
            let finding = sandbox(&enforced, landlock);
            assert_eq!(finding.verdict, Verdict::Lacks);
            assert!(finding.found.contains(found) && !finding.cure.is_empty(), "{finding:?}");
        }
    }

    #[test]
    fn memory_is_locked_by_the_mighty_or_up_to_a_limit() {
        let limits = |soft: &str| {
            format!("Limit   Soft Limit\nMax locked memory         {soft}              8388608     bytes\n")
        };
        let (user, root) = ("CapPrm:\t0\nCapEff:\t0000000000000000\n", "CapEff:\t000001ffffffffff\n");
        let judged = |soft: &str, status: &str| lockable(&limits(soft), status);
        for (soft, status) in [("8388608", root), ("unlimited", user)] {
            assert_eq!(judged(soft, status).verdict, Verdict::Works);
        }
        let little = judged("8388608", user);
        assert_eq!((little.verdict, little.found.as_str()), (Verdict::Lacks, "up to 8 MiB"));
        assert!(little.cure.contains("ulimit -l"));
        assert!(lockable("", "").found.contains("cannot be read"));
    }

    /// Only a thread was confined: this process starts programs as before.
    #[test]
    fn looking_confines_nobody() {
        let finding = landlock();
        assert!(finding.found.starts_with("seccomp"), "{finding:?}");
        assert!(std::process::Command::new("/bin/true").status().unwrap().success());
    }
}
