//! What the rooms start is brought by what their verbs install: nothing relies on what happens to be there.

use std::fs;
use std::path::PathBuf;

use super::*;

/// What Debian always has, and what README asks for: Rust, gcc, git.
const GIVEN: &[&str] = &[
    "/bin/sh",
    "/bin/true",
    "/proc/self/exe",
    "/usr/bin/gcc",
    "/usr/lib/apt/apt-helper",
    "apt-cache",
    "apt-get",
    "bash",
    "cat",
    "cp",
    "date",
    "dpkg",
    "dpkg-deb",
    "dpkg-query",
    "env",
    "git",
    "gzip",
    "install",
    "ldd",
    "md5sum",
    "rustc",
    "sh",
    // Where there is none, xtask says what root has to type.
    "sudo",
    "tar",
    "unshare",
];

/// Words by which sources name what packages bring.
const BRINGS: &[(&str, &Package, &[&str])] = &[
    ("APT_FTPARCHIVE", &APT_FTPARCHIVE, &["apt-ftparchive"]),
    ("AUTOCONF", &AUTOCONF, &["autoconf"]),
    ("BINUTILS", &BINUTILS, &["ar", "ld", "nm", "objcopy", "strip"]),
    ("CCACHE", &CCACHE, &["ccache"]),
    ("CLANG", &CLANG, &["clang", "clang++", "clang-19"]),
    ("CMAKE", &CMAKE, &["cmake", "ctest"]),
    ("CURL", &CURL, &["curl"]),
    ("DISTCC", &DISTCC, &["distcc"]),
    ("GCC", &GCC, &["gcc"]),
    ("GDB", &GDB, &["gdb"]),
    ("GFORTRAN", &GFORTRAN, &["gfortran"]),
    ("GNUPG", &GNUPG, &["gpg", "gpgconf"]),
    ("GO", &GO, &["go"]),
    ("GXX", &GXX, &["g++"]),
    ("LIBOMP", &LIBOMP, &["/usr/lib/llvm-19/lib", "/usr/lib/llvm-19/lib/libomp.so.5"]),
    ("LINTIAN", &LINTIAN, &["lintian"]),
    ("LLVM_TOOLS", &LLVM_TOOLS, &["/usr/lib/llvm-19/bin"]),
    ("MAKE", &MAKE, &["make"]),
    ("MESON", &MESON, &["meson"]),
    ("MODULES", &MODULES, &["modulecmd", "modulecmd.tcl"]),
    ("MPICH", &MPICH, &["mpiexec.hydra"]),
    ("MPICH_DEV", &MPICH_DEV, &["mpicc.mpich", "mpicxx.mpich", "mpifort.mpich"]),
    ("PATCH", &PATCH, &["patch"]),
    ("PKG_CONFIG", &PKG_CONFIG, &["pkg-config"]),
    ("PYTHON", &PYTHON, &["python3"]),
    ("QEMU", &QEMU, &["qemu-system-x86_64", "/usr/bin/qemu-system-x86_64"]),
    ("TCL", &TCL, &["tclsh"]),
    ("XZ", &XZ, &["xz"]),
];

/// Every file below a folder of the checkout, or the file itself, with its text.
fn sources(path: &str) -> Vec<(PathBuf, String)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join(path);
    let files = if path.is_dir() { crate::files::files_below(&path).unwrap() } else { vec![path] };
    let text = |file: PathBuf| Some((fs::read_to_string(&file).ok()?, file));
    files.into_iter().filter_map(text).map(|(text, file)| (file, text)).collect()
}

/// Words of string literals; of a script every word. Comments do not count.
fn words(file: &Path, text: &str) -> Vec<String> {
    let is_rust = file.extension().is_some_and(|extension| extension == "rs");
    let lines =
        text.lines().map(str::trim_start).filter(|line| !line.starts_with(['#']) && !line.starts_with("//"));
    let literals = |line: &str| line.split('"').skip(1).step_by(2).collect::<Vec<_>>().join(" ");
    let lines = lines.map(|line| if is_rust { literals(line) } else { line.to_owned() });
    let is_apart = |c: char| !c.is_ascii_alphanumeric() && !"+-./_".contains(c);
    lines.flat_map(|line| line.split(is_apart).map(str::to_owned).collect::<Vec<_>>()).collect()
}

/// What a text starts by name.
fn started(text: &str) -> impl Iterator<Item = &str> {
    let of = |call: &'static str| text.split(call).skip(1).filter_map(|rest| rest.split('"').next());
    of("Command::new(\"").chain(of("Cmd::new(\"")).chain(of("lacks_program(\""))
}

#[test]
fn what_every_system_has_is_there() {
    assert!(program("any", "sh").is_there() && file("any", "/proc/self/stat").is_there());
    assert!(!program("none", "no-such-program-here").is_there());
}

#[test]
fn rooms_name_what_their_verbs_install() {
    let test = [FOR_TEST, FOR_OPENMP_TEST, FOR_MPI_TEST].concat();
    for (room, installed) in [
        ("bench/src", FOR_BENCH),
        ("proxy/tests", FOR_TEST),
        ("tests/build-systems", FOR_TEST),
        ("tests/src", &test),
        ("toolchain", FOR_TEST),
        ("xtask/src/deb", FOR_DIST),
        ("xtask/src/suite/packages.rs", FOR_DIST),
    ] {
        for (file, text) in sources(room) {
            // xtask's own texts are full of words such as "make".
            let words = match room.starts_with("xtask") {
                true => started(&text).map(str::to_owned).collect(),
                false => words(&file, &text),
            };
            for (_, package, names) in BRINGS.iter().filter(|(_, package, _)| !installed.contains(package)) {
                let found = words.iter().find(|word| names.contains(&word.as_str()));
                assert_eq!(found, None, "{}: {} is not installed for {room}", file.display(), package.name);
            }
        }
    }
}

#[test]
fn steps_name_the_packages_of_what_they_start() {
    let steps = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/steps");
    for step in fs::read_dir(steps).unwrap() {
        let name = step.unwrap().file_name().into_string().unwrap();
        let texts = sources(&format!("xtask/src/steps/{name}")).into_iter().map(|(_, text)| text);
        let text = texts.collect::<Vec<_>>().concat();
        // Started in another room.
        let patch = text.contains("patches::apply").then_some("patch");
        for program in started(&text).chain(patch) {
            let brings = |(_, _, names): &&(&str, &Package, &[&str])| names.contains(&program);
            if let Some((constant, ..)) = BRINGS.iter().find(brings) {
                assert!(
                    text.contains(&format!("package::{constant}")),
                    "{name}: {program} wants package::{constant}"
                );
            }
        }
    }
}

#[test]
fn somebody_brings_every_program() {
    for room in ["bench", "proxy", "tests/src", "toolchain", "xtask/src"] {
        for (file, text) in sources(room).iter().filter(|(file, _)| !file.ends_with("package/tests.rs")) {
            for program in started(text) {
                let is_brought = BRINGS.iter().any(|(_, _, names)| names.contains(&program));
                let is_made_up = program.contains(['{', '.'])
                    || ["no-such", "/nowhere"].iter().any(|part| program.contains(part));
                assert!(
                    is_brought || is_made_up || GIVEN.contains(&program),
                    "{}: nobody brings {program}\nnote: add its package to xtask/src/package.rs",
                    file.display()
                );
            }
        }
    }
}
