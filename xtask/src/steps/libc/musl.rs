//! musl's part of libm: the exact functions, most of long double, Bessel's functions, and part of the complex ones.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::core_math::LONG_DOUBLE;
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

/// Exact functions on double that are taken as they are; with `f` at the end, on float.
const EXACT: &[&str] =
    &["copysign", "fabs", "finite", "fmax", "fmin", "frexp", "ldexp", "modf", "nan", "significand"];

/// What they call.
const BESIDES: &[&str] = &["__rem_pio2_large"];

/// What `math/fma.c` calls on CPUs without the instruction, and `math/long_double.c`.
const BARE: &[&str] = &["acoshl", "fma", "fmaf", "tgammal"];

/// Not in the version for x86-64: for fma it is the instruction or nothing, expm1l has hundreds of wrong last places there, and
/// remquol asks for bits of the quotient that QEMU's FPREM1 does not tell.
const IN_C: &[&str] = &["expm1l", "fma", "fmaf", "remquol"];

/// Functions with results that are no numbers, too large or too small, by their shape in `math/errno.c`: musl has no errno.
/// In double and, with `f` at the end, in float.
const WITH_ERRNO: [(&str, &[&str]); 4] = [
    ("TWO", &["fdim", "nextafter", "scalb"]),
    ("BEFORE_INT", &["scalbn"]),
    ("BEFORE_LONG", &["scalbln"]),
    ("TO_LONG_DOUBLE", &["nexttoward"]),
];

/// In double only: in float they are double's, rounded (`math/bessel.c`).
const BESSEL: [(&str, &[&str]); 2] = [("ONE", &["j0", "j1", "y0", "y1"]), ("AFTER_INT", &["jn", "yn"])];

/// Functions whose source has another function in it, which needs another name as well.
const TOGETHER: [(&str, &str); 4] = [("j0", "y0"), ("j1", "y1"), ("jn", "yn"), ("erfl", "erfcl")];

/// In long double.
const LONG_WITH_ERRNO: [(&str, &[&str]); 5] = [
    (
        "ONE",
        &[
            "acosl", "asinl", "atanhl", "cbrtl", "coshl", "cosl", "erfcl", "exp2l", "expl", "expm1l",
            "log10l", "log1pl", "log2l", "logl", "rsqrtl", "sinhl", "sinl", "sqrtl", "tanl",
        ],
    ),
    ("TWO", &["atan2l", "fdiml", "fmodl", "hypotl", "nextafterl", "nexttowardl", "powl", "remainderl"]),
    ("BEFORE_INT", &["scalbnl"]),
    ("BEFORE_LONG", &["scalblnl"]),
    ("WITH_QUOTIENT", &["remquol"]),
];

/// Functions whose results can be too small for any number but 0.
const CAN_UNDERFLOW: &[&str] =
    &["atan2", "erfc", "exp", "exp10", "exp2", "pow", "scalb", "scalbln", "scalbn", "tgamma"];

/// Long double functions that others stand in for: CORE-MATH's, and those of `math/`.
const NOT_FROM_MUSL: &[&str] =
    &["cbrtl", "exp10l", "exp2l", "expl", "hypotl", "ilogbl", "logbl", "log2l", "powl"];

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

/// What is to be compiled: the exact functions, every long double function, in the version for x86-64 where there is one, and
/// what sets errno for them.
pub fn objects(sources: &Sources<'_>, musl: &Path) -> Result<Vec<Object>> {
    let math = musl.join("src/math");
    let both = |names: &[&str]| {
        names.iter().flat_map(|name| [name.to_string(), format!("{name}f")]).collect::<Vec<_>>()
    };
    let mut names = long_double(&math)?;
    names.extend(both(EXACT));
    names.extend(BESIDES.iter().map(ToString::to_string));
    let build = build(sources, musl);
    let with_errno = with_errno();
    let is_plain = |name: &str| !BARE.contains(&name) && with_errno.iter().all(|(_, _, other)| other != name);
    let plain = names.iter().filter(|name| is_plain(name)).map(|name| object(&math, name, &build));
    let mut objects: Vec<_> = plain.collect();
    objects.extend(BARE.iter().map(|name| bare(&math, name, &build)));
    for (shape, kind, name) in &with_errno {
        let is_with_another = TOGETHER.iter().any(|(_, second)| second == name);
        if !LONG_DOUBLE.contains(&name.as_str()) && !is_with_another {
            objects.push(bare(&math, name, &build));
        }
        objects.push(errno(sources, shape, kind, name));
    }
    Ok(objects)
}

