//! `bindings HEADER PREFIX [CLANG ARGUMENT]...`: the functions of a C header whose names begin with PREFIX, as Rust.
//!
//! A program of its own, so that bindgen is compiled only for the rule of `cargo xtask tidy` that reads this. libclang is
//! found in `LIBCLANG_PATH` or where the system has it.
#![forbid(unsafe_code)]

use anyhow::{Context as _, Result};

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let usage = "usage: bindings HEADER PREFIX [CLANG ARGUMENT]...";
    let (header, prefix) = (arguments.next().context(usage)?, arguments.next().context(usage)?);
    let bindings = bindgen::Builder::default()
        .header(header)
        .clang_args(arguments)
        .allowlist_function(format!("{prefix}.*"))
        .layout_tests(false)
        .generate()?;
    bindings.write(Box::new(std::io::stdout()))?;
    Ok(())
}
