//! Linking: static marked images from marked objects, with our libraries only.

use crate::tree::{InTime, Scratch, stderr, tree};

const MAIN: &str = "int value(void); int main(void) { return value(); }\n";
const VALUE: &str = "int value(void) { return 42; }\n";

fn with_sources() -> Scratch {
    let scratch = Scratch::new();
    scratch.write("main.c", MAIN);
    scratch.write("value.c", VALUE);
    scratch
}

#[test]
fn images_are_static_and_marked_and_run() {
    for options in [
        &[][..],
        &["-static"],
        &["-pie"],
        &["-static-pie"],
        &["-fPIC", "-rdynamic"],
        &["-pthread", "-pipe"],
        &["-fuse-ld=bfd"],
        &["-Ofast", "-mpc64"],
        &["-save-temps"],
        &["-Wl,-Bstatic", "-Wl,-Bdynamic"],
        &["-flto"],
        &["-flto=auto", "-g", "-O2"],
        &["-flto", "-fno-use-linker-plugin"],
        &["-flto", "-ffat-lto-objects"],
        &["-ffunction-sections", "-s"],
    ] {
        let scratch = with_sources();
        scratch.succeeds("gcc", &[options, &["main.c", "value.c", "-o", "image"]].concat());
        assert_eq!(scratch.osabi("image"), 0x42, "{options:?}");
        assert_eq!(scratch.exit_status_of("image"), Some(42), "{options:?}");
        let header = scratch.succeeds("readelf", &["-hlW", "image"]);
        assert!(
            header.contains("EXEC (Executable file)") && !header.contains("INTERP"),
            "{options:?}: {header}"
        );
    }
}

/// Links and runs a program that answers with 42.
fn holds(scratch: &Scratch, source: &str, others: &[&str]) {
    scratch.write("holds.c", source);
    scratch.succeeds("gcc", &[&["holds.c"], others, &["-o", "image"]].concat());
    assert_eq!(scratch.exit_status_of("image"), Some(42), "{source}");
}

#[test]
fn common_variables_lie_within_the_image() {
    let source = "extern char _end[];\nint common[1000];\n\
                  int main(void) { return (char *) (common + 1000) <= _end ? 42 : 1; }\n";
    holds(&Scratch::new(), source, &["-fcommon"]);
}

/// Signal handlers wait until the kernel's code is left; what it calls in the C library counts as the kernel's.
#[test]
fn the_kernels_code_holds_the_c_librarys_strings_and_nothing_else() {
    let scratch = Scratch::new();
    for (member, function) in [("string-copy", "copy"), ("stdio-print", "print")] {
        scratch.write(&format!("{member}.c"), &format!("void {function}(void) {{}}\n"));
        scratch.succeeds("gcc", &["-c", &format!("{member}.c")]);
    }
    // The script knows the C library by the end of its name.
    scratch.succeeds("ar", &["rcs", "second-libc.a", "string-copy.o", "stdio-print.o"]);
    let source = "extern char __kernel_text_start[], __kernel_text_end[];\n\
                  void copy(void), print(void), hermit_exit(int);\n\
                  #define IS_KERNELS(f) ((char *) f >= __kernel_text_start && (char *) f < __kernel_text_end)\n\
                  int main(void) { return IS_KERNELS(copy) && IS_KERNELS(hermit_exit) && !IS_KERNELS(print) \
                  && !IS_KERNELS(main) ? 42 : 1; }\n";
    holds(&scratch, source, &["second-libc.a"]);
}

#[test]
fn ifunc_images_keep_the_mark() {
    let scratch = Scratch::new();
    scratch.write(
        "i.c",
        "static int seven(void) { return 7; }\nstatic void *pick(void) { return seven; }\n\
         int f(void) __attribute__((ifunc(\"pick\")));\nint main(void) { return f == 0; }\n",
    );
    scratch.succeeds("gcc", &["i.c", "-o", "image"]);
    assert_eq!(scratch.osabi("image"), 0x42);
}

#[test]
fn retained_sections_survive_section_gc() {
    let scratch = Scratch::new();
    let source =
        "__attribute__((used, retain, section(\"mine\"))) int kept = 5; int main(void) { return 0; }\n";
    scratch.write("kept.c", source);
    scratch.write("dropped.c", &source.replace("retain, ", ""));
    for (name, survives) in [("kept", true), ("dropped", false)] {
        scratch.succeeds("gcc", &[&format!("{name}.c"), "-o", name]);
        assert_eq!(scratch.succeeds("nm", &[name]).contains(" kept"), survives, "{name}");
    }
}

