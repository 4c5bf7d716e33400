//! musl's POSIX functions: time zones, patterns, character sets, search tables, and more that newlib has not, or has from the time
//! before POSIX. `newlib-port/musl/` holds what lets them compile with our headers.

use std::path::Path;

use super::library::Sources;
use super::musl_network;
use crate::objects::{Object, without_warnings};

/// Their sources below `src`, without `.c`.
const PLAIN: &[&str] = &[
    "legacy/ftw",
    "locale/catclose",
    "locale/catgets",
    "locale/catopen",
    "locale/strfmon",
    "misc/nftw",
    "time/__secs_to_tm",
    "time/__tm_to_secs",
    "time/__month_to_secs",
    "time/__year_to_secs",
    "regex/fnmatch",
    "regex/glob",
    "regex/regcomp",
    "regex/regexec",
    "regex/tre-mem",
    "search/hsearch",
    "search/insque",
    "search/lsearch",
    "search/tdelete",
    "search/tdestroy",
    "search/tfind",
    "search/tsearch",
    "search/twalk",
];

/// The time zone, which asks sys/hermit/time_zone.c what zone is wanted.
const ZONES: &[&str] = &["time/__tz"];

/// iconv, and the UTF-8 that it uses whatever the locale is.
const UTF8: &[&str] =
    &["locale/iconv", "locale/iconv_close", "multibyte/internal", "multibyte/mbrtowc", "multibyte/wcrtomb"];

/// scanf, on newlib's streams (sys/hermit/scanf.c).
const SCAN: &[&str] =
    &["internal/floatscan", "internal/intscan", "internal/shgetc", "stdio/vfscanf", "stdio/vfwscanf"];

/// What is to be compiled.
pub fn objects(sources: &Sources<'_>, musl: &Path) -> Vec<Object> {
    let shim = sources.rooms.port.join("musl");
    let mut build = without_warnings(sources.build);
    // musl's internal headers come last: those in `shim` stand in for some.
    build.includes([&shim, &musl.join("src/internal")]).flag("-include").flag(shim.join("posix.h"));
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
    let groups = [
        (PLAIN, None),
        (ZONES, Some("HERMIT_ZONES")),
        (UTF8, Some("HERMIT_UTF8")),
        (SCAN, Some("HERMIT_SCAN")),
        (musl_network::SOURCES, Some("HERMIT_NETWORK")),
    ];
    groups.iter().flat_map(|(names, word)| group(names, *word)).collect()
}
