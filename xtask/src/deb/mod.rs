//! Debian packages of the installed tree, and the apt repository that holds them.
//!
//! The data is in `packaging/deb/<package>/` (see `packaging/README.md`); [`contents`] says who owns which file,
//! [`fields`] fills in control and copyright files, [`build`] makes the packages, [`repository`] signs and indexes them,
//! and [`steps`] are the steps that do so.

pub mod build;
pub mod contents;
pub mod fields;
pub mod repository;
pub mod steps;

/// Where the packages install the tree.
pub const PREFIX: &str = "/opt/hermit";

/// The packages, each after those that it depends on.
pub const PACKAGES: [&str; 9] = [
    "binutils-hermit",
    "libhermit",
    "newlib-hermit",
    "pthread-embedded-hermit",
    "gcc-hermit",
    "gfortran-hermit",
    "go-hermit",
    "libomp-hermit",
    "hermit-toolchain",
];

/// File name of a package.
pub fn file_name(package: &str, version: &str) -> String {
    format!("{package}_{version}_amd64.deb")
}
