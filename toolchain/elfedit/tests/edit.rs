//! Editing real objects and archives, made by the host's gcc and ar: what is right is changed in place, what is wrong
//! is refused and stays as it was.
#![allow(clippy::unwrap_used, reason = "a panic in a test is the failure that we want to see")]

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::Command;

use elfedit::{Depth, ElfType, Error, Osabi, cli, edit, osabi_of, places, set_osabi};
use tests::limited;

struct Folder(tempfile::TempDir);

impl Folder {
    /// A folder with the object `a.o`, and `a.c` beside it.
    fn new() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        fs::write(folder.path("a.c"), "int value = 3; int get(void) { return value; }\n").unwrap();
        folder.run("gcc", &["-c", "a.c"]);
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn run(&self, tool: &str, arguments: &[&str]) {
        let mut command = Command::new(tool);
        let output = limited::output(command.args(arguments).current_dir(self.0.path()), limited::COMPILER);
        assert!(output.unwrap().status.success(), "{tool} {arguments:?}");
    }
}

fn osabis(path: &Path) -> Vec<u8> {
    places(path, Depth::Tables).unwrap().iter().map(|place| place.osabi.0).collect()
}

/// Sets HermitCore's OSABI, which must be refused, and checks that not a byte changed.
fn refused(path: &Path) -> Error {
    let before = fs::read(path).unwrap();
    let error = set_osabi(path, Osabi::HERMIT).unwrap_err();
    assert_eq!(fs::read(path).unwrap(), before, "{error}");
    error
}

#[test]
fn one_byte_changes_and_nothing_else() {
    let folder = Folder::new();
    let object = folder.path("a.o");
    fs::set_permissions(&object, fs::Permissions::from_mode(0o640)).unwrap();
    fs::hard_link(&object, folder.path("twin.o")).unwrap();
    let (before, metadata) = (fs::read(&object).unwrap(), fs::metadata(&object).unwrap());

    assert_eq!(set_osabi(&object, Osabi::HERMIT).unwrap(), 1);
    let mut wanted = before;
    wanted[7] = 0x42;
    assert_eq!(fs::read(&object).unwrap(), wanted);
    let now = fs::metadata(&object).unwrap();
    assert_eq!((now.mode(), now.ino()), (metadata.mode(), metadata.ino()));
    assert_eq!(osabi_of(&folder.path("twin.o")).unwrap(), Osabi::HERMIT);
    assert_eq!(set_osabi(&object, Osabi::HERMIT).unwrap(), 0, "nothing left to change");
}

#[test]
fn executables_shared_libraries_and_stripped_files() {
    let folder = Folder::new();
    fs::write(folder.path("m.c"), "int main(void) { return 0; }\n").unwrap();
    folder.run("gcc", &["-shared", "-fPIC", "a.c", "-o", "lib.so"]);
    folder.run("gcc", &["-no-pie", "-static", "m.c", "-o", "image"]);
    folder.run("gcc", &["-s", "m.c", "-o", "pie"]);
    for (name, elf_type) in
        [("lib.so", ElfType::Shared), ("image", ElfType::Executable), ("pie", ElfType::Shared)]
    {
        let path = folder.path(name);
        set_osabi(&path, Osabi::HERMIT).unwrap();
        let found = places(&path, Depth::Tables).unwrap();
        assert_eq!((found[0].osabi, found[0].elf_type), (Osabi::HERMIT, elf_type), "{name}");
    }
}

