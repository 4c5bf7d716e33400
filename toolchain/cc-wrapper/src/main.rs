//! The multi-call driver behind x86_64-hermit-*.

fn main() {}
