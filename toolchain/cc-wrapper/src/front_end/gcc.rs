//! The emitter for gcc and its family (cpp, g++ and gfortran, which are the same program): [`emit`].
//!
//! Nearly everything is in sysroot/specs/hermit.specs, which gcc applies itself, wherever it runs a part of the
//! compiler. So the user's arguments pass as they are, and we only put ours before them.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::command::Command;
use crate::{Context, Error};

/// Tells the specs file where the tree is: `PREFIX/x86_64-hermit`.
pub const TARGET_VARIABLE: &str = "HERMIT_TARGET";

/// Tells our `ld` which gcc runs it.
pub const GCC_VARIABLE: &str = "HERMIT_DRIVER_GCC";

/// Variables by which the user's environment would add folders of the host.
pub const LEAKING_VARIABLES: &[&str] = &[
    "CPATH",
    "C_INCLUDE_PATH",
    "CPLUS_INCLUDE_PATH",
    "OBJC_INCLUDE_PATH",
    "OBJCPLUS_INCLUDE_PATH",
    "LIBRARY_PATH",
    "LPATH",
    "COMPILER_PATH",
    "GCC_EXEC_PREFIX",
];

/// The programs of the family, as their files are named (`x86_64-linux-gnu-g++-12`).
const FAMILY: &[&str] = &["gcc", "cpp", "g++", "gfortran"];

/// The command that drives the host's `gcc`.
pub fn emit(context: &Context, gcc: PathBuf, arguments: &[OsString], expanded: &[OsString]) -> Command {
    let prefix = &context.prefix;
    let mut ours = vec![
        joined("-specs=", &prefix.specs()),
        // The slash matters: without it gcc takes the last part for the beginning of a file name.
        joined("-B", &prefix.compiler_tools().join("")),
        // Where gfortran finds its modules and libgfortran.spec.
        joined("-B", &prefix.gcc_lib().join("")),
        "-static".into(),
        "-fno-pie".into(),
        "-no-pie".into(),
    ];
    ours.extend_from_slice(arguments);
    let set = vec![(TARGET_VARIABLE, prefix.target().into()), (GCC_VARIABLE, gcc.clone().into())];
    let argv0 = own_name(&gcc, &context.program, expanded);
    Command { program: gcc, argv0, arguments: ours, set, remove: LEAKING_VARIABLES }
}

/// Where gfortran looks for `math-vector-fortran.h`, which it includes into every source, whatever the flags: the host's. Ours is for
/// -ffast-math alone, and elsewhere (sysroot/specs/hermit.specs).
pub fn away_from_glibc(context: &Context) -> OsString {
    joined("--sysroot=", context.prefix.target().as_path())
}

/// What ends a compilation before the link.
pub const STOPPING: &[&str] = &["-c", "-S", "-E", "-M", "-MM", "-fsyntax-only"];

/// Refuses what would end in a list of undefined names.
///
/// # Errors
/// [`Error::Coarrays`].
pub fn check(expanded: &[OsString]) -> Result<(), Error> {
    let has =
        |wanted: &dyn Fn(&str) -> bool| expanded.iter().any(|argument| argument.to_str().is_some_and(wanted));
    let has_library = || has(&|word| word.starts_with("-lcaf") || word.contains("libcaf"));
    let needs_library = has(&|word| word == "-fcoarray=lib") && !has(&|word| STOPPING.contains(&word));
    if needs_library && !has_library() { Err(Error::Coarrays) } else { Ok(()) }
}

fn joined(option: &str, path: &Path) -> OsString {
    let mut argument = OsString::from(option);
    argument.push(path);
    argument
}

/// The name that gcc shall use in its messages: ours, in gcc's folder, from which gcc finds its parts. gcc also hands
/// it on as COLLECT_GCC, the command for link-time optimisation; our `ld` puts that right, but without the linker
/// plugin collect2 uses it itself. A launcher (ccache) in gcc's place needs the real name.
fn own_name(gcc: &Path, program: &str, expanded: &[OsString]) -> Option<OsString> {
    let real = gcc.canonicalize().ok()?;
    let name = real.file_name()?.to_string_lossy();
    let is_gcc = FAMILY.iter().any(|member| name.contains(member));
    let plugin = !expanded.iter().any(|argument| argument == "-fno-use-linker-plugin");
    (is_gcc && plugin).then(|| real.with_file_name(program).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gcc_gets_our_name_and_a_launcher_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let names = |file: &str, arguments: &[&str]| {
            let (real, link) = (folder.path().join(file), folder.path().join("link"));
            std::fs::write(&real, "").unwrap();
            let _ = std::fs::remove_file(&link);
            std::os::unix::fs::symlink(file, &link).unwrap();
            let arguments: Vec<_> = arguments.iter().map(OsString::from).collect();
            own_name(&link, "x86_64-hermit-gcc", &arguments)
        };
        let ours = folder.path().canonicalize().unwrap().join("x86_64-hermit-gcc");
        assert_eq!(names("x86_64-linux-gnu-gcc-12", &["x.c"]), Some(ours.clone().into()));
        assert_eq!(names("g++-12", &[]), Some(ours.into()));
        assert_eq!(names("ccache", &["x.c"]), None);
        // collect2 runs what it is called by.
        assert_eq!(names("x86_64-linux-gnu-gcc-12", &["-flto", "-fno-use-linker-plugin"]), None);
    }

    #[test]
    fn coarrays_need_a_library_at_the_link() {
        let is_refused =
            |line: &str| check(&line.split(' ').map(OsString::from).collect::<Vec<_>>()).is_err();
        assert!(is_refused("-fcoarray=lib a.f90 -o a"));
        for line in [
            "-fcoarray=lib -c a.f90",
            "-fcoarray=lib a.f90 -lcaf_single",
            "-fcoarray=lib a.f90 /opt/lib/libcaf_mpi.a",
            "-fcoarray=single a.f90",
        ] {
            assert!(!is_refused(line), "{line}");
        }
    }
}