#[test]
fn every_member_of_an_archive_and_nothing_else_in_it() {
    let folder = Folder::new();
    fs::copy(folder.path("a.o"), folder.path("a_member_with_a_very_long_name.o")).unwrap();
    fs::write(folder.path("notes.txt"), "odd\n").unwrap();
    folder.run("gcc", &["-flto", "-c", "a.c", "-o", "slim.o"]);
    folder.run("gcc", &["-flto", "-ffat-lto-objects", "-c", "a.c", "-o", "fat.o"]);
    let members = ["a.o", "notes.txt", "a_member_with_a_very_long_name.o", "slim.o", "fat.o"];
    folder.run("ar", &[&["rcs", "lib.a"], &members[..]].concat());
    let archive = folder.path("lib.a");
    let before = fs::read(&archive).unwrap();

    assert_eq!(set_osabi(&archive, Osabi::HERMIT).unwrap(), 4);
    assert_eq!(osabis(&archive), [0x42; 4]);
    let after = fs::read(&archive).unwrap();
    let changed = before.iter().zip(&after).filter(|(before, after)| before != after).count();
    assert_eq!((changed, after.len()), (4, before.len()));
    folder.run("ar", &["x", "lib.a"]);
    assert_eq!(osabi_of(&folder.path("slim.o")).unwrap(), Osabi::HERMIT);
    let names: Vec<_> = places(&archive, Depth::Header).unwrap().iter().map(ToString::to_string).collect();
    assert!(names[1].ends_with("lib.a(a_member_with_a_very_long_name.o)"), "{names:?}");
}

#[test]
fn an_empty_archive_and_one_without_index() {
    let folder = Folder::new();
    folder.run("ar", &["rcs", "empty.a"]);
    assert_eq!(set_osabi(&folder.path("empty.a"), Osabi::HERMIT).unwrap(), 0);
    folder.run("ar", &["rcS", "plain.a", "a.o"]);
    assert_eq!(set_osabi(&folder.path("plain.a"), Osabi::HERMIT).unwrap(), 1);
}

#[test]
fn a_thin_archive_leads_to_its_files() {
    let folder = Folder::new();
    fs::create_dir(folder.path("sub")).unwrap();
    folder.run("gcc", &["-c", "a.c", "-o", "sub/b.o"]);
    folder.run("ar", &["rcsT", "thin.a", "a.o", "sub/b.o"]);
    let archive = folder.path("thin.a");
    let before = fs::read(&archive).unwrap();
    assert_eq!(set_osabi(&archive, Osabi::HERMIT).unwrap(), 2);
    assert_eq!(fs::read(&archive).unwrap(), before);
    assert_eq!(osabi_of(&folder.path("sub/b.o")).unwrap(), Osabi::HERMIT);

    // One member is missing: the other stays as it is.
    fs::remove_file(folder.path("sub/b.o")).unwrap();
    let error = edit(&archive, None, Osabi(0)).unwrap_err().to_string();
    assert!(error.contains("sub/b.o: cannot open"), "{error}");
    assert_eq!(osabi_of(&folder.path("a.o")).unwrap(), Osabi::HERMIT);
}

/// By `../`, by an absolute path and through a link: neither those files nor the others change.
#[test]
fn a_thin_archive_leads_out_of_its_folder_to_nothing() {
    let folder = Folder::new();
    fs::create_dir(folder.path("lib")).unwrap();
    folder.run("gcc", &["-c", "a.c", "-o", "lib/inside.o"]);
    std::os::unix::fs::symlink(folder.path("a.o"), folder.path("lib/link.o")).unwrap();
    let outside = folder.path("a.o");
    let before = osabi_of(&outside).unwrap();
    for (name, member) in [("up", "a.o"), ("absolute", outside.to_str().unwrap()), ("link", "lib/link.o")] {
        let archive = format!("lib/{name}.a");
        folder.run("ar", &["rcsT", &archive, "lib/inside.o", member]);
        let error = edit(&folder.path(&archive), None, Osabi::HERMIT).unwrap_err().to_string();
        assert!(
            error.contains(&format!("{name}.a(")) && error.contains("outside of the thin archive's"),
            "{error}"
        );
        assert_eq!(osabi_of(&outside).unwrap(), before, "{name}");
        assert_eq!(osabi_of(&folder.path("lib/inside.o")).unwrap(), before, "{name}");
    }
    // What is marked already is nobody's business.
    set_osabi(&outside, Osabi::HERMIT).unwrap();
    assert_eq!(set_osabi(&folder.path("lib/up.a"), Osabi::HERMIT).unwrap(), 1);
    folder.run("ar", &["rcsT", "lib/back.a", "lib/../lib/inside.o"]);
    assert_eq!(set_osabi(&folder.path("lib/back.a"), Osabi(0)).unwrap(), 1, "out and in again");
}

