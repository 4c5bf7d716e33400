//! Compilers of other families: compiled by them, marked by us, linked by gcc. clang is the real one where the host
//! has it; Intel's are a stand-in (`stand-in/icc`) that translates the options of icc to those of gcc.

use std::path::Path;
use std::process::Command;

use tests::lack::Lack;

use crate::tree::{InTime, Scratch, stderr, tree};

const MAIN: &str = "#include <stdio.h>\n#ifndef OUR_STDIO\n#error leak\n#endif\n#if defined __linux__ || !defined \
                    __hermit__\n#error linux\n#endif\nint value(void);\nint main(void) { return value(); }\n";

fn with_sources() -> Scratch {
    let scratch = Scratch::new();
    scratch.write("main.c", MAIN);
    scratch.write("value.c", "int value(void) { return 42; }\n");
    scratch
}

/// A command whose `PATH` begins with the stand-ins for Intel's compilers.
fn with_intel(scratch: &Scratch, program: &Path, arguments: &[&str]) -> Command {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/driver/stand-in");
    let path = format!(
        "{}:{}:{}",
        folder.display(),
        tree().prefix.bin().display(),
        std::env::var("PATH").unwrap_or_default()
    );
    let mut command = Command::new(program);
    command.args(arguments).current_dir(scratch.path("")).env("PATH", path).env("LC_ALL", "C");
    command
}

fn succeeds(mut command: Command) {
    let output = command.in_time();
    assert!(output.status.success(), "{command:?}: {}", stderr(&output));
}

/// Whether the host has a clang; without it the test is skipped.
fn has_clang(scratch: &Scratch) -> bool {
    let found = scratch.run("clang", &["--version"]).status.success();
    if !found {
        Lack::Installed("the host has no clang (package clang-19)".into()).skip();
    }
    found
}

#[test]
fn clang_compiles_and_gcc_links() {
    let scratch = with_sources();
    if !has_clang(&scratch) {
        return;
    }
    scratch.succeeds("clang", &["-O2", "main.c", "value.c", "-o", "image", "-Wl,-Map=map"]);
    assert_eq!((scratch.osabi("image"), scratch.exit_status_of("image")), (0x42, Some(42)));
    assert!(scratch.path("map").is_file() && !scratch.path("main.o").exists());
    scratch.succeeds("clang", &["-c", "main.c", "value.c"]);
    assert_eq!((scratch.osabi("main.o"), scratch.osabi("value.o")), (0x42, 0x42));
    scratch.succeeds("clang", &["main.o", "value.o"]);
    assert_eq!(scratch.exit_status_of("a.out"), Some(42));
    scratch.write("response", "-c value.c\n-o 'there.o'");
    scratch.succeeds("clang", &["@response"]);
    assert_eq!(scratch.osabi("there.o"), 0x42);
    scratch.succeeds("clang", &["-MD", "main.c", "value.o", "-o", "image"]);
    let rule = std::fs::read_to_string(scratch.path("image.d")).unwrap();
    assert!(rule.starts_with("image:") && rule.contains("include/stdio.h"), "{rule}");
}

#[test]
fn clang_links_sources_of_the_same_name() {
    let scratch = with_sources();
    if !has_clang(&scratch) {
        return;
    }
    for (folder, source) in [("a", "main.c"), ("b", "value.c")] {
        std::fs::create_dir(scratch.path(folder)).unwrap();
        std::fs::rename(scratch.path(source), scratch.path(&format!("{folder}/x.c"))).unwrap();
    }
    scratch.succeeds("clang", &["a/x.c", "b/x.c"]);
    assert_eq!(scratch.exit_status_of("a.out"), Some(42));
}

#[test]
fn a_clang_of_one_version_links_with_any_gcc() {
    let scratch = with_sources();
    let is_there = |tool: &String| scratch.run(tool, &["--version"]).status.success();
    let of_version = |version: u32| format!("clang-{version}");
    let Some(clang) = (14..=19).rev().map(of_version).find(is_there) else {
        Lack::Installed("the host has no clang with a version in its name (package clang-19)".into()).skip();
        return;
    };
    scratch.succeeds(&clang, &["main.c", "value.c"]);
    assert_eq!(scratch.exit_status_of("a.out"), Some(42));
}

