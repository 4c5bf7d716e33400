//! Which of gcc's tests are run, at which levels, with what their `.exp` files add: [`SUITES`].

use super::directives::Unsaid;

/// The end of a case's name, and flags.
pub type Level = (&'static str, &'static [&'static str]);

/// Tests that are counted together.
#[derive(Debug)]
pub struct Suite {
    /// Also the name of the list of its differences, below `tests/gcc`.
    pub name: &'static str,
    /// What gcc calls it.
    pub title: &'static str,
    /// Its language.
    pub language: Language,
    /// What compiles it; the one for the isles has `x86_64-hermit-` before it.
    pub compiler: &'static str,
    /// The runtime library, in the folder of the compiler's own: without it the suite is left out.
    pub runtime: Option<&'static str>,
    /// Where it is in gcc's source.
    pub root: &'static str,
    /// How names of tests end.
    pub endings: &'static [&'static str],
    /// Which folders below the root.
    pub groups: &'static [Group],
    /// What a test without `dg-do` is for.
    pub unsaid: Unsaid,
    /// What its tests are built with.
    pub support: Support,
    /// On how many vCPUs each test runs and must pass; none: once, on as many as there are.
    pub cpus: &'static [u32],
    /// Of a thousand tests that pass natively, as many must pass in the isle.
    pub bar_per_mille: usize,
}

/// What a test is linked with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Support {
    /// The standard libraries.
    None,
    /// `libtestc++.a`, as `libstdc++.exp` builds it.
    Libstdcxx,
    /// gcc's own headers of libgomp, for those that call its functions by themselves.
    Libgomp,
}

/// What a test is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// C.
    C,
    /// C++.
    Cxx,
    /// Fortran.
    Fortran,
}

impl Language {
    /// For people.
    pub const fn title(self) -> &'static str {
        match self {
            Self::C => "C",
            Self::Cxx => "C++",
            Self::Fortran => "Fortran",
        }
    }
}

/// A folder of tests.
#[derive(Debug)]
pub struct Group {
    /// Below the suite's root.
    pub folder: &'static str,
    /// How deep.
    pub depth: Depth,
    /// At which levels.
    pub levels: &'static [Level],
    /// What the `.exp` file adds if a test has no `dg-options`.
    pub defaults: &'static [&'static str],
}

/// Which files of a folder are tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Those in it.
    Flat,
    /// Those in folders below as well.
    Tree,
}

const fn flat(folder: &'static str, levels: &'static [Level], defaults: &'static [&'static str]) -> Group {
    Group { folder, depth: Depth::Flat, levels, defaults }
}

const fn tree(folder: &'static str) -> Group {
    Group { folder, depth: Depth::Tree, levels: O0, defaults: &[] }
}

/// As libgomp's `.exp` files have it: `-fopenmp` always, -O2 unless the test has options.
const fn openmp(folder: &'static str) -> Group {
    Group { folder, depth: Depth::Tree, levels: &[("O2", &["-fopenmp"])], defaults: &["-O2"] }
}

const C_LEVELS: &[Level] = &[("O0", &["-O0"]), ("O2", &["-O2"]), ("lto", &["-O2", "-flto"])];
const CXX_LEVELS: &[Level] = &[("O0", &["-O0"]), ("O2", &["-O2"])];
/// As gcc 12 has it: clang takes what C was before 1999 for errors.
const OLD_C: [&str; 4] = [
    "-Wno-error=implicit-function-declaration",
    "-Wno-error=implicit-int",
    "-Wno-error=int-conversion",
    "-Wno-error=incompatible-function-pointer-types",
];
const CLANG_LEVELS: &[Level] = &[
    ("O0", &["-O0", OLD_C[0], OLD_C[1], OLD_C[2], OLD_C[3]]),
    ("O2", &["-O2", OLD_C[0], OLD_C[1], OLD_C[2], OLD_C[3]]),
    ("lto", &["-O2", "-flto", OLD_C[0], OLD_C[1], OLD_C[2], OLD_C[3]]),
];
const O0: &[Level] = &[("O0", &["-O0"])];
const O2: &[Level] = &[("O2", &["-O2"])];
const COARRAY: &[Level] =
    &[("single", &["-O2", "-fcoarray=single"]), ("lib", &["-O2", "-fcoarray=lib", "-lcaf_single"])];

const FORTRAN: &[&str] = &["f", "F", "f90", "F90", "f95", "F95", "f03", "F03", "f08", "F08"];
const IEEE: &[&str] =
    &["-pedantic-errors", "-fno-unsafe-math-optimizations", "-frounding-math", "-fsignaling-nans"];