#[test]
fn constructors_survive_section_gc() {
    let scratch = Scratch::new();
    scratch.write(
        "c.c",
        "int ran; static void first(void) { ran = 5; }\n\
         __attribute__((used, section(\".init_array\"))) static void (*entry)(void) = first;\n\
         int unused_data[1000] = { 1 }; int unused(void) { return unused_data[3]; }\n\
         extern void (*__init_array_start[])(void);\nint main(void) { return __init_array_start != 0; }\n",
    );
    scratch.succeeds("gcc", &["-ffunction-sections", "-fdata-sections", "c.c", "-o", "image"]);
    let symbols = scratch.succeeds("nm", &["image"]);
    assert!(symbols.contains(" first") && !symbols.contains("unused"), "{symbols}");
}

#[test]
fn an_unmarked_object_is_named_with_the_cure() {
    let scratch = with_sources();
    scratch.host("gcc", &["-c", "value.c", "-o", "va lue.o"]);
    let said = scratch.fails("gcc", &["main.c", "va lue.o", "-o", "image"]);
    assert!(said.contains("x86_64-hermit-ld: error: va lue.o was not compiled for HermitCore"), "{said}");
    assert!(said.contains("x86_64-hermit-elfedit --output-osabi HermitCore 'va lue.o'"), "{said}");
    assert!(!scratch.path("image").exists());

    scratch.succeeds("elfedit", &["--output-osabi", "HermitCore", "va lue.o"]);
    scratch.succeeds("gcc", &["main.c", "va lue.o", "-o", "image"]);
    assert_eq!(scratch.exit_status_of("image"), Some(42));
}

/// Whatever system an object is for, the linker would take it.
#[test]
fn objects_of_every_other_osabi_are_refused() {
    let scratch = with_sources();
    scratch.succeeds("gcc", &["-c", "main.c", "value.c"]);
    // Those that have names (elf.h), neighbours of ours, and the ends.
    for osabi in [0, 1, 2, 3, 6, 7, 8, 9, 10, 11, 12, 17, 18, 0x40, 0x41, 0x43, 0x46, 0x62, 97, 0xc2, 255] {
        elfedit::set_osabi(&scratch.path("value.o"), elfedit::Osabi(osabi)).unwrap();
        let said = scratch.fails("ld", &["main.o", "value.o", "-o", "image"]);
        assert!(said.contains("value.o was not compiled for HermitCore"), "{osabi}: {said}");
    }
    assert!(!scratch.path("image").exists());
}

/// The host's own gcc gives some of its objects OSABI GNU: those with an ifunc and those with a unique symbol.
#[test]
fn objects_of_gnu_are_refused_alone_and_in_archives() {
    let scratch = with_sources();
    scratch.write(
        "value.c",
        "static int seven(void) { return 7; }\nstatic void *pick(void) { return seven; }\n\
         int value(void) __attribute__((ifunc(\"pick\")));\n",
    );
    scratch.write("unique.s", ".data\n.globl u\n.type u, @gnu_unique_object\nu: .long 1\n");
    scratch.host("gcc", &["-c", "value.c", "unique.s"]);
    scratch.host("ar", &["rcs", "libgnu.a", "value.o", "unique.o"]);
    assert_eq!((scratch.osabi("value.o"), scratch.osabi("unique.o")), (3, 3));
    for (argument, place) in
        [("value.o", "value.o"), ("unique.o", "unique.o"), ("libgnu.a", "libgnu.a(value.o)")]
    {
        let said = scratch.fails("gcc", &["main.c", argument, "-o", "image"]);
        let refusal = format!("{place} was not compiled for HermitCore: its OSABI is ");
        assert!(said.contains(&refusal), "{argument}: {said}");
        assert!(!scratch.path("image").exists());
    }
    assert!(scratch.fails("gcc", &["main.c", "libgnu.a"]).contains("(1 more members likewise)"));
}

