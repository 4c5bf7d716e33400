//! End-to-end tests: programs x isles.
//!
//! A *case* ([`case::Case`]) is one row of the report and runs in several isles. What belongs together is a suite: small
//! programs that carry their expectations ([`program`], [`directives`]), real programs of other people built by their
//! own build systems ([`ports`]), bad input to our tools ([`cli`]); and, each on its own, conformance tests of others
//! ([`posix`], [`gcc`], [`libomp`]). [`schedule`] runs the cases, [`launch`] each
//! command, [`verdict`] and [`report`] say how it was. The binary `hermit-tests` is the command line around
//! this; `cargo xtask test` calls it. docs/testing.md tells how to write a test.
#![forbid(unsafe_code)]

pub mod background;
pub mod bed;
pub mod case;
pub mod cli;
pub mod compiler;
pub mod directives;
pub mod flaky;
pub mod foreign;
pub mod gcc;
pub mod isle;
pub mod lab;
pub mod lack;
pub mod launch;
mod leftovers;
pub mod libomp;
pub mod limited;
pub mod load;
pub mod ports;
pub mod posix;
pub mod program;
pub mod report;
pub mod schedule;
pub mod standing;
mod text;
pub mod verdict;
