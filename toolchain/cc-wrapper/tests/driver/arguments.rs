//! How arguments may be written: response files, blanks, standard input, and options that move gcc's own parts.

use std::fs;

use crate::tree::{InTime, Scratch, in_time_with_input, stderr, tree};

const MAIN: &str = "#include <stdio.h>\n#ifndef OUR_STDIO\n#error leak\n#endif\nint value(void);\n\
                    int main(void) { return value(); }\n";

fn with_sources() -> Scratch {
    let scratch = Scratch::new();
    scratch.write("main.c", MAIN);
    scratch.write("value.c", "int value(void) { return 42; }\n");
    scratch
}

/// Both compilers' objects in archives, ours in `libvalue.a` and the host's in `libhost.a`.
fn with_libraries() -> Scratch {
    let scratch = with_sources();
    scratch.succeeds("gcc", &["-c", "value.c"]);
    scratch.succeeds("ar", &["rcs", "libvalue.a", "value.o"]);
    scratch.host("gcc", &["-c", "value.c"]);
    scratch.host("ar", &["rcs", "libhost.a", "value.o"]);
    scratch
}

#[test]
fn response_files_of_windows_work_in_every_tool() {
    let scratch = with_libraries();
    scratch.write("link", "main.c\r\n-L.\r\n\r\n-lvalue\r\n-o image\r\n");
    scratch.succeeds("gcc", &["@link"]);
    assert_eq!(scratch.exit_status_of("image"), Some(42));
    // What the linker would be told without the carriage returns is checked, too.
    scratch.write("host", "main.c\r\n-L.\r\n-lhost\r\n");
    assert!(scratch.fails("gcc", &["@host"]).contains("libhost.a(value.o) was not compiled for HermitCore"));
    scratch.succeeds("gcc", &["-S", "value.c"]);
    scratch.write("assemble", "value.s\r\n-o\r\nassembled.o\r\n");
    scratch.succeeds("as", &["@assemble"]);
    assert_eq!(scratch.osabi("assembled.o"), 0x42);
    let crt0 = tree().prefix.lib().join("crt0.o").display().to_string().replace(' ', "\\ ");
    scratch.succeeds("gcc", &["-c", "main.c"]);
    scratch.write("ld", &format!("{crt0}\r\nmain.o\r\nassembled.o\r\n-lc\t-lhermit\x0c-o\x0bby-ld\r\n"));
    scratch.succeeds("ld", &["@ld"]);
    assert_eq!(scratch.exit_status_of("by-ld"), Some(42));
    scratch.write("mark", "--output-osabi\r\nHermitCore\r\nlibhost.a\r\n");
    scratch.succeeds("elfedit", &["@mark"]);
    scratch.succeeds("gcc", &["@host", "-o", "image"]);
}

#[test]
fn response_files_nest_wherever_they_are_named() {
    let scratch = with_libraries();
    scratch.write("inner", "-L. -lhost");
    scratch.write("middle", "@inner");
    scratch.write("outer", "main.c\n@middle\n");
    for arguments in [
        &["@outer"][..],
        &["main.c", "-Wl,@middle"],
        &["main.c", "-Xlinker", "@inner"],
        &["main.c", "@inner"],
    ] {
        let said = scratch.fails("gcc", arguments);
        assert!(said.contains("./libhost.a(value.o) was not compiled"), "{arguments:?}: {said}");
    }
    // Without gcc, which would expand what it hands on.
    scratch.succeeds("gcc", &["-c", "main.c"]);
    for arguments in [&["main.o", "@middle"][..], &["@objects"]] {
        scratch.write("objects", "main.o @middle");
        assert!(scratch.fails("ld", arguments).contains("./libhost.a(value.o) was not compiled"));
    }
    scratch.write("inner", "-L. -lvalue");
    for arguments in [&["@outer"][..], &["main.c", "-Wl,@middle"], &["main.c", "-Xlinker", "@inner"]] {
        scratch.succeeds("gcc", &[arguments, &["-o", "image"]].concat());
        assert_eq!(scratch.exit_status_of("image"), Some(42), "{arguments:?}");
    }
    // What is no file is an argument, as it is for gcc.
    assert!(scratch.fails("gcc", &["@missing"]).contains("@missing"));
}