#[test]
fn clang_includes_no_header_of_the_host() {
    let scratch = with_sources();
    if !has_clang(&scratch) {
        return;
    }
    let mut command = scratch.tool("clang", &["-H", "-fsyntax-only", "main.c"]);
    let output = command.env("CPATH", "/usr/include").in_time();
    assert!(output.status.success() && !stderr(&output).contains("/usr/include"), "{}", stderr(&output));
    let said = scratch.run("clang", &["-v", "-fsyntax-only", "main.c"]);
    let said = stderr(&said);
    let list = said.split("search starts here:").last().unwrap();
    assert!(list.contains(tree().prefix.include().to_str().unwrap()), "{said}");
    scratch.write("unistd.c", "#include <unistd.h>\n");
    assert!(scratch.fails("clang", &["-c", "unistd.c"]).contains("'unistd.h' file not found"));
}

#[test]
fn clangs_link_time_optimisation_links() {
    let scratch = with_sources();
    if !has_clang(&scratch) {
        return;
    }
    let output = scratch.run("clang", &["-O2", "-flto", "main.c", "value.c", "-o", "image"]);
    if stderr(&output).contains("LLVMgold.so") {
        assert!(stderr(&output).contains("apt install"), "{}", stderr(&output));
        Lack::Installed("the host's clang has no LLVMgold.so (package llvm-19-dev)".into()).skip();
        return;
    }
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!((scratch.osabi("image"), scratch.exit_status_of("image")), (0x42, Some(42)));
    assert!(!scratch.succeeds("nm", &["image"]).contains(" value"), "value() was not inlined");
}

#[test]
fn clang_refuses_what_gcc_refuses() {
    let scratch = with_sources();
    if !has_clang(&scratch) {
        return;
    }
    for (arguments, part) in [
        (&["-shared", "value.c"][..], "no dynamic linker"),
        (&["-m32", "value.c"], "64-bit only"),
        (&["-fopenmp", "main.c", "value.c"], "-fopenmp needs the package libomp-hermit"),
        (&["-fuse-ld=lld", "main.c", "value.c"], "only GNU ld"),
        (&["-stdlib=libc++", "-c", "value.c"], "no such library"),
        (&["-rtlib=compiler-rt", "main.c", "value.c"], "no such library"),
        (&["-fsanitize=undefined,address", "main.c", "value.c"], "no such library"),
    ] {
        let said = scratch.fails("clang", arguments);
        assert!(said.contains(part), "{arguments:?}: {said}");
    }
    assert_eq!(scratch.run("clang", &["-c", "none.c"]).status.code(), Some(1));
    scratch.write("broken.c", "int main(void) { return }\n");
    let said = scratch.fails("clang", &["broken.c", "value.c"]);
    assert!(said.contains("broken.c:1:") && !said.contains("broken.o"), "nothing is linked: {said}");
}

/// The compiler has said what is wrong, and its status is ours; the linker would only complain of what is not there.
#[test]
fn nothing_is_linked_after_a_failure() {
    let scratch = with_sources();
    scratch.write_script("fails", "#!/bin/sh\nexit 3\n");
    let mut command = scratch.tool("clang", &["main.c", "value.c"]);
    let output = command.env("HERMIT_HOST_CLANG", scratch.path("fails")).in_time();
    assert_eq!((output.status.code(), &*stderr(&output)), (Some(3), ""));
}

#[test]
fn sources_of_one_name_are_objects_of_their_own() {
    let scratch = with_sources();
    for (folder, source) in [("a", "main.c"), ("b", "value.c")] {
        std::fs::create_dir(scratch.path(folder)).unwrap();
        std::fs::rename(scratch.path(source), scratch.path(folder).join("same.c")).unwrap();
    }
    succeeds(with_intel(&scratch, &tree().prefix.tool("icc"), &["a/same.c", "b/same.c", "-o", "image"]));
    assert_eq!(scratch.exit_status_of("image"), Some(42));
}