#[test]
fn the_input_osabi_is_a_condition_for_the_whole_file() {
    let folder = Folder::new();
    fs::copy(folder.path("a.o"), folder.path("b.o")).unwrap();
    set_osabi(&folder.path("b.o"), Osabi(3)).unwrap();
    folder.run("ar", &["rcs", "lib.a", "a.o", "b.o"]);
    let archive = folder.path("lib.a");
    let error = edit(&archive, Some(Osabi(0)), Osabi::HERMIT).unwrap_err();
    assert!(matches!(&error, Error::Mismatch { got: Osabi(3), wanted: Osabi(0), .. }), "{error}");
    assert!(error.to_string().ends_with("lib.a(b.o): OSABI is GNU, not none"), "{error}");
    assert_eq!(osabis(&archive), [0, 3]);
    assert_eq!(edit(&folder.path("a.o"), Some(Osabi(0)), Osabi::HERMIT).unwrap(), 1);
}

#[test]
fn what_is_no_elf_file_is_refused() {
    let folder = Folder::new();
    for (name, content) in
        [("empty", &b""[..]), ("text", b"#!/bin/sh\n"), ("elf?", b"\x7fEL"), ("ar?", b"!<arch>")]
    {
        fs::write(folder.path(name), content).unwrap();
        assert!(matches!(refused(&folder.path(name)), Error::NotElf { .. }), "{name}");
    }
    let error = set_osabi(&folder.path("."), Osabi::HERMIT).unwrap_err();
    assert!(matches!(error, Error::NotRegular(_)), "{error}");
    let error = set_osabi(&folder.path("missing"), Osabi::HERMIT).unwrap_err();
    assert!(error.to_string().contains("missing: cannot open: No such file"), "{error}");
}

#[test]
fn files_for_other_machines_are_refused() {
    let folder = Folder::new();
    folder.run("as", &["--32", "/dev/null", "-o", "small.o"]);
    assert!(
        refused(&folder.path("small.o"))
            .to_string()
            .ends_with("32-bit ELF, but HermitCore's files are 64-bit ELF for x86-64")
    );
    let mut arm = fs::read(folder.path("a.o")).unwrap();
    arm[18] = 183;
    fs::write(folder.path("arm.o"), arm).unwrap();
    assert!(refused(&folder.path("arm.o")).to_string().contains("machine 183"));
    let mut big = fs::read(folder.path("a.o")).unwrap();
    for (order, what) in [(2, "big-endian ELF, but"), (3, "unknown ELF class or byte order")] {
        big[5] = order;
        fs::write(folder.path("big.o"), &big).unwrap();
        let error = refused(&folder.path("big.o")).to_string();
        assert!(error.contains(what), "{error}");
    }
    folder.run("ar", &["rcs", "mixed.a", "a.o", "small.o"]);
    assert!(refused(&folder.path("mixed.a")).to_string().contains("mixed.a(small.o): 32-bit ELF"));
}

#[test]
fn truncated_files_are_refused() {
    let folder = Folder::new();
    folder.run("ar", &["rcs", "lib.a", "a.o"]);
    for name in ["a.o", "lib.a"] {
        let whole = fs::read(folder.path(name)).unwrap();
        for length in [whole.len() - 1, whole.len() / 2, 70, 30, 12] {
            fs::write(folder.path("part"), &whole[..length]).unwrap();
            let error = refused(&folder.path("part"));
            assert!(matches!(error, Error::Damaged { .. }), "{name} cut to {length}: {error}");
        }
    }
    // The last member is no ELF file: nothing of it is read, but it is not all there.
    fs::write(folder.path("notes.txt"), [b'n'; 100]).unwrap();
    folder.run("ar", &["rcs", "notes.a", "a.o", "notes.txt"]);
    let whole = fs::read(folder.path("notes.a")).unwrap();
    fs::write(folder.path("part"), &whole[..whole.len() - 1]).unwrap();
    let error = refused(&folder.path("part")).to_string();
    assert!(
        error.contains("part(notes.txt): ") && error.contains("the member's data reaches beyond"),
        "{error}"
    );
    // The section table is there, but names more than the file holds, be it by a byte.
    let object = fs::read(folder.path("a.o")).unwrap();
    let number = |at: usize| u64::from_le_bytes(object[at..at + 8].try_into().unwrap());
    let first = number(40) as usize + 64;
    let rest = object.len() as u64 - number(first + 24);
    let with_size = |size: u64| {
        let mut lying = object.clone();
        lying[first + 32..first + 40].copy_from_slice(&size.to_le_bytes());
        fs::write(folder.path("lying.o"), lying).unwrap();
        folder.path("lying.o")
    };
    for size in [u64::MAX, rest + 1] {
        let error = refused(&with_size(size)).to_string();
        assert!(error.contains("a section reaches beyond the end"), "{size}: {error}");
    }
    assert_eq!(set_osabi(&with_size(rest), Osabi::HERMIT).unwrap(), 1, "up to the last byte");
}