/// GNU ld tells the name of each file that it does not find: so it shows how it reads a response file, and so do we.
#[test]
fn response_files_are_read_as_gnu_ld_reads_them() {
    let scratch = Scratch::new();
    for content in [
        "one two\tthree\nfour\r\nfive\x0bsix\x0cseven",
        "'a b' \"c d\" e\\ f g'h i'j k\"l m\"n",
        "\"don't\" 'say \"x\"' \\'y\\' \\\"z\\\"",
        "\"a\\\"b\" \"c\\\\d\" e\\\\f \\\nplain",
        "  leading and trailing  \n\n",
        "''a \"\"b c'' x#y $z *.o ~",
        "\"two\nlines\"",
    ] {
        scratch.write("response", content);
        let missing = |output: std::process::Output| -> Vec<String> {
            let said = stderr(&output);
            let name = |text: &str| text.split(": No such file").next().unwrap().to_owned();
            said.split("cannot find ").skip(1).map(name).collect()
        };
        let mut host = std::process::Command::new("ld");
        let host = missing(host.arg("@response").env("LC_ALL", "C").current_dir(scratch.path("")).in_time());
        let ours = missing(scratch.run("ld", &["@response"]));
        assert!(host.len() > 1 || content.contains("two\nlines"), "{content:?}: {host:?}");
        assert_eq!(ours, host, "{content:?}");
    }
}

#[test]
fn names_may_have_blanks_and_quotes() {
    for name in
        ["a b", "it's", "\"quoted\"", "back\\slash", "tab\there", "dollar $HOME", "semi;colon", "-dash"]
    {
        let scratch = with_sources();
        let (folder, source) = (format!("./{name}"), format!("./{name}/{name}.c"));
        fs::create_dir(scratch.path(name)).unwrap();
        scratch.write(&format!("{name}/{name}.c"), MAIN);
        scratch.write(&format!("{name}/of us.h"), "#define VALUE 42\n");
        scratch.write("value.c", "#include \"of us.h\"\nint value(void) { return VALUE; }\n");
        scratch.succeeds("gcc", &["-c", "value.c", "-I", &folder]);
        scratch.succeeds("ar", &["rcs", &format!("{folder}/libvalue.a"), "value.o"]);
        let image = format!("{folder}/image of {name}");
        scratch.succeeds("gcc", &[&source, "-L", &folder, "-lvalue", "-o", &image]);
        assert_eq!(scratch.osabi(&image), 0x42, "{name}");
        assert_eq!(scratch.exit_status_of(&image), Some(42), "{name}");
    }
}

#[test]
fn empty_arguments_are_told_and_harm_nothing() {
    let scratch = with_sources();
    let native = |program: &str, arguments: &[&str]| {
        let mut command = std::process::Command::new(program);
        command.args(arguments).env("LC_ALL", "C").current_dir(scratch.path("")).in_time().status.code()
    };
    for arguments in [&["", "-c", "value.c"][..], &["-c", ""], &[""], &["-o", "", "-c", "value.c"]] {
        let output = scratch.run("gcc", arguments);
        assert_eq!(output.status.code(), native("gcc", arguments), "{arguments:?}: {}", stderr(&output));
    }
    // as takes it for standard input.
    for (tool, arguments) in
        [("ld", &[""][..]), ("ld", &["-o", ""]), ("as", &[""]), ("ar", &[""]), ("objcopy", &[""])]
    {
        let output = scratch.run(tool, arguments);
        let said = stderr(&output);
        assert_eq!(output.status.code(), native(tool, arguments), "{tool} {arguments:?}: {said}");
        assert!(!said.contains("panicked"), "{tool} {arguments:?}: {said}");
    }
    assert!(scratch.fails("elfedit", &["--output-osabi", "HermitCore", ""]).contains("No such file"));
}