#[test]
fn clang_compiles_cxx_by_either_name() {
    let scratch = with_sources();
    if !has_clang(&scratch) {
        return;
    }
    // There is no libstdc++ in this tree: what counts is where its headers are looked for.
    scratch.write("main.cc", "int main() { return 42; }\n");
    let headers = tree().prefix.cxx_includes().first().unwrap().display().to_string();
    for (tool, arguments) in [
        ("clang", &["-###", "-c", "main.cc"][..]),
        ("clang", &["-###", "-E", "-x", "c++", "-"]),
        ("clang++", &["-###", "-c", "main.cc"]),
    ] {
        let said = stderr(&scratch.run(tool, arguments));
        assert!(said.contains(&headers), "{tool} {arguments:?}: {said}");
    }
    let said = stderr(&scratch.run("clang", &["-###", "-c", "main.c"]));
    assert!(!said.contains(&headers), "{said}");
    // Options that only say what is so anyway are no reason for a warning, in whatever step.
    let idle =
        ["-Werror", "-stdlib=libstdc++", "-rtlib=libgcc", "-unwindlib=libgcc", "main.cc", "-o", "image"];
    scratch.succeeds("clang", &idle);
    assert_eq!(scratch.exit_status_of("image"), Some(42));
    scratch.succeeds("clang", &["-Werror", "-stdlib=libstdc++", "-c", "main.cc"]);
}

#[test]
fn clang_answers_configure_scripts() {
    let scratch = with_sources();
    if !has_clang(&scratch) {
        return;
    }
    assert_eq!(scratch.succeeds("clang", &["-dumpmachine"]), "x86_64-hermit\n");
    let version = scratch.succeeds("clang", &["--version"]);
    assert!(version.lines().next().unwrap().contains("clang version"), "{version}");
    assert_eq!(version.lines().nth(1), Some("hermit-toolchain 0.1.0"));
    let libc = tree().prefix.lib().join("libc.a");
    assert_eq!(scratch.succeeds("clang", &["-print-file-name=libc.a"]).trim(), libc.to_str().unwrap());
    assert!(scratch.succeeds("clang", &["-print-resource-dir"]).contains("/clang"));
    assert!(scratch.run("clang", &["-v"]).status.success() && !scratch.path("a.out").exists());
    assert!(scratch.succeeds("clang", &["-Wl,--version"]).starts_with("GNU ld"));
    assert!(scratch.succeeds("clang", &["-E", "-dM", "-x", "c", "/dev/null"]).contains("__hermit__ 1"));
}

/// The recipe of the original HermitCore for foreign compilers, as a Makefile, word for word.
const RECIPE: &str = "\
HERMIT_DIR = @INCLUDE@
CC = icc -D__hermit__
CFLAGS = -O3 -xHost -ffreestanding -I$(HERMIT_DIR) -openmp
ELFEDIT = x86_64-hermit-elfedit
LD = x86_64-hermit-gcc

image: main.o value.o
\t$(LD) -o $@ $^

%.o: %.c
\t$(CC) $(CFLAGS) -c -o $@ $<
\t$(ELFEDIT) --output-osabi HermitCore $@
";

#[test]
fn the_recipe_for_icc_works_as_written() {
    let scratch = with_sources();
    scratch.write("value.c", "#ifndef _OPENMP\n#error no OpenMP\n#endif\nint value(void) { return 42; }\n");
    scratch.write(
        "main.c",
        "int value(void);\n#ifndef __hermit__\n#error\n#endif\nint main(void) { return value(); }\n",
    );
    // A folder without blanks, since the recipe quotes nothing.
    std::os::unix::fs::symlink(tree().prefix.include(), scratch.path("include")).unwrap();
    let include = scratch.path("include").display().to_string();
    scratch.write("Makefile", &RECIPE.replace("@INCLUDE@", &include));
    succeeds(with_intel(&scratch, Path::new("make"), &["image"]));
    assert_eq!((scratch.osabi("image"), scratch.exit_status_of("image")), (0x42, Some(42)));
}

