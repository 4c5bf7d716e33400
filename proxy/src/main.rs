//! The Linux side of an isle: options, isles, hypercall server, sandbox.

fn main() {}
