//! libm.a: CORE-MATH's functions ([`core_math`]), musl's ([`musl`]), those on vectors ([`vector`]) and those of `newlib-port/math`.
//! Nothing of newlib's is in it.

use std::path::Path;

use anyhow::Result;

use super::library::Sources;
use super::{core_math, musl, vector};
use crate::objects::Object;

/// Our sources that are compiled once.
const OURS: &[&str] =
    &["bessel", "complex_long", "fenv", "fma", "gamma", "long_double", "old_names", "remainder", "signaling"];

/// Our sources that are compiled for several types.
const FOR_EVERY_TYPE: &[&str] = &[
    "complex_circular",
    "complex_inverse",
    "complex_log",
    "complex_parts",
    "complex_sqrt",
    "exponents",
    "neighbours",
];

/// What long double has by itself are musl's.
const FOR_SHORT_TYPES: &[&str] = &["integral"];

/// Types, as `math/types.h` knows them, with the ends of their functions' names.
const TYPES: [(&str, &str); 3] = [("DOUBLE", ""), ("FLOAT", "f"), ("LONG_DOUBLE", "l")];

/// Folders of others' sources.
#[derive(Clone, Copy, Debug)]
pub struct Folders<'a> {
    /// CORE-MATH's.
    pub core_math: &'a Path,
    /// musl's.
    pub musl: &'a Path,
    /// SLEEF's.
    pub sleef: &'a Path,
}

/// What is to be compiled.
pub fn objects(sources: &Sources<'_>, folders: Folders<'_>) -> Result<Vec<Object>> {
    let mut objects = core_math::objects(sources, folders.core_math);
    objects.extend(core_math::long_double(sources, folders.core_math));
    objects.extend(musl::objects(sources, folders.musl)?);
    objects.extend(musl::complex(sources, folders.musl));
    objects.extend(vector::objects(sources, folders.sleef));
    objects.extend(ours(sources));
    Ok(objects)
}

fn ours(sources: &Sources<'_>) -> Vec<Object> {
    let object = |name: &str, end: &str, kind: Option<&str>| {
        let mut build = sources.build.clone();
        build.flags(["-fbuiltin", "-frounding-math", "-fno-math-errno", "-ffp-contract=off"]);
        if let Some(kind) = kind {
            build.define(kind, None);
        }
        let source = sources.rooms.port.join(format!("math/{name}.c"));
        Object { name: format!("ours-{name}{end}.o"), source, build }
    };
    let mut objects: Vec<_> = OURS.iter().map(|name| object(name, "", None)).collect();
    for (kind, end) in TYPES {
        objects.extend(FOR_EVERY_TYPE.iter().map(|name| object(name, end, Some(kind))));
    }
    for (kind, end) in &TYPES[..2] {
        objects.extend(FOR_SHORT_TYPES.iter().map(|name| object(name, end, Some(kind))));
    }
    objects
}