/// What the linker must know, alone and in an archive.
#[test]
fn sections_that_must_survive_are_seen() {
    let folder = Folder::new();
    let source = "__attribute__((used, retain, section(\"mine\"))) int kept = 5;\n";
    fs::write(folder.path("kept.c"), source).unwrap();
    folder.run("gcc", &["-c", "kept.c"]);
    folder.run("ar", &["rcs", "lib.a", "a.o", "kept.o"]);
    let retains = |name: &str| -> Vec<bool> {
        let found = places(&folder.path(name), Depth::Header).unwrap();
        found.iter().map(|place| place.retains).collect()
    };
    assert_eq!(
        (retains("a.o"), retains("kept.o"), retains("lib.a")),
        (vec![false], vec![true], vec![false, true])
    );
}

#[test]
fn the_command_does_what_it_can_and_its_status_tells() {
    let folder = Folder::new();
    fs::write(folder.path("text"), "no object\n").unwrap();
    fs::copy(folder.path("a.o"), folder.path("b.o")).unwrap();
    let run = |words: &[&str], files: &[&str]| {
        let files = files.iter().map(|name| folder.path(name).into_os_string());
        cli::run("elfedit", &words.iter().map(Into::into).chain(files).collect::<Vec<_>>())
    };
    let mark = ["--output-osabi", "HermitCore"];
    assert_eq!(run(&mark, &["a.o", "text", "b.o"]), 1);
    let osabi = |name: &str| osabi_of(&folder.path(name)).unwrap();
    assert_eq!((osabi("a.o"), osabi("b.o")), (Osabi::HERMIT, Osabi::HERMIT), "the others are edited");
    assert_eq!(run(&["--output-osabi=none", "--"], &["a.o", "b.o"]), 0);
    assert_eq!((osabi("a.o"), osabi("b.o")), (Osabi(0), Osabi(0)));
    assert_eq!(run(&["--input-osabi", "GNU", "--output-osabi", "HermitCore"], &["a.o"]), 1);
    assert_eq!((run(&mark, &[]), run(&["--version"], &[]), run(&["--help"], &[])), (1, 0, 0));
}

#[test]
fn copies_are_marked_and_originals_are_not() {
    let folder = Folder::new();
    elfedit::copy_marked(&folder.path("a.o"), &folder.path("copy.o")).unwrap();
    assert_eq!(osabi_of(&folder.path("copy.o")).unwrap(), Osabi::HERMIT);
    assert_eq!(osabi_of(&folder.path("a.o")).unwrap(), Osabi(0));
}

#[test]
fn marking_leaves_what_is_no_elf_file_alone() {
    let folder = Folder::new();
    fs::write(folder.path("flat.bin"), "flat").unwrap();
    elfedit::mark(&folder.path("flat.bin")).unwrap();
    elfedit::mark(Path::new("/dev/null")).unwrap();
    elfedit::mark(&folder.path("a.o")).unwrap();
    assert_eq!(osabi_of(&folder.path("a.o")).unwrap(), Osabi::HERMIT);
    assert_eq!(fs::read(folder.path("flat.bin")).unwrap(), b"flat");
}
