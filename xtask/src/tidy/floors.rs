//! The kernel and the proxy stand on floors: a room imports from lower floors only.
//!
//! The table of floors is in the documentation of the crate itself ([`Table`] reads it), where whoever reads
//! the crate sees it first. [`paths`] finds what a file names.

mod circles;
mod paths;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context as _, Result};

use super::{Finding, Tree};

const WHY: &str = "rooms that import each other in a circle can only be read, tested and replaced together";

/// Most files of one room that may import each other in a circle.
const MAX_CIRCLE: usize = 6;

/// Rooms with a larger one all the same. There is none.
const KNOWN_CIRCLES: &[&str] = &[];

/// Crates that stand on floors: the folder of their sources, whose `lib.rs` has the table.
const CRATES: [&str; 2] = ["kernel/src", "proxy/src"];

/// Where the floors are drawn, each crate's under a heading of its own: see [`drawn`].
const PICTURE: &str = "ARCHITECTURE.md";

/// Edges that run upwards all the same. There is none: an entry would need a reason.
const KNOWN: &[(&str, &str)] = &[];

/// Checks the sources.
pub fn check(tree: &Tree) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for root in CRATES {
        findings.extend(check_crate(tree, root, KNOWN, KNOWN_CIRCLES)?);
    }
    Ok(findings)
}

fn check_crate(
    tree: &Tree,
    root: &str,
    known: &[(&str, &str)],
    known_circles: &[&str],
) -> Result<Vec<Finding>> {
    let lib = format!("{root}/lib.rs");
    let Some(text) = tree.text(&lib) else { return Ok(Vec::new()) };
    let table = Table::read(text);
    let mut files = Vec::new();
    for (path, text) in tree.rust().filter_map(|(path, text)| Some((path.strip_prefix(root).ok()?, text))) {
        let file = syn::parse_file(text).with_context(|| format!("{root}/{} is not Rust", path.display()))?;
        files.push((path, file));
    }
    let macros: BTreeMap<_, _> = files
        .iter()
        .filter_map(|(path, file)| Some((room_of(path)?, file)))
        .flat_map(|(room, file)| paths::exported_macros(file).map(move |name| (name, room.clone())))
        .collect();
    let rooms: BTreeSet<String> = files.iter().filter_map(|(path, _)| room_of(path)).collect();
    let mut findings = table.compare(&lib, &rooms);
    let picture = tree.text(PICTURE).map(|text| drawn(text, root));
    findings.extend(picture.filter(|text| Table::read_picture(text) != table).map(|_| Finding {
        place: PICTURE.into(),
        what: format!("the picture of the floors is not what {lib} says"),
        why: "a newcomer who was told wrong once does not believe the next page",
        cure: "draw the picture after the table: the same rooms on the same floors".into(),
    }));
    let mut used = BTreeSet::new();
    let mut circles = circles::Graph::of(files.iter().map(|(path, _)| modules_of(path)));
    for (path, file) in &files {
        let Some(from) = room_of(path) else { continue };
        let module = modules_of(path);
        for mention in paths::mentions(&module, file, &macros) {
            circles.add(&module, &mention.path);
            let to = mention.room();
            if to == from || !rooms.contains(to) || table.allows(&from, to) {
                continue;
            }
            let edge = known.iter().find(|(one, other)| (*one, *other) == (from.as_str(), to));
            match edge {
                Some(edge) => _ = used.insert(*edge),
                None => findings.push(table.finding(root, path, &from, &mention)),
            }
        }
    }
    findings.extend(circles.findings(root, known_circles));
    findings.extend(known.iter().filter(|edge| !used.contains(*edge)).map(|(from, to)| Finding {
        place: "xtask/src/tidy/floors.rs".into(),
        what: format!("`{from}` does not import `{to}` any more, but is still excused"),
        why: WHY,
        cure: "take the edge out of KNOWN".into(),
    }));
    Ok(findings)
}

