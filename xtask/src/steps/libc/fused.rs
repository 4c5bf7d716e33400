//! newlib's new exp, log, pow and their kin (its option `__OBSOLETE_MATH=0`), twice: for CPUs with fused multiply-add, which they
//! are made for, and for the others. `newlib-port/math/choose.c` chooses.

use super::library::Object;
use super::rooms::Rooms;

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
const VERSIONS: [(&str, &str); 2] = [("plain", ""), ("fma", "-mavx2 -mfma -ffp-contract=fast")];

/// What is to be compiled.
pub fn objects(rooms: &Rooms) -> Vec<Object> {
    let common = rooms.source.join("newlib/libm/common");
    let flags = format!("-w -fbuiltin -D__OBSOLETE_MATH=0 -I{}", common.display());
    let object = |name: String, source: &str, flags: String| Object {
        name,
        source: common.join(format!("{source}.c")),
        flags,
    };
    let shared = SHARED.iter().map(|name| object(format!("newlib-{name}.o"), name, flags.clone()));
    let mut objects: Vec<_> = shared.collect();
    for Function { name, source, kind, arguments } in FUNCTIONS {
        for (version, more) in VERSIONS {
            let flags = format!("{flags} -D{name}=__hermit_{name}_{version} {more}");
            objects.push(object(format!("newlib-{name}-{version}.o"), source, flags));
        }
        objects.push(Object {
            name: format!("{name}.o"),
            source: rooms.port.join("math/choose.c"),
            flags: format!("-Wall -Wextra -DFUNCTION={name} -DTYPE={kind} -DARGUMENTS={arguments}"),
        });
    }
    objects
}