/// All of them. gfortran's tests and libstdc++'s run without optimisation, unless they ask for it: they are tests of
/// libraries.
pub static SUITES: &[Suite] = &[
    C_TORTURE,
    Suite {
        name: "c-torture-clang",
        title: "gcc.c-torture/execute, by clang",
        compiler: "clang",
        groups: &[flat("", CLANG_LEVELS, &[]), flat("ieee", CLANG_LEVELS, &["-fno-inline"])],
        ..C_TORTURE
    },
    CXX_TORTURE,
    Suite {
        name: "g++-torture-clang",
        title: "g++.dg/torture, by clang",
        compiler: "clang++",
        // It has no -mpreferred-stack-boundary.
        groups: &[flat("", CXX_LEVELS, &[]), flat("stackalign", CXX_LEVELS, &["-mstackrealign"])],
        ..CXX_TORTURE
    },
    Suite {
        name: "gfortran.dg",
        title: "gfortran.dg",
        language: Language::Fortran,
        compiler: "gfortran",
        runtime: Some("libgfortran.a"),
        root: "gcc/testsuite/gfortran.dg",
        endings: FORTRAN,
        groups: &[
            flat("", O0, &["-pedantic-errors"]),
            flat("g77", O0, &["-pedantic-errors"]),
            flat("c-interop", O0, &[]),
            flat("ieee", O0, IEEE),
            flat("coarray", COARRAY, &[]),
        ],
        unsaid: Unsaid::Compile,
        support: Support::None,
        cpus: &[],
        bar_per_mille: 980,
    },
    Suite {
        name: "fortran-torture",
        title: "gfortran.fortran-torture/execute",
        language: Language::Fortran,
        compiler: "gfortran",
        runtime: Some("libgfortran.a"),
        root: "gcc/testsuite/gfortran.fortran-torture/execute",
        endings: FORTRAN,
        groups: &[flat("", O2, &[])],
        unsaid: Unsaid::Run,
        support: Support::None,
        cpus: &[],
        bar_per_mille: 980,
    },
    Suite {
        name: "libstdc++",
        title: "libstdc++-v3/testsuite",
        language: Language::Cxx,
        compiler: "g++",
        runtime: Some("libstdc++.a"),
        root: "libstdc++-v3/testsuite",
        endings: &["cc"],
        groups: &[
            tree("20_util"),
            tree("21_strings"),
            tree("23_containers"),
            tree("25_algorithms"),
            tree("26_numerics"),
            tree("27_io"),
            tree("30_threads"),
        ],
        unsaid: Unsaid::Run,
        support: Support::Libstdcxx,
        cpus: &[],
        bar_per_mille: 970,
    },
    Suite {
        name: "libgomp-c",
        title: "libgomp.c, libgomp.c-c++-common",
        language: Language::C,
        compiler: "gcc",
        endings: &["c"],
        groups: &[openmp("libgomp.c"), openmp("libgomp.c-c++-common")],
        ..LIBGOMP
    },
    Suite {
        name: "libgomp-c++",
        title: "libgomp.c++, libgomp.c-c++-common",
        language: Language::Cxx,
        compiler: "g++",
        endings: &["C", "c"],
        groups: &[openmp("libgomp.c++"), openmp("libgomp.c-c++-common")],
        ..LIBGOMP
    },
    Suite {
        name: "libgomp-fortran",
        title: "libgomp.fortran",
        language: Language::Fortran,
        compiler: "gfortran",
        endings: FORTRAN,
        groups: &[openmp("libgomp.fortran")],
        ..LIBGOMP
    },
];

const C_TORTURE: Suite = Suite {
    name: "c-torture",
    title: "gcc.c-torture/execute",
    language: Language::C,
    compiler: "gcc",
    runtime: None,
    root: "gcc/testsuite/gcc.c-torture/execute",
    endings: &["c"],
    groups: &[flat("", C_LEVELS, &[]), flat("ieee", C_LEVELS, &["-fno-inline"])],
    unsaid: Unsaid::Run,
    support: Support::None,
    cpus: &[],
    bar_per_mille: 995,
};

const CXX_TORTURE: Suite = Suite {
    name: "g++-torture",
    title: "g++.dg/torture",
    language: Language::Cxx,
    compiler: "g++",
    runtime: Some("libstdc++.a"),
    root: "gcc/testsuite/g++.dg/torture",
    endings: &["C"],
    groups: &[
        flat("", CXX_LEVELS, &[]),
        flat("stackalign", CXX_LEVELS, &["-mstackrealign", "-mpreferred-stack-boundary=5"]),
    ],
    unsaid: Unsaid::Compile,
    support: Support::None,
    cpus: &[],
    bar_per_mille: 980,
};

/// What libgomp's suites have in common. Their targets are the host itself: nothing is offloaded.
const LIBGOMP: Suite = Suite {
    name: "",
    title: "",
    language: Language::C,
    compiler: "",
    runtime: Some("../libomp.a"),
    root: "libgomp/testsuite",
    endings: &[],
    groups: &[],
    unsaid: Unsaid::Run,
    support: Support::Libgomp,
    cpus: &[1, 2, 4],
    bar_per_mille: 950,
};

/// The suite of this name.
pub fn named(name: &str) -> Option<&'static Suite> {
    SUITES.iter().find(|suite| suite.name == name)
}
