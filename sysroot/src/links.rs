//! Which names are installed as links to the driver, and which package owns each: [`LINKS`].
//!
//! The driver looks at the name it was called by; a name that is not here is not a tool. Neighbour: cc-wrapper's
//! `personality`, whose test checks that it knows every name.

use std::path::PathBuf;

use crate::{Prefix, TARGET};

/// A Debian package that owns links.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Package {
    /// Assembler, linker and object tools, the driver itself, elfedit.
    BinutilsHermit,
    /// C and C++ compilers, and the debugger.
    GccHermit,
    /// Fortran compiler.
    GfortranHermit,
    /// What drives the user's Go.
    GoHermit,
}

/// The folder a link lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Folder {
    /// `bin/x86_64-hermit-NAME`.
    Bin,
    /// `libexec/hermit/tools/NAME`, for gcc's `-B`.
    CompilerTools,
}

/// One link to the driver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Link {
    /// Name without the `x86_64-hermit-` that links in [`Folder::Bin`] carry.
    pub name: &'static str,
    /// Where it lies.
    pub folder: Folder,
    /// Who owns it.
    pub package: Package,
}

impl Package {
    /// The package's name as apt knows it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::BinutilsHermit => "binutils-hermit",
            Self::GccHermit => "gcc-hermit",
            Self::GfortranHermit => "gfortran-hermit",
            Self::GoHermit => "go-hermit",
        }
    }
}

impl Link {
    /// Absolute path of the link in a tree.
    pub fn path(&self, prefix: &Prefix) -> PathBuf {
        match self.folder {
            Folder::Bin => prefix.tool(self.name),
            Folder::CompilerTools => prefix.compiler_tools().join(self.name),
        }
    }

    /// What the link contains: a path to the driver, relative to the link's folder.
    pub const fn target(&self) -> &'static str {
        match self.folder {
            Folder::Bin => "../libexec/hermit/driver",
            Folder::CompilerTools => "../driver",
        }
    }
}

const fn binutils(name: &'static str) -> Link {
    Link { name, folder: Folder::Bin, package: Package::BinutilsHermit }
}

const fn gcc(name: &'static str) -> Link {
    Link { name, folder: Folder::Bin, package: Package::GccHermit }
}

const fn gfortran(name: &'static str) -> Link {
    Link { name, folder: Folder::Bin, package: Package::GfortranHermit }
}

const fn go(name: &'static str) -> Link {
    Link { name, folder: Folder::Bin, package: Package::GoHermit }
}

const fn for_gcc(name: &'static str) -> Link {
    Link { name, folder: Folder::CompilerTools, package: Package::BinutilsHermit }
}

/// Every link to the driver.
pub const LINKS: &[Link] = &[
    binutils("addr2line"),
    binutils("ar"),
    binutils("as"),
    binutils("c++filt"),
    binutils("elfedit"),
    binutils("ld"),
    binutils("ld.bfd"),
    binutils("nm"),
    binutils("objcopy"),
    binutils("objdump"),
    binutils("ranlib"),
    binutils("readelf"),
    binutils("size"),
    binutils("strings"),
    binutils("strip"),
    gcc("c++"),
    gcc("cc"),
    gcc("clang"),
    gcc("clang++"),
    gcc("clang++-14"),
    gcc("clang++-15"),
    gcc("clang++-16"),
    gcc("clang++-19"),
    gcc("clang-14"),
    gcc("clang-15"),
    gcc("clang-16"),
    gcc("clang-19"),
    gcc("cpp"),
    gcc("cpp-12"),
    gcc("flang"),
    gcc("flang-19"),
    gcc("flang-new"),
    gcc("g++"),
    gcc("g++-12"),
    gcc("gcc"),
    gcc("gcc-12"),
    gcc("gcc-ar"),
    gcc("gcc-ar-12"),
    gcc("gcc-nm"),
    gcc("gcc-nm-12"),
    gcc("gcc-ranlib"),
    gcc("gcc-ranlib-12"),
    gcc("gdb"),
    gcc("icc"),
    gcc("icpc"),
    gcc("icpx"),
    gcc("icx"),
    gcc("ifort"),
    gcc("ifx"),
    gcc("rustc-link"),
    gfortran("gfortran"),
    gfortran("gfortran-12"),
    go("go"),
    go("go-c++"),
    go("go-cc"),
    go("go-tool"),
    for_gcc("as"),
    for_gcc("ld"),
    // -fuse-ld=bfd makes gcc look for this name; without the link it would find the host's.
    for_gcc("ld.bfd"),
];

/// The links that one package owns.
pub fn of(package: Package) -> impl Iterator<Item = &'static Link> {
    LINKS.iter().filter(move |link| link.package == package)
}

/// The tool that a program name asks for: without folder and without `x86_64-hermit-`.
pub fn tool_name(program: &str) -> &str {
    let name = program.rsplit('/').next().unwrap_or(program);
    name.strip_prefix(TARGET).and_then(|rest| rest.strip_prefix('-')).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_point_to_the_driver() {
        let prefix = Prefix::new("/p");
        for link in LINKS {
            let mut reached = link.path(&prefix).parent().unwrap().to_owned();
            for part in link.target().split('/') {
                if part == ".." { assert!(reached.pop()) } else { reached.push(part) }
            }
            assert_eq!(reached, prefix.driver(), "{link:?}");
        }
    }

    #[test]
    fn every_link_belongs_to_one_package() {
        let packages =
            [Package::BinutilsHermit, Package::GccHermit, Package::GfortranHermit, Package::GoHermit];
        assert_eq!(
            packages.map(Package::name),
            ["binutils-hermit", "gcc-hermit", "gfortran-hermit", "go-hermit"]
        );
        let of_each = packages.map(|package| of(package).map(|link| link.name).collect::<Vec<_>>());
        for (names, (one, other)) in
            of_each.iter().zip([("ar", "gcc"), ("gcc", "ar"), ("gfortran", "gcc"), ("go-cc", "gcc")])
        {
            assert!(names.contains(&one) && !names.contains(&other), "{names:?}");
        }
        assert_eq!(of_each.iter().map(Vec::len).sum::<usize>(), LINKS.len());
    }

    #[test]
    fn no_link_is_listed_twice() {
        let unique: std::collections::HashSet<_> =
            LINKS.iter().map(|link| (link.name, link.folder)).collect();
        assert_eq!(unique.len(), LINKS.len());
    }

    #[test]
    fn names_lose_folder_and_target() {
        assert_eq!(tool_name("/opt/hermit/bin/x86_64-hermit-gcc-ar"), "gcc-ar");
        assert_eq!(tool_name("../tools/ld"), "ld");
        assert_eq!(tool_name("x86_64-hermitgcc"), "x86_64-hermitgcc");
    }
}
