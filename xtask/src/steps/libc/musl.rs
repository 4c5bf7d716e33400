//! musl's long double functions: newlib has next to none for the x87's 80 bits, and its fma() rounds twice.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::library::Object;
use crate::source::{Kind, Source};
use crate::step::Job;

/// musl 1.2.3 as Debian has it; MIT licence.
pub const MUSL: Source = Source {
    package: "musl",
    kind: Kind::Source,
    archive: "musl_1.2.3.orig.tar.gz",
    sha256: "7d5b0b6062521e4627e099e4c9dc8248d32a30285e959b7eecaa780cf8cfd4a4",
};

/// Functions on double and float that are taken as well: exact fma, and those that have a long double argument.
const BESIDES: &[&str] = &["__rem_pio2_large", "fma", "fmaf", "nexttoward", "nexttowardf"];

/// Fetches and unpacks musl; returns its folder.
pub fn unpack(job: &mut Job<'_>, scratch: &Path) -> Result<PathBuf> {
    let folder = scratch.join("musl");
    MUSL.unpack(job, &folder)?;
    Ok(folder)
}

/// What is to be compiled: every long double function, in the version for x86-64 where there is one.
pub fn objects(port: &Path, musl: &Path) -> Result<Vec<Object>> {
    let math = musl.join("src/math");
    let mut names = long_double(&math)?;
    names.extend(BESIDES.iter().map(ToString::to_string));
    let includes = ["src/internal", "arch/x86_64", "arch/generic"]
        .map(|folder| format!("-I{}", musl.join(folder).display()));
    let shim = port.join("math/musl.h");
    let flags = format!(
        "-w -frounding-math -fexcess-precision=standard {} -include {}",
        includes.join(" "),
        shim.display()
    );
    let mut objects: Vec<_> = names
        .iter()
        .map(|name| Object {
            name: format!("musl-{name}.o"),
            source: source(&math, name),
            flags: flags.clone(),
        })
        .collect();
    let ours = port.join("math/long_double.c");
    objects.push(Object {
        name: "long_double.o".to_owned(),
        source: ours,
        flags: "-Wall -Wextra".to_owned(),
    });
    Ok(objects)
}

/// Names without `.c`. ceil.c ends with l.c as well.
fn long_double(math: &Path) -> Result<Vec<String>> {
    let entries = fs::read_dir(math).with_context(|| format!("cannot list {}", math.display()))?;
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut names: Vec<_> = names
        .filter_map(|name| Some(name.strip_suffix(".c")?.to_owned()))
        .filter(|name| name.ends_with('l'))
        .collect();
    names.retain(|name| name != "ceil");
    names.sort();
    Ok(names)
}

/// Not the x86-64 version of fma: it is one instruction where the compiler may use it, and nothing elsewhere.
fn source(math: &Path, name: &str) -> PathBuf {
    let assembly = math.join(format!("x86_64/{name}.s"));
    let inline = math.join(format!("x86_64/{name}.c"));
    if assembly.exists() {
        assembly
    } else if inline.exists() && !BESIDES.contains(&name) {
        inline
    } else {
        math.join(format!("{name}.c"))
    }
}
