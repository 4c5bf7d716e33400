//! [`Prefix`]: the root of an installed tree and the paths inside it (ARCHITECTURE.md, "The installed tree").

use std::path::{Path, PathBuf};

use crate::TARGET;

/// The root of an installed tree: `/opt/hermit`, `target/sysroot`, or wherever a user unpacked it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prefix {
    root: PathBuf,
}

/// Why a tool cannot tell which tree it belongs to.
#[derive(Debug, thiserror::Error)]
pub enum PrefixError {
    /// `/proc/self/exe` cannot be read.
    #[error("cannot find out where this program is (/proc/self/exe): {0}\nnote: is /proc mounted?")]
    NoOwnPath(#[source] std::io::Error),
    /// The executable is neither `PREFIX/libexec/hermit/NAME` nor `PREFIX/bin/NAME`.
    #[error(
        "{0} is not part of an installed tree: expected PREFIX/libexec/hermit/NAME or PREFIX/bin/NAME\n\
         note: `cargo xtask sysroot` makes a tree in target/sysroot"
    )]
    NotInstalled(PathBuf),
}

impl Prefix {
    /// The tree with this root; the root should be absolute.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The tree that the running program was installed into, links followed.
    pub fn of_running_tool() -> Result<Self, PrefixError> {
        Self::of_tool(&std::env::current_exe().map_err(PrefixError::NoOwnPath)?)
    }

    /// The tree that holds the executable `tool` (an absolute path without links in it).
    pub fn of_tool(tool: &Path) -> Result<Self, PrefixError> {
        let folder = tool.parent();
        let root = match folder {
            Some(folder) if folder.ends_with("libexec/hermit") => folder.ancestors().nth(2),
            Some(folder) if folder.ends_with("bin") => folder.parent(),
            _ => None,
        };
        root.map(Self::new).ok_or_else(|| PrefixError::NotInstalled(tool.to_owned()))
    }

    /// The root itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Programs for users.
    pub fn bin(&self) -> PathBuf {
        self.root.join("bin")
    }

    /// The link for one tool: `bin/x86_64-hermit-NAME`.
    pub fn tool(&self, name: &str) -> PathBuf {
        self.bin().join(format!("{TARGET}-{name}"))
    }

    /// The program that runs images.
    pub fn proxy(&self) -> PathBuf {
        self.bin().join("proxy")
    }

    /// The proxy under the name by which binfmt_misc calls it with flag P (`abi::start`): a link.
    pub fn binfmt_interpreter(&self) -> PathBuf {
        self.root.join("libexec/hermit/binfmt-interpreter")
    }

    /// The multi-call driver that every tool is a link to.
    pub fn driver(&self) -> PathBuf {
        self.root.join("libexec/hermit/driver")
    }

    /// Where gcc finds our `as` and `ld` (option `-B`).
    pub fn compiler_tools(&self) -> PathBuf {
        self.root.join("libexec/hermit/tools")
    }

    /// Everything that is for the target; what `-print-sysroot` says.
    pub fn target(&self) -> PathBuf {
        self.root.join(TARGET)
    }

    /// C headers.
    pub fn include(&self) -> PathBuf {
        self.target().join("include")
    }

    /// C++ headers, in the order in which they are searched; before those of C.
    pub fn cxx_includes(&self) -> [PathBuf; 3] {
        let root = self.include().join("c++").join(crate::GCC_MAJOR);
        [root.clone(), root.join(TARGET), root.join("backward")]
    }

    /// Which of the host's compilers to drive, for everyone who uses this tree; usually not there.
    pub fn compilers_conf(&self) -> PathBuf {
        self.root.join("etc/compilers.conf")
    }

    /// autoconf's `config.sub`, which knows us; `hermit-configure` installs it in source trees.
    pub fn config_sub(&self) -> PathBuf {
        self.root.join("share/hermit/config.sub")
    }

    /// `omp.h` and its kin; searched before the host compiler's own headers, which have an `omp.h` of libgomp.
    pub fn openmp_include(&self) -> PathBuf {
        self.include().join("openmp")
    }

