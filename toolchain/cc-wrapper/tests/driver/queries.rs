//! What a configure script asks, and what it may rely on.

use crate::tree::{InTime, Scratch, stderr, tree};

fn ask(question: &str) -> String {
    Scratch::new().succeeds("gcc", &[question])
}

#[test]
fn the_target_is_ours() {
    assert_eq!(ask("-dumpmachine"), "x86_64-hermit\n");
    assert_eq!(ask("-print-multi-lib"), ".;\n");
    assert_eq!(ask("-print-multiarch"), "\n");
    assert_eq!(ask("-print-multi-os-directory"), ".\n");
    assert_eq!(ask("-print-multi-directory"), ".\n");
}

#[test]
fn the_version_is_the_hosts_with_ours_as_second_line() {
    let scratch = Scratch::new();
    for option in ["-dumpversion", "-dumpfullversion"] {
        assert_eq!(ask(option), scratch.host("gcc", &[option]));
    }
    let ours = ask("--version");
    let host = scratch.host("gcc", &["--version"]);
    assert_eq!(ours.lines().next(), host.lines().next());
    assert_eq!(ours.lines().nth(1), Some("hermit-toolchain 0.1.0"));
    assert_eq!(ours.lines().skip(2).collect::<Vec<_>>(), host.lines().skip(1).collect::<Vec<_>>());
    assert!(scratch.succeeds("cpp", &["--version"]).contains("hermit-toolchain"));
}

#[test]
fn the_version_of_a_broken_compiler_is_a_failure() {
    let scratch = Scratch::new();
    scratch.write_script("broken", "#!/bin/sh\necho half a version\nexit 3\n");
    let output = scratch.tool("gcc", &["--version"]).env("HERMIT_HOST_GCC", scratch.path("broken")).in_time();
    assert_eq!(output.status.code(), Some(3));
    assert!(output.stdout.starts_with(b"half a version\n"), "{}", stderr(&output));
}

#[test]
fn paths_are_ours() {
    let prefix = &tree().prefix;
    let line = |path: std::path::PathBuf| format!("{}\n", path.display());
    assert_eq!(ask("-print-sysroot"), line(prefix.target()));
    assert_eq!(ask("-print-file-name=libc.a"), line(prefix.lib().join("libc.a")));
    assert_eq!(ask("--print-file-name=libgcc.a"), line(prefix.gcc_lib().join("libgcc.a")));
    assert_eq!(ask("-print-libgcc-file-name"), line(prefix.gcc_lib().join("libgcc.a")));
    assert_eq!(ask("-print-prog-name=ld"), line(prefix.compiler_tools().join("ld")));
    assert_eq!(ask("-print-prog-name=ar"), line(prefix.tool("ar")));
    let dirs = ask("-print-search-dirs");
    assert!(!dirs.contains("/usr/"), "{dirs}");
    assert!(dirs.contains(&format!("libraries: ={}/", prefix.lib().display())), "{dirs}");
}

#[test]
fn what_is_unknown_comes_back() {
    // The host has both of them.
    assert_eq!(ask("-print-file-name=libm.so"), "libm.so\n");
    assert_eq!(ask("-print-file-name=crt1.o"), "crt1.o\n");
    assert_eq!(ask("-print-prog-name=frobnicate"), "frobnicate\n");
}

#[test]
fn the_compilers_own_parts_are_found() {
    for question in ["-print-prog-name=cc1", "-print-file-name=liblto_plugin.so", "-print-file-name=include"]
    {
        let answer = ask(question);
        assert!(std::path::Path::new(answer.trim()).is_absolute(), "{question}: {answer}");
    }
}

#[test]
fn verbose_alone_succeeds_and_links_nothing() {
    let scratch = Scratch::new();
    for option in ["-v", "-###"] {
        let output = scratch.run("gcc", &[option]);
        assert!(output.status.success(), "{option}: {}", stderr(&output));
        assert!(stderr(&output).contains("gcc version"));
    }
    assert!(!scratch.path("a.out").exists());
}

#[test]
fn the_linkers_version_is_the_hosts() {
    let scratch = Scratch::new();
    assert_eq!(scratch.succeeds("ld", &["--version"]), scratch.host("ld", &["--version"]));
    scratch.write("e.c", "int main(void) { return 0; }\n");
    assert!(scratch.succeeds("gcc", &["e.c", "-Wl,--version"]).starts_with("GNU ld"));
}

#[test]
fn nothing_to_do_is_an_error_of_ours() {
    let said = Scratch::new().fails("gcc", &[]);
    assert!(said.starts_with("x86_64-hermit-gcc: fatal error: no input files"), "{said}");
}
