//! The commands that the driver hands to the host, as readable text: golden/commands.txt. `HERMIT_BLESS=1` writes it
//! anew. A host of shell scripts that show their arguments stands in for the real one.

use std::fmt::Write;
use std::path::Path;

use crate::tree::{InTime, Scratch, stderr, tree};

const COMMANDS: &[&str] = &[
    "gcc -O2 hello.c -o hello",
    "cc -c hello.c",
    "cpp -DX hello.c hello.i",
    "g++ -std=c++20 hello.cc -lfoo",
    "c++ -c hello.c",
    "gfortran -fopenmp hello.f90",
    "gcc -dumpversion",
    "gcc -v",
    "gcc -### hello.c",
    "gcc -E -dM -",
    "gcc-12 -c hello.c",
    "gcc -flto -fno-use-linker-plugin hello.o",
    "gcc -static -fPIC -pthread -march=native -save-temps -MMD -MF hello.d -x c - -o hello",
    "gcc -print-resource-dir",
    "clang -O2 -c hello.c",
    "clang -nostdinc -E hello.c",
    "clang -print-resource-dir",
    "clang -###",
    "clang -pthread hello.o -Llib -lfoo -Wl,-z,now -u start -O2 -o hello",
    "clang++ -std=c++20 -c hello.cc",
    "clang++ hello.o -lfoo",
    "clang-19 -c hello.c",
    "clang-19 hello.o",
    "clang -openmp -c hello.c",
    "clang++ -fopenmp=libomp hello.o",
    "flang -c hello.f90",
    "flang-new hello.o",
    "icc -O3 -xHost -qopenmp -c hello.c",
    "icc -openmp hello.o",
    "icpc -c hello.cc",
    "icx -xCORE-AVX2 -openmp -c hello.c",
    "icpx -fiopenmp hello.o",
    "ifort -c hello.f90",
    "ifx -c hello.F90",
    "gcc -shared -fPIC a.c",
    "gcc -pie -Wl,--version -Xlinker --help -print-prog-name=collect2",
    "as --64 -o hello.o hello.s",
    "ld hello.o -o hello",
    "ld -r hello.o -o all.o",
    "ld -m elf_x86_64 -pie -Bdynamic --no-dynamic-linker -export-dynamic -T my.ld -Lmine -lfoo hello.o",
    "ld --version",
    "ar rcs libhello.a hello.o",
    "gcc-ar rcs libhello.a hello.o",
    "objcopy -I binary -O elf64-x86-64 blob blob.o",
    "strip hello",
    "addr2line -e hello 0x200000",
];

/// The tools of that host.
const HOST: &[&str] = &[
    "gcc",
    "gcc-12",
    "cpp",
    "g++",
    "gfortran",
    "clang-19",
    "clang++",
    "flang",
    "icc",
    "icpc",
    "icx",
    "icpx",
    "ifort",
    "ifx",
    "gcc-ar",
    "as",
    "ld",
    "ar",
    "objcopy",
    "strip",
    "addr2line",
];

/// Shows the name it was called by, its arguments, and the variables that matter.
const SHOW: &str = r#"#!/bin/sh
for name in HERMIT_TARGET HERMIT_DRIVER_GCC CPATH LIBRARY_PATH COMPILER_PATH GCC_EXEC_PREFIX; do
    eval "value=\${$name-}"
    [ -z "$value" ] || echo "  $name=$value"
done
echo "  $0"
for argument; do echo "      $argument"; done
"#;

fn transcript() -> String {
    let scratch = Scratch::new();
    let host = scratch.path("host");
    std::fs::create_dir(&host).unwrap();
    for tool in HOST {
        scratch.write_script(&format!("host/{tool}"), SHOW);
    }
    let path = format!("{}:/usr/bin:/bin", host.display());
    let mut text = String::new();
    for line in COMMANDS {
        let words: Vec<_> = line.split_whitespace().collect();
        let mut command = scratch.tool(words[0], &words[1..]);
        command.env("PATH", &path);
        for leak in ["CPATH", "LIBRARY_PATH", "COMPILER_PATH", "GCC_EXEC_PREFIX"] {
            command.env(leak, "/leak");
        }
        let output = command.in_time();
        writeln!(text, "$ x86_64-hermit-{line}").unwrap();
        text.push_str(&String::from_utf8_lossy(&output.stdout));
        text.push_str(&stderr(&output));
        text.push('\n');
    }
    text.replace(tree().prefix.root().to_str().unwrap(), "PREFIX").replace(host.to_str().unwrap(), "HOST")
}

#[test]
fn commands_for_the_host() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/driver/golden/commands.txt");
    let got = transcript();
    if std::env::var_os("HERMIT_BLESS").is_some() {
        std::fs::write(&golden, &got).unwrap();
    }
    let wanted = std::fs::read_to_string(&golden).unwrap_or_default();
    for (number, (got, wanted)) in got.lines().zip(wanted.lines()).enumerate() {
        assert_eq!(got, wanted, "{}:{}; HERMIT_BLESS=1 accepts it", golden.display(), number + 1);
    }
    assert_eq!(got.lines().count(), wanted.lines().count(), "HERMIT_BLESS=1 accepts it");
}
