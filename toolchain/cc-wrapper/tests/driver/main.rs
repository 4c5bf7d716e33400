//! The driver as its users meet it: a small tree is made on the fly, and its tools are called by their names.

mod binutils;
mod compile;
mod environment;
mod golden;
mod link;
mod queries;
mod tree;
