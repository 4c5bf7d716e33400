//! musl's long double functions: newlib has next to none for the x87's 80 bits, and its fma() rounds twice.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::library::Sources;
use crate::files::{list_with, write};
use crate::objects::{Object, without_warnings};
use crate::patches;
use crate::source::{Kind, Source};
use crate::stamp::sha256_of_file;
use crate::step::Job;

/// musl 1.2.3 as Debian has it; MIT licence.
pub const MUSL: Source = Source {
    package: "musl",
    kind: Kind::Source,
    archive: "musl_1.2.3.orig.tar.gz",
    sha256: "7d5b0b6062521e4627e099e4c9dc8248d32a30285e959b7eecaa780cf8cfd4a4",
};

/// Functions on double and float that are taken as well: exact fma, those that have a long double argument, and scalbn and
/// its kin, where newlib's exponents overflow and small results are rounded to 0.
const BESIDES: &[&str] = &[
    "__rem_pio2_large",
    "fma",
    "fmaf",
    "nexttoward",
    "nexttowardf",
    "scalbln",
    "scalblnf",
    "scalbn",
    "scalbnf",
];

/// Fetches musl, unpacks and patches it below `scratch`, unless that was done before; returns its folder.
pub fn unpack(job: &mut Job<'_>, scratch: &Path, patches: &Path) -> Result<PathBuf> {
    let (folder, done) = (scratch.join("musl"), scratch.join("musl.sha256"));
    let mut made_of = MUSL.sha256.to_owned();
    for patch in list_with(patches, &["patch"])? {
        made_of += &format!(" {}", sha256_of_file(&patch)?);
    }
    if fs::read_to_string(&done).is_ok_and(|text| text == made_of) {
        return Ok(folder);
    }
    MUSL.unpack(job, &folder)?;
    patches::apply_all(job, patches, &folder)?;
    write(&done, made_of)?;
    Ok(folder)
}

/// What is to be compiled: every long double function, in the version for x86-64 where there is one.
pub fn objects(sources: &Sources<'_>, musl: &Path) -> Result<Vec<Object>> {
    let (port, math) = (&sources.rooms.port, musl.join("src/math"));
    let mut names = long_double(&math)?;
    names.extend(BESIDES.iter().map(ToString::to_string));
    let mut build = without_warnings(sources.build);
    build.includes(["src/internal", "arch/x86_64", "arch/generic"].map(|folder| musl.join(folder)));
    build
        .flags(["-frounding-math", "-fexcess-precision=standard", "-include"])
        .flag(port.join("math/musl.h"));
    let of_musl = |name: &String| Object {
        name: format!("musl-{name}.o"),
        source: source(&math, name),
        build: build.clone(),
    };
    let ours = |name: &str| Object {
        name: format!("{name}.o"),
        source: port.join(format!("math/{name}.c")),
        build: sources.build.clone(),
    };
    Ok(names.iter().map(of_musl).chain(["long_double", "signaling"].map(ours)).collect())
}

/// Whether an object of [`objects`] is needed in libc.a as well: what ldexp is made of, which is there without `-lm`.
pub fn is_of_libc(object: &Object) -> bool {
    ["musl-scalbn.o", "musl-scalbnf.o"].contains(&object.name.as_str())
}

/// Names without `.c`. ceil.c ends with l.c as well.
fn long_double(math: &Path) -> Result<Vec<String>> {
    let sources = list_with(math, &["c"])?;
    let names = sources.iter().filter_map(|source| Some(source.file_stem()?.to_str()?.to_owned()));
    Ok(names.filter(|name| name.ends_with('l') && name != "ceil").collect())
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
