//! newlib's new exp, log, pow and their kin (its option `__OBSOLETE_MATH=0`), twice: for CPUs with fused multiply-add, which they
//! are made for, and for the others. `newlib-port/math/choose.c` chooses.

use super::library::Sources;
use crate::objects::{Object, without_warnings};

/// A function of libm.
struct Function {
    name: &'static str,
    /// In newlib's `libm/common`, without `.c`.
    source: &'static str,
    kind: &'static str,
    arguments: u8,
}

const fn function(name: &'static str, source: &'static str, kind: &'static str, arguments: u8) -> Function {
    Function { name, source, kind, arguments }
}

const FUNCTIONS: &[Function] = &[
    function("exp", "exp", "double", 1),
    function("exp2", "exp2", "double", 1),
    function("log", "log", "double", 1),
    function("log2", "log2", "double", 1),
    function("pow", "pow", "double", 2),
    function("expf", "sf_exp", "float", 1),
    function("exp2f", "sf_exp2", "float", 1),
    function("logf", "sf_log", "float", 1),
    function("log2f", "sf_log2", "float", 1),
    function("powf", "sf_pow", "float", 2),
    function("sinf", "sinf", "float", 1),
    function("cosf", "cosf", "float", 1),
];

/// What both versions share: tables, and the ends that set errno.
const SHARED: &[&str] = &[
    "exp_data",
    "log_data",
    "log2_data",
    "pow_log_data",
    "sf_exp2_data",
    "sf_log_data",
    "sf_log2_data",
    "sf_pow_log2_data",
    "sincosf_data",
    "math_errf",
];

/// Flags of the two versions.
const VERSIONS: [(&str, &[&str]); 2] = [("plain", &[]), ("fma", &["-mavx2", "-mfma", "-ffp-contract=fast"])];

/// What is to be compiled.
pub fn objects(sources: &Sources<'_>) -> Vec<Object> {
    let common = sources.rooms.source.join("newlib/libm/common");
    let mut build = without_warnings(sources.build);
    build.flag("-fbuiltin").define("__OBSOLETE_MATH", "0").include(&common);
    let object = |name: String, source: &str, build: cc::Build| Object {
        name,
        source: common.join(format!("{source}.c")),
        build,
    };
    let shared = SHARED.iter().map(|name| object(format!("newlib-{name}.o"), name, build.clone()));
    let mut objects: Vec<_> = shared.collect();
    for Function { name, source, kind, arguments } in FUNCTIONS {
        for (version, flags) in VERSIONS {
            let mut build = build.clone();
            build.define(name, &*format!("__hermit_{name}_{version}")).flags(flags);
            objects.push(object(format!("newlib-{name}-{version}.o"), source, build));
        }
        let mut build = sources.build.clone();
        build.define("FUNCTION", *name).define("TYPE", *kind).define("ARGUMENTS", &*arguments.to_string());
        let source = sources.rooms.port.join("math/choose.c");
        objects.push(Object { name: format!("{name}.o"), source, build });
    }
    objects
}
