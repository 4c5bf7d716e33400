//! Variables of the user's environment that would bring in the host: each with a trap that the host's own compiler falls
//! into, so that a variable which did nothing could not pass.

use std::path::PathBuf;
use std::process::Command;

use cc_wrapper::front_end::gcc::LEAKING_VARIABLES;
use tests::lack::Lack;

use crate::tree::{InTime, Scratch, stderr};

/// Variables that name folders of headers, and the language that looks at them.
const HEADERS: &[(&str, &str)] = &[
    ("CPATH", "c"),
    ("C_INCLUDE_PATH", "c"),
    ("CPLUS_INCLUDE_PATH", "c++"),
    ("OBJC_INCLUDE_PATH", "objective-c"),
    ("OBJCPLUS_INCLUDE_PATH", "objective-c++"),
];

/// Those that name folders of libraries.
const LIBRARIES: &[&str] = &["LIBRARY_PATH", "LPATH"];

/// Those that name folders with parts of the compiler.
const PARTS: &[&str] = &["COMPILER_PATH", "GCC_EXEC_PREFIX"];

/// A folder `trap` with a header, a library and a compiler proper that ends with status 7.
fn with_trap() -> Scratch {
    let scratch = Scratch::new();
    std::fs::create_dir(scratch.path("trap")).unwrap();
    scratch.write("trap/trapped.h", "int trapped;\n");
    scratch.write("trap/only.specs", "*cc1:\n+ -DTRAPPED\n\n");
    scratch.write("includes.c", "#include <trapped.h>\n");
    scratch.write("plain.c", "int plain;\n");
    scratch.write("value.c", "int value(void) { return 42; }\n");
    scratch.write("main.c", "int value(void); int main(void) { return value(); }\n");
    // Marked, so that it is not the missing mark that keeps it out.
    scratch.succeeds("gcc", &["-c", "value.c"]);
    scratch.succeeds("ar", &["rcs", "trap/libtrapped.a", "value.o"]);
    // Both places in which gcc looks below the folders that it is given.
    let machine = scratch.host("gcc", &["-dumpmachine"]);
    let version = scratch.host("gcc", &["-dumpversion"]);
    let below = format!("trap/{}/{}", machine.trim(), version.trim());
    std::fs::create_dir_all(scratch.path(&below)).unwrap();
    for folder in ["trap", &below] {
        scratch.write_script(&format!("{folder}/cc1"), "#!/bin/sh\necho trapped >&2\nexit 7\n");
    }
    scratch
}

fn trap(scratch: &Scratch) -> PathBuf {
    // The slash: GCC_EXEC_PREFIX is the beginning of a name.
    scratch.path("trap/")
}

/// Runs the host's compiler with `variable` set, and says whether it fell into the trap.
fn host_falls(scratch: &Scratch, program: &str, variable: &str, arguments: &[&str], is_trapped: bool) {
    let mut command = Command::new(program);
    let command = command.args(arguments).current_dir(scratch.path("")).env(variable, trap(scratch));
    let output = command.in_time();
    assert_eq!(output.status.success(), is_trapped, "{program} with {variable}: {}", stderr(&output));
}

fn with(scratch: &Scratch, variable: &str, tool: &str, arguments: &[&str]) -> std::process::Output {
    scratch.tool(tool, arguments).env(variable, trap(scratch)).in_time()
}

#[test]
fn every_leaking_variable_has_its_trap() {
    let mut trapped: Vec<&str> =
        HEADERS.iter().map(|header| header.0).chain(LIBRARIES.iter().chain(PARTS).copied()).collect();
    let mut leaking = LEAKING_VARIABLES.to_vec();
    trapped.sort_unstable();
    leaking.sort_unstable();
    assert_eq!(trapped, leaking);
}

/// `program` is the host's compiler behind `tool`.
fn no_header_leaks(scratch: &Scratch, tool: &str, program: &str, (variable, language): (&str, &str)) {
    let arguments = ["-E", "-x", language, "includes.c", "-o", "out"];
    host_falls(scratch, program, variable, &arguments, true);
    let output = with(scratch, variable, tool, &arguments);
    let said = stderr(&output);
    assert!(!output.status.success() && said.contains("trapped.h"), "{tool}, {variable}: {said}");
}

