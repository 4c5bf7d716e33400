//! A host without tools, tools that fail, names that are none.

use std::os::unix::process::ExitStatusExt;

use crate::tree::{InTime, Scratch, install_executable, stderr, tree};

/// A folder `host` whose only tool is a shell script.
fn fake_tool(scratch: &Scratch, name: &str, script: &str) -> String {
    std::fs::create_dir_all(scratch.path("host")).unwrap();
    let file = format!("host/{name}");
    scratch.write_script(&file, &format!("#!/bin/sh\n{script}\n"));
    scratch.path("host").to_str().unwrap().to_owned()
}

#[test]
fn a_missing_host_tool_is_named_with_the_cure() {
    let scratch = Scratch::new();
    for (tool, cure) in [
        ("gcc", "apt install gcc"),
        ("cpp", "apt install gcc"),
        ("gcc-ar", "apt install gcc"),
        ("as", "apt install binutils"),
        ("ld", "apt install binutils"),
        ("objdump", "apt install binutils"),
    ] {
        let output = scratch.tool(tool, &["x"]).env("PATH", "/nowhere").in_time();
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(1), "{tool}");
        assert!(
            said.starts_with(&format!("x86_64-hermit-{tool}: error: no ")) && said.contains(cure),
            "{said}"
        );
    }
}

#[test]
fn the_hosts_gcc_can_be_chosen() {
    let scratch = Scratch::new();
    let folder = fake_tool(&scratch, "gcc-99", "echo chosen");
    for value in [format!("{folder}/gcc-99"), "gcc-99".to_owned()] {
        let output =
            scratch.tool("gcc", &["x.c"]).env("HERMIT_HOST_GCC", value).env("PATH", &folder).in_time();
        assert_eq!(output.stdout, b"chosen\n", "{}", stderr(&output));
    }
    // By a file, too, which the variable overrules.
    scratch.write("compilers.conf", &format!("gcc = {folder}/gcc-99 # mine\n"));
    fake_tool(&scratch, "gcc-97", "echo by variable");
    let mut command = scratch.tool("gcc", &["x.c"]);
    command.env("HERMIT_COMPILERS", scratch.path("compilers.conf")).env("PATH", &folder);
    assert_eq!(command.in_time().stdout, b"chosen\n");
    assert_eq!(command.env("HERMIT_HOST_GCC", "gcc-97").in_time().stdout, b"by variable\n");
    for (value, part) in [
        ("gcc-98".to_owned(), "HERMIT_HOST_GCC=gcc-98: no such program"),
        (tree().prefix.tool("gcc").display().to_string(), "is HermitCore's own driver"),
    ] {
        let output = scratch.tool("gcc", &["x.c"]).env("HERMIT_HOST_GCC", value).in_time();
        assert!(stderr(&output).contains(part), "{}", stderr(&output));
        assert_eq!(output.status.code(), Some(1));
    }
}

#[test]
fn our_own_tools_in_path_are_not_the_hosts() {
    let scratch = Scratch::new();
    let ours = tree().prefix.compiler_tools();
    let path = format!("{}:{}", ours.display(), std::env::var("PATH").unwrap());
    let output = scratch.tool("ld", &["--version"]).env("PATH", path).in_time();
    assert!(output.stdout.starts_with(b"GNU ld"), "{}", stderr(&output));
}

#[test]
fn exit_statuses_and_signals_pass_through() {
    let scratch = Scratch::new();
    for tool in ["as", "ld", "ar"] {
        let path = fake_tool(&scratch, tool, "exit 7");
        assert_eq!(
            scratch.tool(tool, &["x.o"]).env("PATH", &path).in_time().status.code(),
            Some(7),
            "{tool}"
        );
        // What is left of another time stays as it is, even if it could not be marked: of 32 bits.
        scratch.write("a.out", &format!("\x7fELF\x01\x01\x01{}", "\0".repeat(57)));
        let output = scratch.tool(tool, &["x.o"]).env("PATH", &path).in_time();
        assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(7), ""), "{tool}");
        assert!(scratch.path("a.out").is_file(), "{tool}");
        let path = fake_tool(&scratch, tool, "kill -TERM $$");
        assert_eq!(
            scratch.tool(tool, &["x.o"]).env("PATH", &path).in_time().status.signal(),
            Some(15),
            "{tool}"
        );
    }
}

/// What lies there from before is not what the failed command has made: it stays, and there is nothing to say about it.
#[test]
fn the_output_of_before_outlives_a_failure() {
    let scratch = Scratch::new();
    // No tool of ours could mark this one.
    scratch.host("as", &["--32", "/dev/null", "-o", "a.out"]);
    for tool in ["as", "ld"] {
        let path = fake_tool(&scratch, tool, "exit 7");
        let output = scratch.tool(tool, &["x.o"]).env("PATH", &path).in_time();
        assert_eq!((output.status.code(), &*stderr(&output)), (Some(7), ""), "{tool}");
        assert!(scratch.path("a.out").is_file(), "{tool}");
    }
}

