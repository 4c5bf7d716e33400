//! The one place that knows install paths.
