//! The overlay: files of Go's library with calls of `hermit_go_syscall` where the instruction SYSCALL stands: [`prepare`].
//!
//! They are made of the files of the release that is there, so nothing of Go's is in HermitCore. A release whose files are not as
//! those that we know is refused: a system call that was overlooked would go past the kernel.

use std::collections::BTreeMap;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};

use super::GoError;
use crate::Error;
use crate::command::Command;

/// The releases that we know, for messages.
pub const RELEASES: &str = "Go 1.19 to 1.23";

/// The oldest of them: its minor number.
const OLDEST: u32 = 19;

/// What comes to stand in its place.
pub const CALL: &str = "CALL\thermit_go_syscall(SB)";

/// The folders, below GOROOT/src, in which system calls are made, whichever of them the release has.
const FOLDERS: &[&str] = &["runtime", "syscall", "runtime/internal/syscall", "internal/runtime/syscall"];

/// How the names of files end that are assembled for Linux alone.
const ASSEMBLY: &str = "_linux_amd64.s";

/// The functions that make system calls, in all releases that we know.
const CALLERS: &[&str] = &[
    "Syscall6",
    "access",
    "clone",
    "closefd",
    "closeonexec",
    "connect",
    "epollcreate",
    "epollcreate1",
    "epollctl",
    "epollwait",
    "exit",
    "exitThread",
    "futex",
    "getpid",
    "gettid",
    "gettimeofday",
    "madvise",
    "mincore",
    "nanotime1",
    "now",
    "open",
    "osyield",
    "pipe2",
    "raise",
    "raiseproc",
    "rawSyscallNoError",
    "rawVforkSyscall",
    "read",
    "rt_sigaction",
    "rtsigprocmask",
    "sbrk0",
    "sched_getaffinity",
    "setitimer",
    "settls",
    "sigaltstack",
    "sigreturn",
    "sigreturn__sigaction",
    "socket",
    "sysMmap",
    "sysMunmap",
    "tgkill",
    "timer_create",
    "timer_delete",
    "timer_settime",
    "usleep",
    "walltime",
    "write1",
];

/// Those without which nothing works: where they are missing, calls are made elsewhere.
const NEEDED: &[&str] = &["Syscall6", "futex", "sysMmap", "rt_sigaction", "write1"];

/// Functions of C by which cgo changes users and groups, which an isle has not.
const USERS: &[&str] = &[
    "setegid",
    "seteuid",
    "setgid",
    "setgroups",
    "setregid",
    "setresgid",
    "setresuid",
    "setreuid",
    "setuid",
];

/// A file of package runtime that all releases have, to which [`IMPORT`] is added. A file more would be simpler, but `go vet`, which `go test`
/// runs, does not find it.
const EXTENDED: &str = "runtime/signal_linux_amd64.go";

/// The name that the assembly calls belongs to C.
const IMPORT: &str = "\n//go:cgo_import_static hermit_go_syscall\n\
    //go:linkname hermit_go_syscall hermit_go_syscall\nvar hermit_go_syscall byte\n";

/// A release of Go.
#[derive(Clone, Debug)]
struct Release {
    /// `go1.19.8`.
    version: String,
    /// GOROOT/src.
    source: PathBuf,
}

/// Writes the overlay for the user's Go, and returns the file that `-overlay` takes. `go`: a command with its environment.
pub fn prepare(go: &Command) -> Result<PathBuf, Error> {
    let release = Release::ask(go)?;
    let files = release.files()?;
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache")));
    let mut hasher = DefaultHasher::new();
    files.hash(&mut hasher);
    let folder = cache.ok_or(GoError::NoCache)?.join(format!("hermit/go/{:016x}", hasher.finish()));
    write(&files, &folder).map_err(Error::from)
}

