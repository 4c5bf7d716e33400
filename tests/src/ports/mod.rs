//! Real programs that nobody here wrote, built by their own build systems and run on real input.
//!
//! A [`Recipe`] is data: where the sources are, how to build them, and which runs to compare with the native build of
//! the same sources. `xtask` unpacks the sources (its `steps/ports.rs` pins them). docs/testing.md shows how to add one.
//! Neighbours: [`recipe`] the types, [`commands`] what they mean for each target, [`build`] builds each recipe once for
//! each target, [`run`] is the case, [`volatile`] what is not compared.

mod build;
pub mod commands;
mod fftw;
mod gsl;
mod json;
mod jsoncpp;
mod lapack;
mod libevent;
mod libpng;
mod lua;
mod pcre2;
mod pigz;
pub mod recipe;
mod run;
mod sqlite3;
pub mod volatile;
mod zlib;

use std::sync::Arc;

use sysroot::Prefix;

use crate::case::Case;
use crate::compiler::Family;
use build::Port;
use recipe::{Recipe, Schedule};
use run::PortCase;

/// All of them.
const RECIPES: &[&Recipe] = &[
    &fftw::RECIPE,
    &gsl::RECIPE,
    &json::EVERYDAY,
    &json::RECIPE,
    &jsoncpp::RECIPE,
    &lapack::BLAS,
    &lapack::RECIPE,
    &libevent::RECIPE,
    &libpng::RECIPE,
    &lua::RECIPE,
    &pcre2::RECIPE,
    &pigz::RECIPE,
    &sqlite3::RECIPE,
    &zlib::RECIPE,
];

/// Every run of every recipe of these `schedules` whose languages the tree has; the images are made by `family`, or by
/// gcc.
pub fn find(prefix: &Prefix, family: Option<Family>, schedules: &[Schedule]) -> Vec<Box<dyn Case>> {
    let mut cases: Vec<Box<dyn Case>> = Vec::new();
    let is_due = |recipe: &&&Recipe| {
        schedules.contains(&recipe.schedule)
            && recipe.languages.iter().all(|language| language.is_there(prefix))
    };
    for recipe in RECIPES.iter().filter(is_due) {
        let port = Arc::new(Port::new(recipe, family.unwrap_or(Family::Gcc)));
        cases.extend(recipe.runs.iter().map(|run| Box::new(PortCase::new(Arc::clone(&port), run)) as _));
    }
    cases
}
