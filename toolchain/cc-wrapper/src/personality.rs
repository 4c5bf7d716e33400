//! [`Personality`]: which tool a name means.

use crate::front_end::FrontEnd;
use crate::front_end::foreign::Foreign;

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
    /// The user's go, told to make images.
    Go,
    /// What that calls as compiler and linker: our compiler of this name.
    GoCompiler(&'static str),
    /// By what that runs its own tools.
    GoTool,
    /// What cargo calls as the linker.
    RustLinker,
    /// A tool that belongs to the host's gcc: it adds gcc's linker plugin, for link-time optimisation.
    OfGcc(&'static str),
}

impl Personality {
    /// The personality for a tool's name (without `x86_64-hermit-`). Compilers and what belongs to gcc may have a
    /// version behind their name: see [`version`].
    pub fn of(tool: &str) -> Option<Self> {
        let plain = version(tool).map_or(tool, |version| &tool[..tool.len() - version.len() - 1]);
        let personality = Self::of_plain(plain)?;
        let versions = matches!(personality, Self::FrontEnd(_) | Self::OfGcc(_));
        (versions || plain == tool).then_some(personality)
    }

    fn of_plain(tool: &str) -> Option<Self> {
        if let Some(foreign) = Foreign::of(tool) {
            return Some(Self::FrontEnd(FrontEnd::Foreign(foreign)));
        }
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
            "go" => Self::Go,
            "go-cc" => Self::GoCompiler("gcc"),
            "go-c++" => Self::GoCompiler("g++"),
            "go-tool" => Self::GoTool,
            "rustc-link" => Self::RustLinker,
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

/// The version that a tool's name ends in: `12` of `gcc-12`.
pub fn version(tool: &str) -> Option<&str> {
    let (_, version) = tool.rsplit_once('-')?;
    (!version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit())).then_some(version)
}

#[cfg(test)]
mod tests {
    use super::Personality;

    #[test]
    fn compilers_have_versions_and_binutils_have_none() {
        assert_eq!(Personality::of("gcc-12"), Personality::of("gcc"));
        assert_eq!(Personality::of("gcc-ar-12"), Personality::of("gcc-ar"));
        assert_eq!(Personality::of("clang++-19"), Personality::of("clang++"));
        assert_eq!(Personality::of("ld-12"), None);
        assert_eq!(Personality::of("gcc-"), None);
    }

    #[test]
    fn every_installed_link_is_a_tool() {
        for link in sysroot::links::LINKS {
            assert!(Personality::of(link.name).is_some(), "{}", link.name);
        }
        assert_eq!(Personality::of("driver"), None);
    }
}