#[test]
fn unmarked_members_are_named_however_the_archive_is_reached() {
    let scratch = with_sources();
    scratch.host("gcc", &["-c", "value.c"]);
    scratch.host("ar", &["rcs", "libvalue.a", "value.o"]);
    scratch.host("ar", &["rcsT", "libthin.a", "value.o"]);
    scratch.succeeds("gcc", &["-c", "main.c", "-o", "ours.o"]);
    scratch.host("ar", &["rcs", "libmixed.a", "ours.o", "value.o"]);
    scratch.write("arguments", "-L. -lvalue");
    for (arguments, member) in [
        (&["libvalue.a"][..], "libvalue.a(value.o)"),
        (&["-L.", "-lvalue"], "./libvalue.a(value.o)"),
        (&["-L", ".", "-l", "value"], "./libvalue.a(value.o)"),
        (&["-L.", "-l:libvalue.a"], "./libvalue.a(value.o)"),
        (&["-lvalue", "-L."], "./libvalue.a(value.o)"),
        (&["@arguments"], "./libvalue.a(value.o)"),
        (&["-Wl,--whole-archive,libvalue.a"], "libvalue.a(value.o)"),
        (&["libthin.a"], "libthin.a(value.o)"),
        (&["libmixed.a"], "libmixed.a(value.o)"),
    ] {
        let said = scratch.fails("gcc", &[&["main.c"], arguments].concat());
        assert!(said.contains(&format!("error: {member} was not compiled")), "{arguments:?}: {said}");
    }
    scratch.succeeds("elfedit", &["--output-osabi", "HermitCore", "libvalue.a"]);
    scratch.succeeds("gcc", &["main.c", "-L.", "-lvalue", "-o", "image"]);
    assert_eq!(scratch.exit_status_of("image"), Some(42));
}

/// Those folders are not on the command line: the driver adds them, and has to look into them as well.
#[test]
fn libraries_in_our_own_folders_are_checked_for_ld_alone() {
    let scratch = with_sources();
    scratch.succeeds("gcc", &["-c", "main.c"]);
    scratch.host("gcc", &["-c", "value.c"]);
    for folder in [tree().prefix.lib(), tree().prefix.gcc_lib()] {
        // No other test names this library.
        let archive = folder.join("libunmarked_in_the_tree.a").display().to_string();
        scratch.host("ar", &["rcs", &archive, "value.o"]);
        let said = scratch.fails("ld", &["main.o", "-lunmarked_in_the_tree", "-o", "image"]);
        std::fs::remove_file(&archive).unwrap();
        assert!(said.contains(&format!("error: {archive}(value.o) was not compiled")), "{said}");
    }
}

#[test]
fn what_lies_in_our_own_folders_is_checked() {
    let scratch = with_sources();
    scratch.host("gcc", &["-c", "value.c"]);
    let library = tree().prefix.lib().join("libunmarked.a");
    scratch.host("ar", &["rcs", library.to_str().unwrap(), "value.o"]);
    scratch.succeeds("gcc", &["-c", "main.c"]);
    let crt0 = tree().prefix.lib().join("crt0.o");
    let said = scratch.fails("ld", &[crt0.to_str().unwrap(), "main.o", "-lunmarked", "-lhermit"]);
    assert!(said.contains("libunmarked.a(value.o) was not compiled"), "{said}");
    std::fs::remove_file(library).unwrap();
}

#[test]
fn no_library_of_the_host_is_found() {
    let scratch = with_sources();
    // The host has both; libgcov even beside its libgcc.
    for library in ["-lgcov", "-ldl"] {
        let mut command = scratch.tool("gcc", &["main.c", "value.c", library]);
        let output = command
            .env("LIBRARY_PATH", "/usr/lib/x86_64-linux-gnu")
            .env("COMPILER_PATH", "/usr/bin")
            .in_time();
        assert!(!output.status.success());
        assert!(stderr(&output).contains(&format!("cannot find {library}")), "{}", stderr(&output));
    }
    let line = stderr(&scratch.run("gcc", &["-v", "main.c", "value.c"]));
    assert!(!line.contains("-L/usr") && !line.contains("/crt1.o"), "{line}");
}

