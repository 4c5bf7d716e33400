//! [`Personality`]: which tool a name means.

use crate::front_end::FrontEnd;

/// What the driver is when it is called by some name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Personality {
    /// A compiler.
    FrontEnd(FrontEnd),
    /// `as`: the output is marked.
    Assembler,
    /// `ld`: inputs are checked, the output is marked.
    Linker,
    /// `objcopy`: an object made from something that is none is marked.
    Objcopy,
    /// `elfedit`, our own.
    Elfedit,
    /// A tool of the host's binutils that works on our files as it is.
    Binutils(&'static str),
    /// The host's gdb, told of HermitCore.
    Debugger,
    /// A tool that belongs to the host's gcc: it adds gcc's linker plugin, for link-time optimisation.
    OfGcc(&'static str),
}

impl Personality {
    /// The personality for a tool's name (without `x86_64-hermit-`).
    pub fn of(tool: &str) -> Option<Self> {
        Some(match tool {
            "gcc" | "cc" => Self::FrontEnd(FrontEnd::Gcc),
            "cpp" => Self::FrontEnd(FrontEnd::Cpp),
            "g++" | "c++" => Self::FrontEnd(FrontEnd::Gxx),
            "gfortran" => Self::FrontEnd(FrontEnd::Gfortran),
            "as" => Self::Assembler,
            "ld" | "ld.bfd" => Self::Linker,
            "objcopy" => Self::Objcopy,
            "elfedit" => Self::Elfedit,
            "gdb" => Self::Debugger,
            "addr2line" => Self::Binutils("addr2line"),
            "ar" => Self::Binutils("ar"),
            "c++filt" => Self::Binutils("c++filt"),
            "nm" => Self::Binutils("nm"),
            "objdump" => Self::Binutils("objdump"),
            "ranlib" => Self::Binutils("ranlib"),
            "readelf" => Self::Binutils("readelf"),
            "size" => Self::Binutils("size"),
            "strings" => Self::Binutils("strings"),
            "strip" => Self::Binutils("strip"),
            "gcc-ar" => Self::OfGcc("gcc-ar"),
            "gcc-nm" => Self::OfGcc("gcc-nm"),
            "gcc-ranlib" => Self::OfGcc("gcc-ranlib"),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Personality;

    #[test]
    fn every_installed_link_is_a_tool() {
        for link in sysroot::links::LINKS {
            assert!(Personality::of(link.name).is_some(), "{}", link.name);
        }
        assert_eq!(Personality::of("driver"), None);
    }
}