/// Writes files that are not there yet, each beside and then renamed: another build may be at it. Returns the list that Go reads.
fn write(files: &BTreeMap<PathBuf, String>, folder: &Path) -> Result<PathBuf, GoError> {
    let list = folder.join("overlay.json");
    if list.exists() {
        return Ok(list);
    }
    fs::create_dir_all(folder).map_err(|source| GoError::Write { place: folder.to_owned(), source })?;
    let mut entries = Vec::new();
    for (index, (original, text)) in files.iter().enumerate() {
        let name = original.file_name().unwrap_or_default().to_string_lossy();
        let made = folder.join(format!("{index}-{name}"));
        put(&made, text)?;
        entries.push(format!("{}: {}", json(original), json(&made)));
    }
    put(&list, &format!("{{\"Replace\": {{\n{}\n}}}}\n", entries.join(",\n")))?;
    Ok(list)
}

fn put(place: &Path, text: &str) -> Result<(), GoError> {
    let beside = place.with_added_extension(std::process::id().to_string());
    let written = fs::write(&beside, text).and_then(|()| fs::rename(&beside, place));
    written.map_err(|source| GoError::Write { place: place.to_owned(), source })
}

/// A path as JSON has it.
fn json(path: &Path) -> String {
    let escaped = path.to_string_lossy().replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{escaped}\"")
}

impl Release {
    fn ask(go: &Command) -> Result<Self, Error> {
        let mut question = go.clone();
        question.arguments = ["env", "GOROOT", "GOVERSION"].map(Into::into).to_vec();
        let (answer, status) = question.capture()?;
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let mut lines = answer.lines();
        let (Some(root), Some(version), true) = (lines.next(), lines.next(), status.success()) else {
            return Err(GoError::Silent(answer).into());
        };
        let release = Self { version: version.to_owned(), source: Path::new(root).join("src") };
        if minor(version).is_some_and(|minor| minor < OLDEST) {
            return Err(GoError::Old { found: release.version }.into());
        }
        Ok(release)
    }

    /// The files of the overlay: the path of each in Go's library, and its text.
    fn files(&self) -> Result<BTreeMap<PathBuf, String>, GoError> {
        let mut files = BTreeMap::new();
        let mut callers = Vec::new();
        for folder in FOLDERS.iter().map(|folder| self.source.join(folder)).filter(|folder| folder.is_dir()) {
            for place in self.assembly(&folder)? {
                let text = self.read(&place)?;
                let (changed, found) = self.changed(&place, &text)?;
                if !found.is_empty() {
                    files.insert(place, changed);
                }
                callers.extend(found);
            }
        }
        let runtime = self.source.join("runtime");
        if let Some(missing) = NEEDED.iter().find(|needed| !callers.iter().any(|caller| caller == *needed)) {
            return Err(self.different(&runtime, format!("no {missing} makes a system call")));
        }
        let users = runtime.join("cgo/linux_syscall.c");
        files.insert(users.clone(), self.without_users(&users)?);
        let extended = self.source.join(EXTENDED);
        files.insert(extended.clone(), self.with_import(&extended)?);
        Ok(files)
    }

    /// The files of a folder that are assembled for Linux alone.
    fn assembly(&self, folder: &Path) -> Result<Vec<PathBuf>, GoError> {
        let unreadable = |source| GoError::Read { place: folder.to_owned(), source };
        let entries =
            folder.read_dir().and_then(Iterator::collect::<io::Result<Vec<_>>>).map_err(unreadable)?;
        let mut places: Vec<_> = entries.iter().map(fs::DirEntry::path).collect();
        places.retain(|place| place.to_string_lossy().ends_with(ASSEMBLY));
        places.sort();
        Ok(places)
    }

    fn read(&self, place: &Path) -> Result<String, GoError> {
        fs::read_to_string(place).map_err(|source| GoError::Read { place: place.to_owned(), source })
    }

