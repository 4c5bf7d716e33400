//! Programs x isles: the runner.

fn main() {}
