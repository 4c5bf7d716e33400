//! musl's POSIX functions: time zones, of which newlib knows the present rule only.
//! `newlib-port/musl/` holds what lets them compile with our headers.

use std::path::Path;

use super::library::Sources;
use crate::objects::{Object, without_warnings};

/// Their sources below `src`, without `.c`.
const PLAIN: &[&str] =
    &["time/__secs_to_tm", "time/__tm_to_secs", "time/__month_to_secs", "time/__year_to_secs"];

/// The time zone, which asks sys/hermit/time_zone.c what zone is wanted.
const ZONES: &[&str] = &["time/__tz"];

/// What is to be compiled.
pub fn objects(sources: &Sources<'_>, musl: &Path) -> Vec<Object> {
    let shim = sources.rooms.port.join("musl");
    let mut build = without_warnings(sources.build);
    build.include(&shim).flag("-include").flag(shim.join("posix.h"));
    let group = |names: &[&str], word: Option<&str>| {
        let mut build = build.clone();
        if let Some(word) = word {
            build.define(word, None);
        }
        let objects = names.iter().map(|name| Object {
            name: format!("musl-{}.o", name.rsplit('/').next().unwrap_or(name)),
            source: musl.join("src").join(name).with_extension("c"),
            build: build.clone(),
        });
        objects.collect::<Vec<_>>()
    };
    let groups = [(PLAIN, None), (ZONES, Some("HERMIT_ZONES"))];
    groups.iter().flat_map(|(names, word)| group(names, *word)).collect()
}
