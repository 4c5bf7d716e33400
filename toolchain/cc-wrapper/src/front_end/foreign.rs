//! Compilers of other families: [`Foreign`], one row of a table each.
//!
//! They only compile, with our headers; their objects are marked here, and gcc's family links them ([`link`]), so that
//! an image is linked in the same way whoever compiled it. [`line`] understands the command line.

pub mod line;
mod link;

use std::ffi::OsString;
use std::path::Path;

use crate::command::{self, Command};
use crate::front_end::gcc::LEAKING_VARIABLES;
use crate::{Context, Error, marked, response};
use line::{CompileLine, Stage};

/// A compiler that is not of gcc's family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Foreign {
    /// LLVM's C.
    Clang,
    /// LLVM's C++.
    Clangxx,
    /// LLVM's Fortran.
    Flang,
    /// Intel's classic C.
    Icc,
    /// Intel's classic C++.
    Icpc,
    /// Intel's C on LLVM.
    Icx,
    /// Intel's C++ on LLVM.
    Icpx,
    /// Intel's classic Fortran.
    Ifort,
    /// Intel's Fortran on LLVM.
    Ifx,
}

/// How a compiler is told which headers to use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Dialect {
    /// As clang: its own headers stay when the system's go.
    Clang,
    /// As icc: its own headers go with the system's and have to be named.
    Classic,
    /// Fortran includes no system headers.
    Fortran,
}

/// What a program is written in: says which member of gcc's family links it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Language {
    C,
    Cxx,
    Fortran,
}

const INTEL: &str = "Intel's compilers come with oneAPI (https://www.intel.com/oneapi)";

impl Foreign {
    const ALL: [Self; 9] = [
        Self::Clang,
        Self::Clangxx,
        Self::Flang,
        Self::Icc,
        Self::Icpc,
        Self::Icx,
        Self::Icpx,
        Self::Ifort,
        Self::Ifx,
    ];

    /// The compiler with this name.
    pub fn of(tool: &str) -> Option<Self> {
        // LLVM called its Fortran flang-new while an older flang was about.
        let tool = if tool == "flang-new" { "flang" } else { tool };
        Self::ALL.into_iter().find(|foreign| foreign.row().0 == tool)
    }

    /// Name, dialect, language, where it comes from.
    const fn row(self) -> (&'static str, Dialect, Language, &'static str) {
        match self {
            Self::Clang => ("clang", Dialect::Clang, Language::C, "apt install clang"),
            Self::Clangxx => ("clang++", Dialect::Clang, Language::Cxx, "apt install clang"),
            Self::Flang => ("flang", Dialect::Fortran, Language::Fortran, "apt install flang-19"),
            Self::Icc => ("icc", Dialect::Classic, Language::C, INTEL),
            Self::Icpc => ("icpc", Dialect::Classic, Language::Cxx, INTEL),
            Self::Icx => ("icx", Dialect::Clang, Language::C, INTEL),
            Self::Icpx => ("icpx", Dialect::Clang, Language::Cxx, INTEL),
            Self::Ifort => ("ifort", Dialect::Fortran, Language::Fortran, INTEL),
            Self::Ifx => ("ifx", Dialect::Fortran, Language::Fortran, INTEL),
        }
    }

