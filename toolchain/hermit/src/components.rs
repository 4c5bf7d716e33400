//! `hermit --version`: what the tree is made of, and what it drives.

use std::fmt::Write;

use sysroot::Prefix;

use crate::tool::first_line;

/// Compilers that we drive, by our names for them.
pub const COMPILERS: &[&str] =
    &["gcc", "g++", "gfortran", "clang", "clang++", "flang", "icc", "icpc", "icx", "icpx", "ifort", "ifx"];

/// The version of every component, one in a line; the first line is that of the distribution.
pub fn list(prefix: &Prefix) -> String {
    let mut text = format!("hermit {}\n", env!("CARGO_PKG_VERSION"));
    let mut add = |name: &str, version: String| {
        let _ = writeln!(text, "  {name:<12}{version}");
    };
    add("prefix", prefix.root().display().to_string());
    add("image ABI", abi::elf::ABI_VERSION.to_string());
    add("proxy", or_missing(first_line(prefix.proxy(), &["--version"])));
    add("newlib", or_missing(newlib(prefix)));
    add("runtime", format!("of gcc {}", sysroot::GCC_MAJOR));
    add("ld", or_missing(first_line(prefix.tool("ld"), &["--version"])));
    for compiler in COMPILERS {
        if let Some(version) = first_line(prefix.tool(compiler), &["--version"]) {
            add(compiler, version);
        }
    }
    text
}

fn or_missing(version: Option<String>) -> String {
    version.unwrap_or_else(|| "not there".into())
}

fn newlib(prefix: &Prefix) -> Option<String> {
    let header = std::fs::read_to_string(prefix.include().join("_newlib_version.h")).ok()?;
    let line = header.lines().find(|line| line.contains("define _NEWLIB_VERSION \""))?;
    Some(line.split('"').nth(1)?.to_owned())
}
