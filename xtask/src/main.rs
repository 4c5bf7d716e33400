//! cargo xtask <verb>: orchestrates everything.

fn main() {}
