//! Single objects of the C library made anew: a small change of one source costs a second instead of a whole library.
//!
//! For trials only ([`crate::suite::mutants`]): the library is newer than the stamp of its step then.

use std::fs;
use std::path::Path;

use anyhow::Result;

use super::crates;
use super::flags::build;
use super::library::{Sources, crt0, glue, malloc, string};
use super::rooms::Rooms;
use crate::objects::{Folder, Object};
use crate::step::Job;
use crate::tool::Cmd;

/// More than this of them are not worth the while.
const MOST: usize = 8;

/// Compiles what is made of `source` and puts the objects into the installed library; `false` if it is not for a few objects.
pub fn objects(job: &mut Job<'_>, source: &Path) -> Result<bool> {
    let workspace = job.workspace();
    let (rooms, prefix) = (Rooms::new(workspace), workspace.prefix());
    if source == rooms.port.join("crt/crt0.c") {
        return crt0(job, &rooms, "", &prefix.lib()).map(|()| true);
    }
    let build = build(workspace);
    let objects = of(job, &Sources { rooms: &rooms, build: &build }, source)?;
    if objects.is_empty() || objects.len() > MOST {
        return Ok(false);
    }
    let folder = Folder { path: job.scratch()?, basis: String::new() };
    for object in folder.compile(job, &objects)? {
        elfedit::mark(&object)?;
        for library in ["libc.a", "libg.a"] {
            job.run(Cmd::new("ar").arg("rsD").arg(prefix.lib().join(library)).arg(&object))?;
        }
    }
    Ok(true)
}

/// The objects that are made of a source, or of those that include it.
fn of(job: &mut Job<'_>, sources: &Sources<'_>, source: &Path) -> Result<Vec<Object>> {
    let rooms = sources.rooms;
    if source.starts_with(rooms.port.join("malloc")) {
        // One source includes the others.
        return Ok(vec![malloc(sources, &crates::folders(job)?.mimalloc)]);
    }
    let mut objects = glue(sources, &rooms.port.join("sys/hermit"), "")?;
    objects.extend(glue(sources, &rooms.threads.join("src"), "thread-")?);
    objects.extend(string(sources)?);
    let include = format!("#include \"{}\"", source.file_name().unwrap_or_default().display());
    let includes =
        |object: &Object| fs::read_to_string(&object.source).is_ok_and(|text| text.contains(&include));
    objects.retain(|object| object.source == source || includes(object));
    Ok(objects)
}
