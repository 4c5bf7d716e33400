//! The host's binutils under our names: they keep the mark, or we set it again.

use crate::tree::{Scratch, stderr};

const IFUNC: &str = "static int one(void) { return 1; }\nstatic void *pick(void) { return one; }\n\
                     int f(void) __attribute__((ifunc(\"pick\")));\n\
                     __attribute__((used, retain)) static int kept = 3;\nint data[100] = { 1 };\n";

#[test]
fn strip_and_objcopy_keep_the_mark() {
    let scratch = Scratch::new();
    scratch.write("i.c", IFUNC);
    scratch.succeeds("gcc", &["-g", "-c", "i.c"]);
    scratch.succeeds("objcopy", &["i.o", "copy.o"]);
    scratch.succeeds("objcopy", &["--only-keep-debug", "i.o", "debug.o"]);
    scratch.succeeds("strip", &["-g", "-o", "stripped.o", "i.o"]);
    for name in ["copy.o", "debug.o", "stripped.o"] {
        assert_eq!(scratch.osabi(name), 0x42, "{name}");
        assert!(name == "debug.o" || scratch.succeeds("nm", &[name]).contains(" i f\n"), "{name}");
    }
    scratch.succeeds("ar", &["rcs", "lib.a", "i.o", "copy.o"]);
    scratch.succeeds("strip", &["-g", "lib.a"]);
    let places = elfedit::places(&scratch.path("lib.a"), elfedit::Depth::Tables).unwrap();
    assert_eq!(places.iter().map(|place| place.osabi.0).collect::<Vec<_>>(), [0x42, 0x42]);
}

#[test]
fn objects_made_of_raw_data_are_marked() {
    let scratch = Scratch::new();
    scratch.write("blob", "raw data\n");
    scratch.succeeds("objcopy", &["-I", "binary", "-O", "elf64-x86-64", "-B", "i386", "blob", "one.o"]);
    scratch.succeeds("ld", &["-r", "-b", "binary", "blob", "-o", "two.o"]);
    assert_eq!((scratch.osabi("one.o"), scratch.osabi("two.o")), (0x42, 0x42));
    assert!(scratch.succeeds("nm", &["one.o"]).contains("_binary_blob_start"));
}

#[test]
fn unmarked_objects_stay_so() {
    let scratch = Scratch::new();
    scratch.write("i.c", "int i;\n");
    scratch.host("gcc", &["-c", "i.c"]);
    scratch.succeeds("objcopy", &["i.o", "copy.o"]);
    assert_eq!(scratch.osabi("copy.o"), 0);
}

#[test]
fn archives_for_link_time_optimisation() {
    let scratch = Scratch::new();
    scratch.write("main.c", "int value(void); int main(void) { return value(); }\n");
    scratch.write("value.c", "int value(void) { return 42; }\n");
    scratch.succeeds("gcc", &["-O2", "-flto", "-c", "value.c", "main.c"]);
    scratch.succeeds("gcc-ar", &["rcs", "libvalue.a", "value.o"]);
    scratch.succeeds("gcc-ranlib", &["libvalue.a"]);
    assert!(scratch.succeeds("gcc-nm", &["libvalue.a"]).contains("T value"));
    scratch.succeeds("gcc", &["-O2", "-flto", "main.o", "-L.", "-lvalue", "-o", "image"]);
    assert_eq!(scratch.exit_status_of("image"), Some(42));
    assert!(!scratch.succeeds("nm", &["image"]).contains("value"), "inlined across the archive");
}

#[test]
fn every_tool_runs() {
    let scratch = Scratch::new();
    for link in sysroot::links::LINKS.iter().filter(|link| link.folder == sysroot::links::Folder::Bin) {
        let output = scratch.run(link.name, &["--version"]);
        // A host need not have every compiler; binutils and gcc are what ours are made of.
        let may_lack = link.package != sysroot::links::Package::BinutilsHermit && link.name != "gcc";
        assert!(
            output.status.success() || may_lack && stderr(&output).contains(" found "),
            "{}: {}",
            link.name,
            stderr(&output)
        );
    }
}

#[test]
fn elfedit_refuses_and_edits() {
    let scratch = Scratch::new();
    scratch.write("i.c", "int i;\n");
    scratch.write("no.o", "no object\n");
    scratch.host("gcc", &["-c", "i.c"]);
    let said = scratch.fails("elfedit", &["--output-osabi", "HermitCore", "no.o", "i.o"]);
    assert_eq!(said, "x86_64-hermit-elfedit: no.o: neither an ELF file nor an archive\n");
    assert_eq!(scratch.osabi("i.o"), 0x42, "the good one is edited");
    let said = scratch.fails("elfedit", &["--input-osabi=none", "--output-osabi=0", "i.o"]);
    assert_eq!(said, "x86_64-hermit-elfedit: i.o: OSABI is HermitCore, not none\n");
    scratch.write("arguments", "--output-osabi Linux i.o");
    scratch.succeeds("elfedit", &["@arguments"]);
    assert_eq!(scratch.osabi("i.o"), 3);
}