#[test]
fn shared_libraries_and_foreign_objects_are_refused() {
    let scratch = with_sources();
    scratch.host("gcc", &["-shared", "-fPIC", "value.c", "-o", "libvalue.so"]);
    assert!(scratch.fails("gcc", &["main.c", "libvalue.so"]).contains("libvalue.so is a shared library"));
    assert!(scratch.fails("gcc", &["main.c", "-L.", "-lvalue"]).contains("cannot find -lvalue"));
    scratch.host("as", &["--32", "/dev/null", "-o", "small.o"]);
    assert!(scratch.fails("ld", &["small.o"]).contains("small.o: 32-bit ELF"));
    assert!(scratch.fails("ld", &["-shared", "small.o"]).contains("no dynamic linker"));
}

#[test]
fn openmp_says_what_is_missing() {
    let scratch = with_sources();
    let said = scratch.fails("gcc", &["-fopenmp", "main.c", "value.c"]);
    assert!(said.contains("-fopenmp needs the package libomp-hermit"), "{said}");
}

#[test]
fn gccs_own_options_keep_their_meaning() {
    let scratch = with_sources();
    scratch.write("start.c", "void _start(void) {}\n");
    scratch.succeeds("gcc", &["-nostdlib", "start.c", "-o", "bare"]);
    let symbols = scratch.succeeds("nm", &["bare"]);
    assert!(symbols.contains("T _start") && !symbols.contains("hermit_exit"), "{symbols}");
    let said = scratch.fails("gcc", &["-nodefaultlibs", "main.c", "value.c"]);
    assert!(said.contains("undefined reference to `hermit_exit'"), "{said}");
    assert!(
        scratch
            .fails("gcc", &["-nostartfiles", "-nodefaultlibs", "-Wl,-e,main", "main.c"])
            .contains("`value'")
    );
    scratch.succeeds("gcc", &["-r", "main.c", "value.c", "-o", "both.o"]);
    assert_eq!(scratch.osabi("both.o"), 0x42);
    scratch.succeeds("gcc", &["both.o", "-o", "image"]);
    assert_eq!(scratch.exit_status_of("image"), Some(42));
}

#[test]
fn an_image_tells_of_which_build_it_is() {
    let scratch = with_sources();
    scratch.succeeds("gcc", &["main.c", "value.c", "-o", "image"]);
    assert!(scratch.succeeds("readelf", &["-n", "image"]).contains("Build ID: "));
    scratch.succeeds("gcc", &["-r", "main.c", "value.c", "-o", "both.o"]);
    assert!(!scratch.succeeds("readelf", &["-n", "both.o"]).contains("Build ID: "), "no image");
}

#[test]
fn the_users_linker_script_wins() {
    let scratch = Scratch::new();
    scratch.write("start.c", "void _start(void) {}\n");
    scratch.write("my.ld", "ENTRY(_start) SECTIONS { . = 0x7000000; .text : { *(.text) } }\n");
    scratch.succeeds("gcc", &["-nostdlib", "start.c", "-T", "my.ld", "-o", "mine"]);
    assert!(scratch.succeeds("readelf", &["-h", "mine"]).contains("0x70000"));
    scratch.succeeds("gcc", &["-nostdlib", "start.c", "-o", "ours"]);
    assert!(scratch.succeeds("readelf", &["-h", "ours"]).contains("0x20"));
}

#[test]
fn ld_alone_makes_an_image() {
    let scratch = with_sources();
    scratch.succeeds("gcc", &["-c", "main.c", "value.c"]);
    let crt0 = tree().prefix.lib().join("crt0.o");
    scratch.succeeds("ld", &[crt0.to_str().unwrap(), "main.o", "value.o", "-lc", "-lhermit", "-o", "image"]);
    assert_eq!(scratch.osabi("image"), 0x42);
    assert_eq!(scratch.exit_status_of("image"), Some(42));
}

/// Longer than Linux takes with any limit of the stack: 6 MiB.
#[test]
fn very_long_command_lines_pass() {
    let scratch = with_sources();
    let long: String =
        (0..110_000).map(|n| format!("--defsym=a_rather_long_symbol_name_{n:0>20}={n}\n")).collect();
    scratch.write("long", &long);
    scratch.succeeds("gcc", &["-c", "main.c", "value.c"]);
    let crt0 = tree().prefix.lib().join("crt0.o");
    scratch
        .succeeds("ld", &[crt0.to_str().unwrap(), "main.o", "value.o", "@long", "-lhermit", "-o", "image"]);
    assert_eq!(scratch.exit_status_of("image"), Some(42));
}
