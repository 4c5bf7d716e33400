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
    /// Its language, for people.
    pub language: &'static str,
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
    /// Whether it is built as libstdc++'s tests are, on a small library of theirs.
    pub support: Support,
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

const C_LEVELS: &[Level] = &[("O0", &["-O0"]), ("O2", &["-O2"]), ("lto", &["-O2", "-flto"])];
const CXX_LEVELS: &[Level] = &[("O0", &["-O0"]), ("O2", &["-O2"])];
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
    Suite {
        name: "c-torture",
        title: "gcc.c-torture/execute",
        language: "C",
        compiler: "gcc",
        runtime: None,
        root: "gcc/testsuite/gcc.c-torture/execute",
        endings: &["c"],
        groups: &[flat("", C_LEVELS, &[]), flat("ieee", C_LEVELS, &["-fno-inline"])],
        unsaid: Unsaid::Run,
        support: Support::None,
        bar_per_mille: 995,
    },
    Suite {
        name: "g++-torture",
        title: "g++.dg/torture",
        language: "C++",
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
        bar_per_mille: 980,
    },
    Suite {
        name: "gfortran.dg",
        title: "gfortran.dg",
        language: "Fortran",
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
        bar_per_mille: 980,
    },
    Suite {
        name: "fortran-torture",
        title: "gfortran.fortran-torture/execute",
        language: "Fortran",
        compiler: "gfortran",
        runtime: Some("libgfortran.a"),
        root: "gcc/testsuite/gfortran.fortran-torture/execute",
        endings: FORTRAN,
        groups: &[flat("", O2, &[])],
        unsaid: Unsaid::Run,
        support: Support::None,
        bar_per_mille: 980,
    },
    Suite {
        name: "libstdc++",
        title: "libstdc++-v3/testsuite",
        language: "C++",
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
        bar_per_mille: 970,
    },
];

/// The suite of this name.
pub fn named(name: &str) -> Option<&'static Suite> {
    SUITES.iter().find(|suite| suite.name == name)
}
