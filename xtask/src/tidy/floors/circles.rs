//! Files of a room that import each other in a circle.

use std::collections::BTreeMap;

use super::{MAX_CIRCLE, WHY};
use crate::tidy::finding::Finding;

/// Which module names which.
pub struct Graph {
    modules: BTreeMap<Vec<String>, Vec<Vec<String>>>,
}

impl Graph {
    /// Of modules that name nothing yet. The root is none of them.
    pub fn of(modules: impl Iterator<Item = Vec<String>>) -> Self {
        Self {
            modules: modules.filter(|module| !module.is_empty()).map(|module| (module, Vec::new())).collect(),
        }
    }

    /// Adds that `from` names `path`: the module that is the longest beginning of it.
    pub fn add(&mut self, from: &[String], path: &[String]) {
        let to = (1..=path.len()).rev().map(|len| &path[..len]).find(|part| self.modules.contains_key(*part));
        if let Some(to) = to.filter(|to| *to != from).map(<[String]>::to_vec)
            && let Some(named) = self.modules.get_mut(from)
        {
            named.push(to);
        }
    }

    /// All modules that `from` leads to.
    fn reachable<'g>(&'g self, from: &'g [String]) -> Vec<&'g [String]> {
        let mut found: Vec<&[String]> = vec![from];
        let mut next = 0;
        while let Some(module) = found.get(next) {
            for to in &self.modules[*module] {
                if !found.contains(&to.as_slice()) {
                    found.push(to);
                }
            }
            next += 1;
        }
        found
    }

    /// The circles: modules of which each leads to all others.
    fn circles(&self) -> Vec<Vec<&[String]>> {
        let reachable: BTreeMap<&[String], _> =
            self.modules.keys().map(|module| (module.as_slice(), self.reachable(module))).collect();
        let mut circles: Vec<Vec<_>> = reachable
            .iter()
            .map(|(module, to)| {
                to.iter().copied().filter(|other| reachable[other].contains(module)).collect()
            })
            .collect();
        circles.iter_mut().for_each(|circle| circle.sort());
        circles.sort();
        circles.dedup();
        circles
    }

    /// Circles that are too large, but those of the rooms `known`.
    pub fn findings(&self, root: &str, known: &[&str]) -> Vec<Finding> {
        let large: Vec<_> = self.circles().into_iter().filter(|circle| circle.len() > MAX_CIRCLE).collect();
        let is_of = |circle: &[&[String]], room: &str| circle[0][0] == room;
        let new = large.iter().filter(|circle| !known.iter().any(|room| is_of(circle, room)));
        let found = new.map(|circle| {
            let names: Vec<_> = circle.iter().map(|module| module.join("/")).collect();
            Finding {
                place: format!("{root}/{}", circle[0][0]),
                what: format!(
                    "{} files import each other in a circle, at most {MAX_CIRCLE} may: {}",
                    circle.len(),
                    names.join(", ")
                ),
                why: WHY,
                cure: "move what two of them need into a file of its own, which imports neither".into(),
            }
        });
        let gone =
            known.iter().filter(|room| !large.iter().any(|circle| is_of(circle, room))).map(|room| Finding {
                place: "xtask/src/tidy/floors.rs".into(),
                what: format!("no circle of `{room}` is too large any more, but one is still excused"),
                why: WHY,
                cure: "take the room out of KNOWN_CIRCLES".into(),
            });
        found.chain(gone).collect()
    }
}