    /// `crt0.o`, `libc.a`, `libhermit.a` and the other libraries.
    pub fn lib(&self) -> PathBuf {
        self.target().join("lib")
    }

    /// The host compiler's own runtime files, marked: see [`crate::gcc_runtime`].
    pub fn gcc_lib(&self) -> PathBuf {
        self.lib().join("gcc")
    }

    /// Modules that gfortran finds by itself, and files that it includes.
    pub fn fortran_modules(&self) -> PathBuf {
        self.gcc_lib().join("finclude")
    }

    /// The default linker script.
    pub fn linker_script(&self) -> PathBuf {
        self.lib().join("hermit.ld")
    }

    /// The specs file that turns the host's gcc into a cross compiler.
    pub fn specs(&self) -> PathBuf {
        self.lib().join("hermit.specs")
    }

    /// What gdb must know of us.
    pub fn gdb_script(&self) -> PathBuf {
        self.root.join("share/gdb/hermit.py")
    }

    /// CMake's toolchain files.
    pub fn cmake(&self) -> PathBuf {
        self.root.join("share/cmake")
    }

    /// Manual pages, with `man1` and so on inside.
    pub fn man(&self) -> PathBuf {
        self.root.join("share/man")
    }

    /// Package documentation.
    pub fn doc(&self) -> PathBuf {
        self.root.join("share/doc")
    }

    /// Licence texts of what is installed.
    pub fn licenses(&self) -> PathBuf {
        self.root.join("share/licenses")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_root_from_both_kinds_of_tool() {
        let root = Path::new("/opt/hermit");
        for tool in ["/opt/hermit/libexec/hermit/driver", "/opt/hermit/bin/proxy"] {
            assert_eq!(Prefix::of_tool(Path::new(tool)).unwrap().root(), root);
        }
    }

    #[test]
    fn refuses_a_tool_that_is_not_installed() {
        for tool in ["/work/target/debug/driver", "/driver", "/opt/hermit/libexec/driver"] {
            let error = Prefix::of_tool(Path::new(tool)).unwrap_err().to_string();
            assert!(error.contains(tool) && error.contains("cargo xtask sysroot"), "{error}");
        }
    }

    #[test]
    fn the_tree_is_that_of_the_architecture_page() {
        let prefix = Prefix::new("/p");
        for (path, wanted) in [
            (prefix.bin(), "bin"),
            (prefix.tool("gcc"), "bin/x86_64-hermit-gcc"),
            (prefix.proxy(), "bin/proxy"),
            (prefix.binfmt_interpreter(), "libexec/hermit/binfmt-interpreter"),
            (prefix.compilers_conf(), "etc/compilers.conf"),
            (prefix.driver(), "libexec/hermit/driver"),
            (prefix.compiler_tools(), "libexec/hermit/tools"),
            (prefix.cmake(), "share/cmake"),
            (prefix.doc(), "share/doc"),
            (prefix.gdb_script(), "share/gdb/hermit.py"),
            (prefix.config_sub(), "share/hermit/config.sub"),
            (prefix.licenses(), "share/licenses"),
            (prefix.man(), "share/man"),
            (prefix.target(), "x86_64-hermit"),
            (prefix.include(), "x86_64-hermit/include"),
            (prefix.openmp_include(), "x86_64-hermit/include/openmp"),
            (prefix.lib(), "x86_64-hermit/lib"),
            (prefix.linker_script(), "x86_64-hermit/lib/hermit.ld"),
            (prefix.specs(), "x86_64-hermit/lib/hermit.specs"),
            (prefix.gcc_lib(), "x86_64-hermit/lib/gcc"),
            (prefix.fortran_modules(), "x86_64-hermit/lib/gcc/finclude"),
        ] {
            assert_eq!(path, Path::new("/p").join(wanted));
        }
        let headers = ["", "/x86_64-hermit", "/backward"];
        let headers = headers.map(|more| Path::new("/p").join(format!("x86_64-hermit/include/c++/12{more}")));
        assert_eq!(prefix.cxx_includes(), headers);
    }
}
