//! CORE-MATH: the functions of libm that round every result correctly, so that all CPUs, compilers and isles have the same bits.
//!
//! Each is compiled twice: for CPUs with fused multiply-add, which they are made for, and for the others, where `fma` is a
//! function. `newlib-port/math/choose.c` chooses.

use std::path::{Path, PathBuf};

use super::library::Sources;
use crate::objects::{Object, without_warnings};

/// Functions of one argument, in double; in float they have an `f` at the end.
const OF_ONE: &[&str] = &[
    "acos", "acosh", "acospi", "asin", "asinh", "asinpi", "atan", "atanh", "atanpi", "cbrt", "cos", "cosh",
    "cospi", "erf", "erfc", "exp", "exp10", "exp10m1", "exp2", "exp2m1", "expm1", "lgamma", "log", "log10",
    "log10p1", "log1p", "log2", "log2p1", "rsqrt", "sin", "sinh", "sinpi", "tan", "tanh", "tanpi", "tgamma",
];

/// Functions of two.
const OF_TWO: &[&str] = &["atan2", "atan2pi", "hypot", "pow"];

/// The function with two results.
const OF_TWO_RESULTS: &[&str] = &["sincos"];

/// Those in long double that are ready; the rest is musl's.
pub const LONG_DOUBLE: &[&str] = &["cbrtl", "exp2l", "expl", "hypotl", "log2l", "powl", "rsqrtl"];

/// Flags of the two versions.
const VERSIONS: [(&str, &[&str]); 2] = [("plain", &[]), ("fma", &["-mavx2", "-mfma"])];

/// Shapes of `choose.c`, with the functions that have them.
const SHAPES: [(&str, &[&str]); 3] = [("ONE", OF_ONE), ("TWO", OF_TWO), ("TWO_RESULTS", OF_TWO_RESULTS)];

/// What is to be compiled; `core_math` is the folder with CORE-MATH's `src`.
pub fn objects(sources: &Sources<'_>, core_math: &Path) -> Vec<Object> {
    let port = &sources.rooms.port;
    let mut objects = Vec::new();
    for (kind, folder, end) in [("double", "binary64", ""), ("float", "binary32", "f")] {
        for (shape, name) in
            SHAPES.iter().flat_map(|(shape, names)| names.iter().map(move |name| (*shape, *name)))
        {
            let full = format!("{name}{end}");
            let source = core_math.join(format!("src/{folder}/{name}/{full}.c"));
            for (version, flags) in VERSIONS {
                let mut build = build(sources, core_math, &full, &format!("__hermit_{full}_{version}"));
                build.flags(flags);
                objects.push(Object {
                    name: format!("core-{full}-{version}.o"),
                    source: source.clone(),
                    build,
                });
            }
            let mut build = sources.build.clone();
            build.define("FUNCTION", &*full).define("TYPE", kind).define(shape, None);
            objects.push(Object { name: format!("{full}.o"), source: port.join("math/choose.c"), build });
        }
    }
    objects
}

/// Those in long double, each as `__hermit_bare_NAME`: `math/errno.c` stands before them as before musl's.
pub fn long_double(sources: &Sources<'_>, core_math: &Path) -> Vec<Object> {
    let object = |full: &&str| {
        let name = full.trim_end_matches('l').replace("powl", "pow");
        let source: PathBuf = core_math.join(format!("src/binary80/{}/{full}.c", name));
        let build = build(sources, core_math, full, &format!("__hermit_bare_{full}"));
        Object { name: format!("core-{full}.o"), source, build }
    };
    LONG_DOUBLE.iter().map(object).collect()
}

/// CORE-MATH's own names begin with `cr_`.
fn build(sources: &Sources<'_>, core_math: &Path, full: &str, as_name: &str) -> cc::Build {
    let mut build = without_warnings(sources.build);
    // The registry's place differs from machine to machine.
    build.flag(format!("-ffile-prefix-map={}=core-math", core_math.display()));
    build.flags(["-fbuiltin", "-frounding-math", "-fno-math-errno", "-ffp-contract=off", "-include"]);
    build.flag(sources.rooms.port.join("math/core_math.h"));
    build.define("CORE_MATH_SUPPORT_ERRNO", None).define(&format!("cr_{full}"), as_name);
    build
}
