//! What a rule says: [`Finding`] and [`Outcome`].

/// Something that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// `file` or `file:line`, as the user would open it.
    pub place: String,
    /// What is there, and what the rule wants.
    pub what: String,
    /// Why the rule exists.
    pub why: &'static str,
    /// What to do.
    pub cure: String,
}

/// What a rule found.
#[derive(Debug)]
pub enum Outcome {
    /// It looked; no findings is good.
    Looked(Vec<Finding>),
    /// It could not look.
    Skipped(String),
}
