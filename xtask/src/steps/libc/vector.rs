//! libm's functions on vectors, which loops with `-ffast-math` call: SLEEF's, under glibc's names (`newlib-port/math/vector.c`).

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::library::Sources;
use crate::files::write;
use crate::objects::{Object, without_warnings};
use crate::source::{Kind, Source};
use crate::step::Job;

/// SLEEF 3.9.0; Boost's licence.
pub const SLEEF: Source = Source {
    package: "sleef",
    kind: Kind::Source,
    archive: "sleef_3.9.0.orig.tar.gz",
    sha256: "b2a1acd3f1860299848b4e24238a4609fbb85761a1a85bac5573347b90d0440b",
};

/// A set of instructions.
struct Set {
    /// The vector ABI's letter.
    letter: &'static str,
    /// SLEEF's name.
    name: &'static str,
    /// Numbers in a vector: double, float.
    lanes: [&'static str; 2],
    /// Flags that make gcc use it. CPUs with AVX2 multiply and add in one step.
    flags: &'static [&'static str],
}

const SETS: [Set; 4] = [
    Set { letter: "b", name: "SSE2", lanes: ["2", "4"], flags: &[] },
    Set { letter: "c", name: "AVX", lanes: ["4", "8"], flags: &["-mavx"] },
    Set { letter: "d", name: "AVX2", lanes: ["4", "8"], flags: &["-mavx2", "-mfma"] },
    Set { letter: "e", name: "AVX512F", lanes: ["8", "16"], flags: &["-mavx512f"] },
];

/// Types, as `vector.c` knows them.
const TYPES: [(&str, Option<&str>); 2] = [("double", None), ("float", Some("FLOAT"))];

/// What SLEEF's sources call their tables, and we do.
const TABLES: [(&str, &str); 2] =
    [("Sleef_rempitabdp", "__hermit_vector_pi"), ("Sleef_rempitabsp", "__hermit_vector_pif")];

/// Fetches SLEEF and unpacks it below `scratch`, unless that was done before; returns its folder.
pub fn unpack(job: &mut Job<'_>, scratch: &Path) -> Result<PathBuf> {
    let (folder, done) = (scratch.join("sleef"), scratch.join("sleef.sha256"));
    if !fs::read_to_string(&done).is_ok_and(|text| text == SLEEF.sha256) {
        SLEEF.unpack(job, &folder)?;
        write(&done, SLEEF.sha256)?;
    }
    Ok(folder)
}

/// What is to be compiled: an object for every type and set of instructions, of which a program gets the functions that it calls,
/// and the digits of pi for large arguments.
pub fn objects(sources: &Sources<'_>, sleef: &Path) -> Vec<Object> {
    let math = sources.rooms.port.join("math");
    let mut build = without_warnings(sources.build);
    build.includes([
        math.join("sleef"),
        sleef.join("src/arch"),
        sleef.join("src/common"),
        sleef.join("src/libm"),
    ]);
    build.flags(["-fbuiltin", "-fno-math-errno", "-fno-trapping-math", "-ffp-contract=off"]);
    for (theirs, ours) in TABLES {
        build.define(theirs, ours);
    }
    let source = sleef.join("src/libm/rempitab.c");
    let mut objects = vec![Object { name: "vector-pi.o".to_owned(), source, build: build.clone() }];
    for Set { letter, name, lanes, flags } in &SETS {
        for ((kind, macro_name), lanes) in TYPES.iter().zip(lanes) {
            let mut build = build.clone();
            build.flags(*flags).define(&format!("ENABLE_{name}"), None);
            build.define("LETTER", *letter).define("LANES", *lanes);
            if let Some(macro_name) = macro_name {
                build.define(macro_name, None);
            }
            objects.push(Object {
                name: format!("vector-{letter}-{kind}.o"),
                source: math.join("vector.c"),
                build,
            });
        }
    }
    objects
}