#[test]
fn no_header_leaks_into_gccs_c() {
    let scratch = with_trap();
    for &header in HEADERS.iter().filter(|header| header.1 == "c") {
        no_header_leaks(&scratch, "gcc", "gcc", header);
    }
    host_falls(&scratch, "cpp", "CPATH", &["includes.c"], true);
    let output = with(&scratch, "CPATH", "cpp", &["includes.c"]);
    assert!(stderr(&output).contains("trapped.h"), "{}", stderr(&output));
}

#[test]
fn no_header_leaks_into_gccs_cxx() {
    if which("g++").is_none() {
        Lack::Installed("the host has no g++".into()).skip();
        return;
    }
    let scratch = with_trap();
    no_header_leaks(&scratch, "g++", "g++", ("CPATH", "c++"));
    no_header_leaks(&scratch, "g++", "g++", ("CPLUS_INCLUDE_PATH", "c++"));
}

/// clang, which has all of C's descendants.
#[test]
fn no_header_leaks_into_clangs_languages() {
    let Some(clang) = which("clang-19").or_else(|| which("clang")) else {
        Lack::Installed("the host has no clang".into()).skip();
        return;
    };
    let scratch = with_trap();
    for &header in HEADERS {
        no_header_leaks(&scratch, "clang", &clang, header);
    }
}

fn which(program: &str) -> Option<String> {
    let found = Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success());
    found.then(|| program.to_owned())
}

#[test]
fn no_library_leaks_into_a_link() {
    let scratch = with_trap();
    for variable in LIBRARIES {
        let arguments = ["main.c", "-ltrapped", "-o", "image"];
        host_falls(&scratch, "gcc", variable, &arguments, true);
        let output = with(&scratch, variable, "gcc", &arguments);
        let said = stderr(&output);
        assert!(!output.status.success() && said.contains("cannot find -ltrapped"), "{variable}: {said}");
        // Our specs keep these folders out of a link anyway, but gcc looks there for files of its own, too.
        let arguments = ["-specs=only.specs", "-c", "plain.c"];
        host_falls(&scratch, "gcc", variable, &arguments, true);
        let said = stderr(&with(&scratch, variable, "gcc", &arguments));
        assert!(said.contains("cannot read spec file 'only.specs'"), "{variable}: {said}");
    }
    // It is good but for where it lies.
    scratch.succeeds("gcc", &["main.c", "-Ltrap", "-ltrapped", "-o", "image"]);
    assert_eq!(scratch.exit_status_of("image"), Some(42));
}

#[test]
fn no_part_of_another_compiler_is_taken() {
    let scratch = with_trap();
    for variable in PARTS {
        host_falls(&scratch, "gcc", variable, &["-c", "plain.c", "-o", "plain.o"], false);
        let output = with(&scratch, variable, "gcc", &["-c", "plain.c", "-o", "ours.o"]);
        assert!(output.status.success(), "{variable}: {}", stderr(&output));
        assert_eq!(scratch.osabi("ours.o"), 0x42, "{variable}");
    }
}

/// What GNU ld reads: where libraries would be found when a program starts, of which there is nothing in an image.
#[test]
fn linker_variables_do_not_change_an_image() {
    let scratch = with_trap();
    scratch.succeeds("gcc", &["main.c", "value.c", "-o", "plain"]);
    let plain = std::fs::read(scratch.path("plain")).unwrap();
    for variable in ["LD_RUN_PATH", "LD_LIBRARY_PATH"] {
        let output = with(&scratch, variable, "gcc", &["main.c", "value.c", "-o", "image"]);
        assert!(output.status.success(), "{variable}: {}", stderr(&output));
        assert_eq!(std::fs::read(scratch.path("image")).unwrap(), plain, "{variable}");
        let output = with(&scratch, variable, "gcc", &["main.c", "-ltrapped", "-o", "image"]);
        assert!(stderr(&output).contains("cannot find -ltrapped"), "{variable}: {}", stderr(&output));
    }
}

/// Those that are the user's to set do what they do with gcc.
#[test]
fn what_the_user_asks_gcc_for_is_done() {
    let scratch = with_trap();
    let output = scratch.tool("gcc", &["-c", "plain.c"]).env("DEPENDENCIES_OUTPUT", "rule target").in_time();
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(std::fs::read_to_string(scratch.path("rule")).unwrap().starts_with("target: plain.c"));
    scratch.write("date.c", "const char date[] = __DATE__;\n");
    let output = scratch.tool("gcc", &["-E", "date.c"]).env("SOURCE_DATE_EPOCH", "0").in_time();
    assert!(String::from_utf8_lossy(&output.stdout).contains("\"Jan  1 1970\""), "{}", stderr(&output));
}
