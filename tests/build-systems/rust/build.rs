//! Runs on the host, and compiles C for the program.

use std::path::PathBuf;
use std::process::Command;

fn main() {
    let out = PathBuf::from(std::env::var_os("OUT_DIR").unwrap());
    let tool = |name: &str| std::env::var(format!("{name}_x86_64_unknown_linux_gnu")).unwrap();
    let run = |command: &mut Command| assert!(command.current_dir(&out).status().unwrap().success());
    std::fs::write(out.join("twice.c"), "int twice(int n) { return 2 * n; }\n").unwrap();
    run(Command::new(tool("CC")).args(["-O1", "-c", "twice.c"]));
    run(Command::new(tool("AR")).args(["rcs", "libtwice.a", "twice.o"]));
    println!("cargo::rustc-link-search=native={}", out.display());
    println!("cargo::rustc-link-lib=static=twice");
    println!("cargo::rerun-if-changed=build.rs");
}