    /// A file with calls in place of the instruction, and the functions in which they stand.
    fn changed(&self, place: &Path, text: &str) -> Result<(String, Vec<String>), GoError> {
        let mut callers = Vec::new();
        let mut function = "";
        let mut changed = String::with_capacity(text.len());
        for line in text.lines() {
            let code = line.split("//").next().unwrap_or_default();
            if let Some(rest) = code.strip_prefix("TEXT") {
                let end = rest.find(['(', '<']).unwrap_or(rest.len());
                function = rest[..end].rsplit('·').next().unwrap_or_default().trim();
            }
            if !has_instruction(line) {
                changed.push_str(line);
            } else if code.trim() != "SYSCALL" {
                return Err(self.different(place, format!("'{}' is more than the instruction", code.trim())));
            } else if !CALLERS.contains(&function) {
                return Err(self.different(place, format!("{function} makes a system call")));
            } else {
                callers.push(function.to_owned());
                changed.push('\t');
                changed.push_str(CALL);
            }
            changed.push('\n');
        }
        Ok((changed, callers))
    }

    /// cgo's file on users and groups, in which each of its functions of C fails.
    fn without_users(&self, place: &Path) -> Result<String, GoError> {
        const LAST_INCLUDE: &str = "#include \"libcgo.h\"\n";
        let text = self.read(place)?;
        let Some((head, rest)) = text.split_once(LAST_INCLUDE) else {
            return Err(self.different(place, "it does not include libcgo.h".to_owned()));
        };
        let defines: String =
            USERS.iter().map(|name| format!("#define {name}(...) (errno = EPERM, -1)\n")).collect();
        Ok(format!("{head}{LAST_INCLUDE}{defines}{rest}"))
    }

    fn with_import(&self, place: &Path) -> Result<String, GoError> {
        let text = self.read(place)?;
        // Without it, Go does not take the directive.
        if !text.contains("\"unsafe\"\n") {
            return Err(self.different(place, "it does not import unsafe".to_owned()));
        }
        Ok(text + IMPORT)
    }

    fn different(&self, place: &Path, what: String) -> GoError {
        GoError::Different { found: self.version.clone(), place: place.to_owned(), what }
    }
}

/// Whether a line of assembly has the instruction for system calls.
pub fn has_instruction(line: &str) -> bool {
    let code = line.split("//").next().unwrap_or_default();
    code.split(|letter: char| !letter.is_alphanumeric() && letter != '_').any(|word| word == "SYSCALL")
}

/// The minor number of `go1.19.8`.
fn minor(version: &str) -> Option<u32> {
    let rest = version.strip_prefix("go1.")?;
    let end = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
    rest[..end].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FUTEX: &str =
        "// SYSCALL here\nTEXT runtime·futex(SB),NOSPLIT,$0\n\tMOVL\t$202, AX\n\tSYSCALL // now\n\tRET\n";

    fn release() -> Release {
        Release { version: "go1.99".to_owned(), source: "/go/src".into() }
    }

    #[test]
    fn the_instruction_becomes_a_call() {
        let (text, callers) = release().changed(Path::new("x.s"), FUTEX).unwrap();
        assert_eq!(text, FUTEX.replace("\tSYSCALL // now", "\tCALL\thermit_go_syscall(SB)"));
        assert_eq!(callers, ["futex"]);
    }

    #[test]
    fn what_is_not_known_is_refused() {
        let unknown = FUTEX.replace("futex", "newcall");
        let one_line = FUTEX.replace("\tSYSCALL", "\tNOP; SYSCALL");
        for (text, what) in [(unknown, "newcall makes a system call"), (one_line, "'NOP; SYSCALL' is more")] {
            let error = release().changed(Path::new("x.s"), &text).unwrap_err().to_string();
            assert!(error.contains(what) && error.contains("go1.99") && error.contains("x.s"), "{error}");
        }
    }

    #[test]
    fn a_library_without_the_calls_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("runtime")).unwrap();
        fs::write(folder.path().join("runtime/sys_linux_amd64.s"), FUTEX).unwrap();
        let release = Release { source: folder.path().to_owned(), ..release() };
        let error = release.files().unwrap_err().to_string();
        assert!(error.contains("no Syscall6 makes a system call"), "{error}");
    }

    #[test]
    fn releases_are_told_by_their_minor_number() {
        assert_eq!(
            ["go1.19.8", "go1.23", "go1.24rc1", "devel"].map(minor),
            [Some(19), Some(23), Some(24), None]
        );
    }
}