#[test]
fn standard_input_becomes_objects_and_images() {
    let scratch = with_sources();
    let by_pipe = |arguments: &[&str], text: &str| {
        let output = in_time_with_input(&mut scratch.tool("gcc", arguments), text);
        assert!(output.status.success(), "{arguments:?}: {}", stderr(&output));
    };
    by_pipe(&["-c", "-x", "c", "-", "-o", "piped.o"], MAIN);
    assert_eq!(scratch.osabi("piped.o"), 0x42);
    // -x none: what follows is known by its name again.
    by_pipe(&["-x", "c", "-", "-x", "none", "value.c", "-o", "image"], MAIN);
    assert_eq!((scratch.osabi("image"), scratch.exit_status_of("image")), (0x42, Some(42)));
    by_pipe(&["-c", "-x", "assembler", "-", "-o", "assembled.o"], ".globl x\nx: nop\n");
    by_pipe(
        &["-c", "-x", "assembler-with-cpp", "-", "-o", "assembled.o"],
        "#ifdef __hermit__\nx: nop\n#endif\n",
    );
    assert!(scratch.succeeds("nm", &["assembled.o"]).contains(" x"));
    fs::copy(scratch.path("main.c"), scratch.path("main.text")).unwrap();
    scratch.succeeds("gcc", &["-xc", "main.text", "value.c", "-o", "image"]);
    assert_eq!(scratch.exit_status_of("image"), Some(42));
}

/// The user's own specs and folders of tools come beside ours.
#[test]
fn options_that_move_gccs_parts_do_not_move_ours() {
    let scratch = with_sources();
    scratch.write("user.specs", "*cc1:\n+ -DOF_THE_USER\n\n");
    scratch.write("checks.c", "#ifndef OF_THE_USER\n#error no specs\n#endif\n#include \"main.c\"\n");
    scratch.succeeds("gcc", &["-specs=user.specs", "checks.c", "value.c", "-o", "image"]);
    assert_eq!((scratch.osabi("image"), scratch.exit_status_of("image")), (0x42, Some(42)));
    fs::create_dir(scratch.path("tools")).unwrap();
    for tool in ["as", "ld"] {
        scratch.write_script(&format!("tools/{tool}"), "#!/bin/sh\nexit 9\n");
    }
    scratch.succeeds("gcc", &["-Btools/", "main.c", "value.c", "-o", "image"]);
    assert_eq!((scratch.osabi("image"), scratch.exit_status_of("image")), (0x42, Some(42)));
}

#[test]
fn a_sysroot_brings_nothing_of_the_host() {
    let scratch = with_sources();
    scratch.write("epoll.c", "#include <sys/epoll.h>\n");
    for folder in ["usr/include/sys", "usr/lib", "lib"] {
        fs::create_dir_all(scratch.path(&format!("root/{folder}"))).unwrap();
    }
    scratch.write("root/usr/include/sys/epoll.h", "");
    scratch.succeeds("gcc", &["-c", "value.c"]);
    scratch.succeeds("ar", &["rcs", "root/usr/lib/libtrapped.a", "value.o"]);
    let own = format!("--sysroot={}", scratch.path("root").display());
    for sysroot in ["--sysroot=/", &own] {
        let said = scratch.fails("gcc", &[sysroot, "-c", "epoll.c"]);
        assert!(said.contains("sys/epoll.h: No such file"), "{sysroot}: {said}");
        let said = scratch.fails("gcc", &[sysroot, "main.c", "-ltrapped"]);
        assert!(said.contains("cannot find -ltrapped"), "{sysroot}: {said}");
        scratch.succeeds("gcc", &[sysroot, "main.c", "value.c", "-o", "image"]);
        assert_eq!((scratch.osabi("image"), scratch.exit_status_of("image")), (0x42, Some(42)), "{sysroot}");
    }
}