/// The part of a page under the heading `The floors of the CRATE`, up to the next heading.
fn drawn<'t>(page: &'t str, root: &str) -> &'t str {
    let name = root.split('/').next().unwrap_or(root);
    let begins = format!("## The floors of the {name}\n");
    let part = page.split_once(&begins).map_or("", |(_, part)| part);
    part.split_once("\n## ").map_or(part, |(part, _)| part)
}

/// The room of a file of the crate, from its path below `src`: `None` for the root itself.
fn room_of(path: &Path) -> Option<String> {
    modules_of(path).into_iter().next()
}

/// The module that a file is.
fn modules_of(path: &Path) -> Vec<String> {
    let mut modules: Vec<_> =
        path.with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect();
    modules.pop_if(|last| ["mod", "lib", "main"].contains(&last.as_str()));
    modules
}

/// The floors: rows `| 3 | [`lock`], [`time`] | what |` of the crate's documentation.
#[derive(PartialEq, Eq)]
struct Table(BTreeMap<String, u32>);

impl Table {
    fn read(text: &str) -> Self {
        let mut floors = BTreeMap::new();
        for line in text.lines().map_while(|line| line.strip_prefix("//!")) {
            let mut cells = line.trim().trim_matches('|').split('|').map(str::trim);
            let Some(floor) = cells.next().and_then(|cell| cell.parse().ok()) else { continue };
            let rooms = cells.next().unwrap_or_default().split(',');
            floors.extend(rooms.map(|room| (room.trim_matches([' ', '[', ']', '`']).to_owned(), floor)));
        }
        Self(floors)
    }

    /// The same from a picture: lines `3 | lock time | what`, and those that go on with the same floor, whose
    /// number is blank.
    fn read_picture(text: &str) -> Self {
        let mut floors = BTreeMap::new();
        let mut floor = None;
        for line in text.lines() {
            let Some((number, rest)) = line.split_once('|').filter(|_| !line.starts_with('|')) else {
                floor = None;
                continue;
            };
            floor = if number.trim().is_empty() { floor } else { number.trim().parse().ok() };
            let rooms = rest.split('|').next().unwrap_or_default().split_whitespace();
            floors.extend(rooms.filter_map(|room| Some((room.to_owned(), floor?))));
        }
        Self(floors)
    }

    /// Whether `from` may import `to`, another room.
    fn allows(&self, from: &str, to: &str) -> bool {
        match (self.0.get(from), self.0.get(to)) {
            (Some(from), Some(to)) => to < from,
            // A room without a floor is a finding of its own.
            _ => true,
        }
    }

    /// Rooms without a floor, and the other way round.
    fn compare(&self, lib: &str, rooms: &BTreeSet<String>) -> Vec<Finding> {
        let finding = |what, cure: &str| Finding { place: lib.into(), what, why: WHY, cure: cure.into() };
        let without = rooms.iter().filter(|room| !self.0.contains_key(*room)).map(|room| {
            let cure = "give it one in the table of floors at the top of the file: above all that it imports";
            finding(format!("the room `{room}` has no floor"), cure)
        });
        let gone = self.0.keys().filter(|room| !rooms.contains(*room)).map(|room| {
            finding(
                format!("the table of floors names `{room}`, which is no room"),
                "take it out of the table",
            )
        });
        without.chain(gone).collect()
    }

    fn finding(&self, root: &str, path: &Path, from: &str, mention: &paths::Mention) -> Finding {
        let to = mention.room();
        Finding {
            place: format!("{root}/{}:{}", path.display(), mention.line),
            what: format!(
                "`{from}` (floor {}) imports `{}` (floor {})",
                self.0[from],
                mention.path.join("::"),
                self.0[to]
            ),
            why: WHY,
            cure: format!(
                "move what `{from}` needs below it, or let it declare an interface (a trait, a function that is linked in) \
                 which `{to}` fills; the floors are in {root}/lib.rs"
            ),
        }
    }
}

#[cfg(test)]
mod tests;
