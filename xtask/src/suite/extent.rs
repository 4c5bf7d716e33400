//! How much of a suite runs, and how strict it is.

/// How much of a suite runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// What belongs to every `cargo xtask test`.
    Everyday,
    /// All of it: the suite was asked for.
    Whole,
}

/// Whether this is a machine on which nothing that can be built or installed may be missing: a skip for want of it is a failure.
pub fn is_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| value == "true")
}