#[test]
fn icc_does_it_in_one_step() {
    let scratch = with_sources();
    let icc = tree().prefix.tool("icc");
    succeeds(with_intel(&scratch, &icc, &["-O3", "-xHost", "main.c", "value.c", "-o", "image"]));
    assert_eq!((scratch.osabi("image"), scratch.exit_status_of("image")), (0x42, Some(42)));
    succeeds(with_intel(&scratch, &icc, &["-O3", "-xHost", "-openmp", "-c", "value.c"]));
    assert_eq!(scratch.osabi("value.o"), 0x42);
    scratch.write("svml.c", "int __svml_exp4(void);\nint main(void) { return __svml_exp4(); }\n");
    let output = with_intel(&scratch, &icc, &["svml.c"]).in_time();
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("Intel's own libraries (libimf, libsvml, libirc) do not exist"));
}

#[test]
fn a_runtime_that_does_not_exist_is_named() {
    let scratch = Scratch::new();
    // flang's objects, as C would make them.
    let flang = "#!/bin/sh\nfor word; do case $word in *.f90) in=$word;; -o) next=1;; *) [ -z \"$next\" ] || out=$word; \
                 next=;; esac; done\ncase $in in *pure*) code='void pure_(void){}';; *) code='void \
                 _FortranAioBegin(void);int main(void){_FortranAioBegin();return 0;}';; esac\necho \"$code\" | gcc -c \
                 -x c - -o \"${out:-pure.o}\"\n";
    scratch.write_script("fake", flang);
    scratch.write("pure.f90", "");
    scratch.write("hello.f90", "");
    for (name, variable) in [("flang", "HERMIT_HOST_FLANG"), ("ifx", "HERMIT_HOST_IFX")] {
        let run =
            |arguments: &[&str]| scratch.tool(name, arguments).env(variable, scratch.path("fake")).in_time();
        let output = run(&["-c", "pure.f90", "-o", "pure.o"]);
        assert!(output.status.success(), "{}", stderr(&output));
        assert_eq!(scratch.osabi("pure.o"), 0x42);
        let said = stderr(&run(&["hello.f90", "-o", "hello"]));
        assert!(said.contains("runtime library does not exist for HermitCore"), "{said}");
        assert!(said.contains("x86_64-hermit-gfortran"), "{said}");
    }
}

#[test]
fn the_hosts_compiler_can_be_chosen() {
    let scratch = with_sources();
    scratch.write_script("chosen", "#!/bin/sh\necho chosen\n");
    let chosen = scratch.path("chosen").display().to_string();
    let of_output = |mut command: Command| {
        let output = command.in_time();
        (String::from_utf8_lossy(&output.stdout).into_owned(), stderr(&output))
    };
    let mut by_variable = scratch.tool("clang++", &["-E", "main.c"]);
    by_variable.env("HERMIT_HOST_CLANGXX", &chosen);
    assert_eq!(of_output(by_variable).0, "chosen\n");
    scratch.write(
        "compilers.conf",
        &format!("icx = {chosen}\ngcc-9 = {chosen} # an old one\nifx = /none/ifx\n"),
    );
    let by_file = |tool: &str| {
        let mut command = scratch.tool(tool, &["-E", "main.c"]);
        command.env("HERMIT_COMPILERS", scratch.path("compilers.conf"));
        of_output(command)
    };
    assert_eq!(by_file("icx").0, "chosen\n");
    let said = by_file("ifx").1;
    assert!(said.contains("compilers.conf:3: ifx = /none/ifx: no such program"), "{said}");
    // A name with a version means just that one.
    std::fs::create_dir(scratch.path("bin")).unwrap();
    let versioned = |name: &str| {
        let link = scratch.path(&format!("bin/x86_64-hermit-{name}"));
        std::os::unix::fs::symlink(tree().prefix.tool("gcc"), &link).unwrap();
        let mut command = Command::new(link);
        command.args(["-E", "-P", "/dev/null"]).env("HERMIT_COMPILERS", scratch.path("compilers.conf"));
        of_output(command)
    };
    assert_eq!(versioned("gcc-9").0, "chosen\n");
    let said = versioned("gcc-3").1;
    assert!(said.contains("no gcc-3 found in PATH: the name asks for just this version"), "{said}");
}