/// musl's complex functions in double and float that heed the special values of C's Annex G.
pub fn complex(sources: &Sources<'_>, musl: &Path) -> Vec<Object> {
    let names = ["__cexp", "ccosh", "cexp", "csinh", "ctanh"];
    let names = names.iter().flat_map(|name| [name.to_string(), format!("{name}f")]);
    let build = build(sources, musl);
    names.map(|name| object(&musl.join("src/complex"), &name, &build)).collect()
}

/// The function with errno, which calls the one without.
fn errno(sources: &Sources<'_>, shape: &str, kind: &str, name: &str) -> Object {
    let mut build = sources.build.clone();
    build.define("FUNCTION", name).define("TYPE", kind).define(shape, None);
    let stem = name.trim_end_matches(['f', 'l']);
    if CAN_UNDERFLOW.iter().any(|able| able.trim_end_matches(['f', 'l']) == stem) {
        build.define("UNDERFLOW", None);
    }
    if ["log2l", "powl"].contains(&name) {
        build.define("QUIET", None);
    }
    if name.starts_with("next") {
        build.define("NEXT", None);
    }
    Object { name: format!("errno-{name}.o"), source: sources.rooms.port.join("math/errno.c"), build }
}

/// Every function of the tables above: its shape, its type, its name.
fn with_errno() -> Vec<(&'static str, &'static str, String)> {
    let mut all = Vec::new();
    for (shape, names) in WITH_ERRNO {
        all.extend(names.iter().map(|name| (shape, "double", name.to_string())));
        all.extend(names.iter().map(|name| (shape, "float", format!("{name}f"))));
    }
    for (kind, table) in [("double", &BESSEL[..]), ("long double", &LONG_WITH_ERRNO[..])] {
        let rows = table.iter().flat_map(|(shape, names)| names.iter().map(move |name| (*shape, name)));
        all.extend(rows.map(|(shape, name)| (shape, kind, name.to_string())));
    }
    all
}

fn build(sources: &Sources<'_>, musl: &Path) -> cc::Build {
    let mut build = without_warnings(sources.build);
    build.includes(["src/internal", "arch/x86_64", "arch/generic"].map(|folder| musl.join(folder)));
    build
        .flags(["-fbuiltin", "-frounding-math", "-fexcess-precision=standard", "-include"])
        .flag(sources.rooms.port.join("math/musl.h"));
    build
}

fn object(folder: &Path, name: &str, build: &cc::Build) -> Object {
    let source = source(folder, name);
    let mut build = build.clone();
    if let Some((_, other)) = TOGETHER.iter().find(|(first, _)| *first == name) {
        build.define(other, &*format!("__hermit_bare_{other}"));
    }
    if source.extension().is_some_and(|end| end == "s") {
        // The names in it are macros.
        build.flag("-xassembler-with-cpp");
    }
    Object { name: format!("musl-{name}.o"), source, build }
}

/// The function under the name that `math/errno.c` calls.
fn bare(folder: &Path, name: &str, build: &cc::Build) -> Object {
    let mut build = build.clone();
    // math/long_double.c puts its negative numbers right.
    let word = if name == "nextafterl" { "positive" } else { "bare" };
    build.define(name, &*format!("__hermit_{word}_{name}"));
    object(folder, name, &build)
}

/// Whether an object of [`objects`] is needed in libc.a as well: what is there without `-lm`.
pub fn is_of_libc(object: &Object) -> bool {
    let name = object.name.trim_end_matches(".o");
    [
        "errno-scalbn",
        "errno-scalbnf",
        "musl-scalbn",
        "musl-scalbnf",
        "musl-ldexp",
        "musl-ldexpf",
        "musl-modf",
        "musl-modff",
    ]
    .contains(&name)
}

/// Names without `.c`. ceil.c ends with l.c as well.
fn long_double(math: &Path) -> Result<Vec<String>> {
    let sources = list_with(math, &["c"])?;
    let names = sources.iter().filter_map(|source| Some(source.file_stem()?.to_str()?.to_owned()));
    Ok(names
        .filter(|name| name.ends_with('l') && name != "ceil" && !NOT_FROM_MUSL.contains(&name.as_str()))
        .collect())
}

/// In the version for x86-64 where there is one.
fn source(folder: &Path, name: &str) -> PathBuf {
    let variants = ["s", "c"].map(|end| folder.join(format!("x86_64/{name}.{end}")));
    let found = variants.into_iter().find(|path| path.exists() && !IN_C.contains(&name));
    found.unwrap_or_else(|| folder.join(format!("{name}.c")))
}
