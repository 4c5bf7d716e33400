//! The driver as its users meet it: a small tree is made on the fly, and its tools are called by their names.
#![allow(clippy::unwrap_used, reason = "a panic in a test is the failure that we want to see")]

mod arguments;
mod binutils;
mod compile;
mod environment;
mod foreign;
mod golden;
mod leaks;
mod link;
mod queries;
mod tree;