/// By our name gcc's messages are ours; a launcher knows by its own name which compiler it shall start, and without
/// the linker plugin collect2 starts what gcc was called as.
#[test]
fn gcc_is_called_by_our_name_and_a_launcher_by_its_own() {
    let scratch = Scratch::new();
    // A script would not see its name: the kernel replaces it by the script's path.
    let source = "#include <stdio.h>\nint main(int count, char **word) { return puts(word[0]) < 0; }\n";
    scratch.write("name.c", source);
    for (folder, file) in [("gcc", "x86_64-linux-gnu-gcc-12"), ("launcher", "ccache")] {
        std::fs::create_dir(scratch.path(folder)).unwrap();
        scratch.host("gcc", &["name.c", "-o", &format!("{folder}/{file}")]);
        std::os::unix::fs::symlink(file, scratch.path(folder).join("gcc")).unwrap();
    }
    for (folder, option, name) in [
        ("gcc", "-O2", "x86_64-hermit-gcc"),
        ("gcc", "-fno-use-linker-plugin", "gcc"),
        ("launcher", "-O2", "gcc"),
    ] {
        let folder = scratch.path(folder).canonicalize().unwrap();
        let output = scratch.tool("gcc", &[option, "x.c"]).env("PATH", &folder).in_time();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(said, format!("{}\n", folder.join(name).display()), "{option}: {}", stderr(&output));
    }
}

#[test]
fn a_broken_compiler_has_no_version() {
    let scratch = Scratch::new();
    let path = fake_tool(&scratch, "gcc", "echo gcc of a sort; exit 3");
    let output = scratch.tool("gcc", &["--version"]).env("PATH", &path).in_time();
    assert!(output.stdout.starts_with(b"gcc of a sort\n"), "{}", stderr(&output));
    assert_eq!(output.status.code(), Some(3));
}

#[test]
fn commands_are_shown_on_request() {
    let scratch = Scratch::new();
    scratch.write("e.c", "int main(void) { return 0; }\n");
    let output = scratch.tool("gcc", &["e.c"]).env("HERMIT_DRIVER_VERBOSE", "1").in_time();
    let said = stderr(&output);
    for part in ["HERMIT_TARGET='", "/gcc '-specs=", "/as ", "/ld -static -nostdlib '--default-script="] {
        assert!(said.contains(part), "{part}: {said}");
    }
}

#[test]
fn a_users_own_link_and_a_launcher_work() {
    let scratch = Scratch::new();
    std::fs::create_dir(scratch.path("bin")).unwrap();
    std::os::unix::fs::symlink(tree().prefix.tool("gcc"), scratch.path("bin/alternative")).unwrap();
    std::os::unix::fs::symlink("alternative", scratch.path("bin/hcc")).unwrap();
    let path = format!("{}:{}", scratch.path("bin").display(), std::env::var("PATH").unwrap());
    // As ccache and distcc do it: the compiler is an argument, found in PATH.
    let mut launcher = std::process::Command::new("env");
    let output = launcher.args(["hcc", "-dumpmachine"]).env("PATH", path).in_time();
    assert_eq!(output.stdout, b"x86_64-hermit\n", "{}", stderr(&output));
}

#[test]
fn a_name_that_is_no_tool_is_refused() {
    let scratch = Scratch::new();
    let output = std::process::Command::new(tree().prefix.driver()).in_time();
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("'driver' is not a tool of HermitCore"), "{}", stderr(&output));
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_driver"), scratch.path("x86_64-hermit-gcc")).unwrap();
    let output = std::process::Command::new(scratch.path("x86_64-hermit-gcc")).in_time();
    assert!(stderr(&output).contains("is not part of an installed tree"), "{}", stderr(&output));
}

/// A tree of its own in `scratch`, with the runtime library `name`; returns the path of its `tool`.
fn tree_with(scratch: &Scratch, name: &str, tool: &str) -> std::path::PathBuf {
    let prefix = sysroot::Prefix::new(scratch.path("own"));
    for folder in [prefix.bin(), prefix.compiler_tools(), prefix.gcc_lib()] {
        std::fs::create_dir_all(folder).unwrap();
    }
    install_executable(&tree().prefix.driver(), &prefix.driver());
    std::fs::write(prefix.gcc_lib().join(name), "").unwrap();
    std::os::unix::fs::symlink("../libexec/hermit/driver", prefix.tool(tool)).unwrap();
    prefix.tool(tool)
}

#[test]
fn a_compiler_of_another_version_than_the_library_is_refused() {
    const ANSWER: &str = "case $1 in -dumpversion) echo 13;; *) echo compiles;; esac";
    for (tool, library) in [("g++", "libstdc++"), ("gfortran", "libgfortran")] {
        let scratch = Scratch::new();
        let ours = tree_with(&scratch, &format!("{library}.a"), tool);
        let host = fake_tool(&scratch, "gcc", "echo compiles");
        fake_tool(&scratch, tool, ANSWER);
        let run = |arguments: &[&str]| {
            let mut command = std::process::Command::new(&ours);
            let command = command.args(arguments).env("PATH", format!("{host}:/bin"));
            command.env("HERMIT_COMPILERS", "/none").current_dir(scratch.path("."));
            command.in_time()
        };
        let said = stderr(&run(&["-c", "x"]));
        assert!(said.contains("is version 13, and the ") && said.contains(library), "{said}");
        assert!(said.contains(&format!("apt install {tool}-12")), "{said}");
        assert!(run(&["-v"]).stdout.starts_with(b"compiles"), "nothing is compiled: {:?}", run(&["-v"]));
        // Where the fitting one is there as well, it is taken.
        fake_tool(&scratch, "x86_64-linux-gnu-gcc-13", "echo compiles");
        std::fs::remove_file(scratch.path("host/gcc")).unwrap();
        std::os::unix::fs::symlink("x86_64-linux-gnu-gcc-13", scratch.path("host/gcc")).unwrap();
        fake_tool(&scratch, "x86_64-linux-gnu-g-12", "echo fits");
        for name in ["gcc-12", &format!("{tool}-12")] {
            std::os::unix::fs::symlink("x86_64-linux-gnu-g-12", scratch.path("host").join(name)).unwrap();
        }
        let output = run(&["-c", "x"]);
        assert_eq!(output.stdout, b"fits\n", "{}", stderr(&output));
    }
}