    /// What to say when its objects do not link, if a library of its own may be what is missing.
    fn missing_runtime(self) -> Option<&'static str> {
        Some(match self {
            Self::Clang | Self::Clangxx => return None,
            Self::Flang => {
                "flang's runtime library does not exist for HermitCore: flang compiles what needs none of it (no \
                 main program, no input or output); x86_64-hermit-gfortran compiles all of Fortran"
            }
            Self::Ifort | Self::Ifx => {
                "Intel's Fortran runtime library does not exist for HermitCore: what needs it (a main program, input \
                 and output) does not link; x86_64-hermit-gfortran compiles all of Fortran"
            }
            Self::Icc | Self::Icpc | Self::Icx | Self::Icpx => {
                "Intel's own libraries (libimf, libsvml, libirc) do not exist for HermitCore: -ffreestanding or \
                 -fno-builtin keeps the compiler from calling them"
            }
        })
    }

    /// The host's compiler with our headers and the user's arguments.
    pub fn emit(self, context: &Context, arguments: &[OsString]) -> Result<Command, Error> {
        let (name, _, _, cure) = self.row();
        let program = context.host.foreign(name, cure)?;
        let mut ours = self.flags(context, &program, arguments);
        // clang would warn that it makes no use of the first.
        let used = arguments.iter().filter(|argument| *argument != "-stdlib=libstdc++");
        ours.extend(used.map(|argument| self.translated(argument)));
        Ok(Command { program, argv0: None, arguments: ours, set: Vec::new(), remove: LEAKING_VARIABLES })
    }

    /// Intel's names of OpenMP's option, for compilers that have only the common one: clang would take `-openmp` for an
    /// output's name.
    fn translated(self, argument: &OsString) -> OsString {
        let intels: &[&str] = match self {
            Self::Clang | Self::Clangxx => &["-openmp", "-qopenmp", "-fiopenmp"],
            Self::Icx | Self::Icpx => &["-openmp"],
            Self::Flang | Self::Icc | Self::Icpc | Self::Ifort | Self::Ifx => &[],
        };
        if intels.iter().any(|name| argument == name) { "-fopenmp".into() } else { argument.clone() }
    }

    /// Headers and predefined macros. Those of the user come later and win, except that ours are searched last.
    fn flags(self, context: &Context, program: &Path, arguments: &[OsString]) -> Vec<OsString> {
        let prefix = &context.prefix;
        let (_, dialect, language, _) = self.row();
        // As gcc does, clang compiles C++ by whatever name it is called.
        let has_cxx =
            language == Language::Cxx || CompileLine::parse(&response::expand(arguments)).has_cxx_source();
        let absent = |option: &str| !arguments.iter().any(|argument| argument == option);
        let mut flags: Vec<OsString> = Vec::new();
        let mut add = |option: &str, value: &Path| flags.extend([option.into(), value.into()]);
        if dialect != Dialect::Fortran && absent("-nostdinc") {
            if has_cxx && absent("-nostdinc++") {
                let option = if dialect == Dialect::Clang { "-stdlib++-isystem" } else { "-isystem" };
                prefix.cxx_includes().iter().for_each(|folder| add(option, folder));
            }
            // Before the compiler's own headers, which may have an omp.h of another runtime.
            add("-isystem", &prefix.openmp_include());
            if let (Dialect::Classic, Some(own)) = (dialect, classic_headers(program)) {
                add("-isystem", &own);
            }
            add("-idirafter", &prefix.include());
            flags.push(if dialect == Dialect::Clang { "-nostdlibinc" } else { "-nostdinc" }.into());
        }
        if dialect == Dialect::Clang {
            flags.push("-fno-pie".into());
        }
        let macros = ["-U__linux__", "-U__linux", "-Ulinux", "-U__gnu_linux__", "-D__hermit__=1"];
        flags.extend(macros.map(OsString::from));
        flags
    }
}

/// The folder with icc's own headers (immintrin.h): `compiler/include` beside the folder that holds `bin`.
fn classic_headers(program: &Path) -> Option<std::path::PathBuf> {
    let program = program.canonicalize().ok()?;
    program.ancestors().map(|folder| folder.join("compiler/include")).find(|folder| folder.is_dir())
}

/// Compiles, and links if that was asked for.
pub fn run(
    foreign: Foreign,
    context: &Context,
    arguments: &[OsString],
    expanded: &[OsString],
) -> Result<u8, Error> {
    let line = CompileLine::parse(expanded);
    if expanded.iter().any(|argument| ["-m16", "-m32", "-mx32"].iter().any(|narrow| argument == narrow)) {
        return Err(Error::Narrow);
    }
    if line.stage == Stage::Image && expanded.iter().any(|argument| argument == "-shared") {
        return Err(Error::Shared);
    }
    if let Some(argument) =
        expanded.iter().find(|argument| needs_other_runtime(&argument.to_string_lossy(), line.stage))
    {
        return Err(Error::OtherRuntime(argument.to_string_lossy().into_owned()));
    }
    match line.stage {
        Stage::Text => foreign.emit(context, arguments)?.exec(),
        Stage::Object => compile(foreign.emit(context, arguments)?, &line),
        Stage::Image => link::run(foreign, context, &line),
    }
}

/// Whether an option asks for a library that is not gcc's: libc++, compiler-rt, libunwind, a sanitizer's.
fn needs_other_runtime(option: &str, stage: Stage) -> bool {
    let links = stage == Stage::Image;
    match option.trim_start_matches('-').split_once('=') {
        Some(("stdlib", library)) => library != "libstdc++",
        Some(("rtlib" | "unwindlib", library)) => links && !["libgcc", "platform", "none"].contains(&library),
        Some(("fsanitize", checks)) => {
            let needing = ["address", "hwaddress", "leak", "memory", "thread"];
            links && checks.split(',').any(|check| needing.contains(&check))
        }
        _ => false,
    }
}

/// Runs a compiler and marks the objects that it wrote.
fn compile(command: Command, line: &CompileLine) -> Result<u8, Error> {
    let status = command.run()?;
    if status.success() {
        line.objects().iter().try_for_each(|object| marked::mark(object))?;
    }
    Ok(command::pass_on(status))
}
