//! The commands of a test of LLVM's as a script, natively or for the isle: [`script`].

use std::path::Path;

use crate::text::quote;

/// Where LLVM 19 has its own tools.
const TOOLS: &str = "/usr/lib/llvm-19/bin";

/// What stands for something in the commands, in the order of lit.cfg: a name comes before those that it begins with.
const COMPILING: &[(&str, &str)] = &[
    ("%libomp-compile-and-run", "%libomp-compile && %libomp-run"),
    ("%libomp-irbuilder-compile-and-run", "%libomp-irbuilder-compile && %libomp-run"),
    ("%libomp-c99-compile-and-run", "%libomp-c99-compile && %libomp-run"),
    ("%libomp-cxx-compile-and-run", "%libomp-cxx-compile && %libomp-run"),
    ("%libomp-cxx20-compile-and-run", "%libomp-cxx20-compile && %libomp-run"),
    ("%libomp-cxx-compile-c", "%clangXX %openmp_flags %flags -std=c++17 -x c++ %s -o %t -lm"),
    ("%libomp-cxx-compile", "%clangXX %openmp_flags %flags -std=c++17 %s -o %t -lm"),
    ("%libomp-cxx20-compile", "%clangXX %openmp_flags %flags -std=c++20 %s -o %t -lm"),
    ("%libomp-compile", "%clang %openmp_flags %flags %s -o %t -lm"),
    ("%libomp-irbuilder-compile", "%clang %openmp_flags %flags -fopenmp-enable-irbuilder %s -o %t -lm"),
    ("%libomp-c99-compile", "%clang %openmp_flags %flags -std=c99 %s -o %t -lm"),
    ("%flags-use-compiler-omp-h", "%flags"),
    ("%flags", "-I %root -I %root/ompt -fno-omit-frame-pointer"),
    ("%openmp_flags", "-fopenmp"),
    ("&& %t ", "&& %libomp-run "),
    ("%sort-threads", "sort -n -s"),
    ("%python", "python3"),
];

/// Where a script's files are.
#[derive(Clone, Copy, Debug)]
pub struct Rooms<'a> {
    /// LLVM's folder of tests.
    pub root: &'a Path,
    /// The test.
    pub source: &'a Path,
    /// Where to put what is made.
    pub folder: &'a Path,
    /// clang.
    pub clang: &'a Path,
    /// clang++.
    pub clangxx: &'a Path,
    /// What runs a program, if that is not the machine itself.
    pub proxy: Option<&'a Path>,
}

/// A script for bash in which all of `runs` must succeed, and in a pipe every command. What is compiled once is not compiled
/// again when the script runs once more.
pub fn script(runs: &[String], rooms: Rooms<'_>) -> String {
    let shown = |path: &Path| quote(&path.display().to_string());
    let made = shown(&rooms.folder.join("test"));
    let run = rooms.proxy.map_or(made.clone(), |proxy| format!("{} {made}", shown(proxy)));
    let beside = rooms.source.parent().unwrap_or(rooms.root);
    let places = [
        ("%libomp-run", run),
        ("%clangXX", format!("build {}", shown(rooms.clangxx))),
        ("%clang", format!("build {}", shown(rooms.clang))),
        ("%not", format!("{TOOLS}/not")),
        ("%root", shown(rooms.root)),
        ("%S", shown(beside)),
        ("%T", shown(rooms.folder)),
        ("%s", shown(rooms.source)),
        ("%t", made.clone()),
        ("FileCheck", format!("{TOOLS}/FileCheck")),
    ];
    let replace = |run: &String| {
        let run = COMPILING.iter().fold(run.clone(), |run, (name, text)| run.replace(name, text));
        places.iter().fold(run, |run, (name, text)| run.replace(name, text))
    };
    let lines: Vec<_> = runs.iter().map(|run| format!("{{ {}; }}", replace(run))).collect();
    format!(
        "set -o pipefail\nhow={made}.how\n\
         build() {{ [ \"$(cat \"$how\" 2>/dev/null)\" = \"$*\" ] || {{ \"$@\" && printf %s \"$*\" >\"$how\"; }}; }}\n{}\n",
        lines.join(" &&\n")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(run: &str, proxy: Option<&Path>) -> String {
        let path = Path::new;
        let (root, source, folder) = (path("/t"), path("/t/api/a.c"), path("/w"));
        let (clang, clangxx) = (path("clang-19"), path("clang++-19"));
        let text = script(&[run.to_owned()], Rooms { root, source, folder, clang, clangxx, proxy });
        text.lines().last().unwrap_or_default().to_owned()
    }

    #[test]
    fn names_are_replaced() {
        assert_eq!(
            of("%libomp-compile-and-run | %sort-threads | FileCheck %S/base.h", None),
            "{ build clang-19 -fopenmp -I /t -I /t/ompt -fno-omit-frame-pointer /t/api/a.c -o /w/test -lm && /w/test \
             | sort -n -s | /usr/lib/llvm-19/bin/FileCheck /t/api/base.h; }"
        );
        assert_eq!(
            of("env A=1 %libomp-run 3", Some(Path::new("/p/proxy"))),
            "{ env A=1 /p/proxy /w/test 3; }"
        );
        assert!(
            of("%libomp-compile && %t | FileCheck %s", Some(Path::new("/p/proxy")))
                .ends_with("-lm && /p/proxy /w/test | /usr/lib/llvm-19/bin/FileCheck /t/api/a.c; }")
        );
        assert!(of("%libomp-cxx-compile -DX", None).ends_with("/t/api/a.c -o /w/test -lm -DX; }"));
    }
}
