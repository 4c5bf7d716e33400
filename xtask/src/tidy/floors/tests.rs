//! Trees with imports that run upwards, planted in every way in which one can be written.

use super::*;

const LIB: &str = "//! The house.\n//!\n//! | floor | rooms | what |\n//! |---|---|---|\n//! | 2 | [`roof`] | a |\n\
                   //! | 1 | [`middle`], [`other`] | b |\n//! | 0 | [`ground`] | c |\npub mod ground;\n";

fn findings(file: &str, text: &str) -> Vec<String> {
    findings_with(file, text, &[])
}

fn findings_with(file: &str, text: &str, known: &[(&str, &str)]) -> Vec<String> {
    let mut files = BTreeMap::from([
        ("k/src/ground.rs", "//! x"),
        ("k/src/middle.rs", "//! x"),
        ("k/src/other.rs", "//! x"),
        ("k/src/roof/mod.rs", "//! x\n#[macro_export]\nmacro_rules! shout { () => {} }"),
    ]);
    files.insert(file, text);
    let files: Vec<_> = files.into_iter().chain([("k/src/lib.rs", LIB)]).collect();
    let tree = match files[..] {
        [a, b, c, d, e] => Tree::of([a, b, c, d, e]),
        [a, b, c, d, e, f] => Tree::of([a, b, c, d, e, f]),
        _ => unreachable!("one file more at most"),
    };
    let found = check_crate(&tree, "k/src", known, &[]).unwrap();
    found.into_iter().map(|finding| format!("{} {}", finding.place, finding.what)).collect()
}

#[test]
fn what_runs_downwards_or_stays_is_allowed() {
    let text = "use crate::{ground, middle::{self, x}};\nuse super::other;\nuse std::roof;\nmod walls { use super::super::ground; \
                use super::*; }\nfn f() { shout!(crate::ground::y) }";
    assert_eq!(findings("k/src/roof/mod.rs", text), [""; 0]);
}

#[test]
fn an_import_that_runs_upwards_is_found() {
    assert_eq!(
        findings("k/src/ground.rs", "//! x\nuse core::fmt;\nuse crate::roof::walls;\n"),
        ["k/src/ground.rs:3 `ground` (floor 0) imports `roof::walls` (floor 2)"]
    );
    assert_eq!(
        findings("k/src/middle.rs", "use crate::{\n  ground,\n  roof::{self as sky},\n};"),
        ["k/src/middle.rs:3 `middle` (floor 1) imports `roof` (floor 2)"]
    );
}

#[test]
fn a_neighbour_on_the_same_floor_is_found() {
    assert_eq!(
        findings("k/src/middle.rs", "use crate::other;"),
        ["k/src/middle.rs:1 `middle` (floor 1) imports `other` (floor 1)"]
    );
}

#[test]
fn a_path_without_an_import_is_found() {
    for text in [
        "fn f() { crate::roof::g() }",
        "fn f() -> super::roof::T { T }",
        "impl crate::roof::T for () {}",
        "fn f() { matches!(x, { crate::roof::T }) }",
        "mod inside { pub(super) use super::super::roof::*; }",
        "#[cfg(test)] mod tests { use crate::roof; }",
        "fn f() { shout!() }",
        "fn f() { crate::shout!() }",
    ] {
        let found = findings("k/src/middle.rs", text);
        assert!(found.len() == 1 && found[0].starts_with("k/src/middle.rs:1 `middle`"), "{text}: {found:?}");
    }
    let found = findings("k/src/middle/deep/down.rs", "use super::super::super::roof;");
    assert_eq!(found, ["k/src/middle/deep/down.rs:1 `middle` (floor 1) imports `roof` (floor 2)"]);
}

#[test]
fn rooms_and_table_agree() {
    assert_eq!(findings("k/src/cellar.rs", "//! x"), ["k/src/lib.rs the room `cellar` has no floor"]);
    let tree = Tree::of([("k/src/lib.rs", LIB), ("k/src/roof.rs", ""), ("k/src/ground.rs", "")]);
    let found = check_crate(&tree, "k/src", &[], &[]).unwrap();
    assert_eq!(found.len(), 2, "middle and other are gone: {found:?}");
}

#[test]
fn what_is_excused_must_be_there() {
    let upwards = "use crate::roof;";
    assert_eq!(findings_with("k/src/ground.rs", upwards, &[("ground", "roof")]), [""; 0]);
    assert_eq!(
        findings_with("k/src/ground.rs", "//! x", &[("ground", "roof")]),
        ["xtask/src/tidy/floors.rs `ground` does not import `roof` any more, but is still excused"]
    );
}

#[test]
fn a_picture_that_is_not_the_table_is_found() {
    let picture = "# x\n## The floors of the cellar\n 0 | cellar | z\n## The floors of the k\n| a | b |\n```\n 2 | roof   | a\n 1 | middle | b\n   | other  | c\n 0 | ground | d\n - | abi | e\n```\n## More\n 3 | attic | f\n";
    let found = |picture: &str| {
        let rooms = ["ground", "middle", "other", "roof"].map(|room| format!("k/src/{room}.rs"));
        let [a, b, c, d] = rooms.each_ref().map(|path| (path.as_str(), ""));
        let tree = Tree::of([("k/src/lib.rs", LIB), (PICTURE, picture), a, b, c, d]);
        check_crate(&tree, "k/src", &[], &[]).unwrap().len()
    };
    assert_eq!(found(picture), 0);
    assert_eq!(found(&picture.replace(" 1 | middle", " 2 | middle")), 1);
    assert_eq!(found(&picture.replace("other", "others")), 1);
}

/// A room of seven files, each of which names the next one, and the last one names file `back`.
fn ring_of_seven(back: usize, known_circles: &[&str]) -> Vec<String> {
    let text = |i: usize| format!("use super::f{};", if i == 6 { back } else { i + 1 });
    let [a, b, c, d, e, f, g] = std::array::from_fn(text);
    let tree = Tree::of([
        ("k/src/lib.rs", "//! | 0 | [`room`] | a |"),
        ("k/src/room/mod.rs", "mod f0;"),
        ("k/src/room/f0.rs", &a),
        ("k/src/room/f1.rs", &b),
        ("k/src/room/f2.rs", &c),
        ("k/src/room/f3.rs", &d),
        ("k/src/room/f4.rs", &e),
        ("k/src/room/f5.rs", &f),
        ("k/src/room/f6.rs", &g),
    ]);
    let found = check_crate(&tree, "k/src", &[], known_circles).unwrap();
    found.into_iter().map(|finding| format!("{} {}", finding.place, finding.what)).collect()
}

#[test]
fn a_large_circle_inside_a_room_is_found() {
    assert_eq!(ring_of_seven(1, &[]), [""; 0], "six files");
    let names = (0..7).map(|i| format!("room/f{i}")).collect::<Vec<_>>().join(", ");
    assert_eq!(
        ring_of_seven(0, &[]),
        [format!("k/src/room 7 files import each other in a circle, at most 6 may: {names}")]
    );
    assert_eq!(ring_of_seven(0, &["room"]), [""; 0]);
    assert_eq!(
        ring_of_seven(1, &["room"]),
        ["xtask/src/tidy/floors.rs no circle of `room` is too large any more, but one is still excused"]
    );
}

/// The crates themselves, with one import more.
#[test]
fn an_import_planted_in_a_crate_is_found() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let planted = [
        ("kernel/src/lock.rs", "use crate::fs::file;", "`lock` (floor 2) imports `fs::file` (floor 8)"),
        ("proxy/src/memory.rs", "use crate::isle::run;", "`memory` (floor 0) imports `isle::run` (floor 5)"),
        (
            "proxy/src/pinning.rs",
            "fn f() { crate::sandbox::g() }",
            "`pinning` (floor 4) imports `sandbox::g` (floor 4)",
        ),
    ];
    let sources = Tree::read(root).unwrap();
    for (path, line, what) in planted {
        let with_line = format!("{}\n{line}\n", sources.text(path).unwrap());
        let tree = sources.clone().with(path, &with_line);
        let root = CRATES.into_iter().find(|root| path.starts_with(root)).unwrap();
        let found = check_crate(&tree, root, KNOWN, KNOWN_CIRCLES).unwrap();
        // It may close a circle, which is told behind it.
        let first = found.first().map(|finding| format!("{} {}", finding.place, finding.what));
        assert_eq!(first, Some(format!("{path}:{} {what}", with_line.lines().count())));
    }
}

/// What `cargo xtask tidy` checks, in a second.
#[test]
fn the_sources_stand_on_their_floors() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let found = check(&Tree::read(root).unwrap()).unwrap();
    let lines: Vec<_> =
        found.into_iter().map(|finding| format!("{} {}", finding.place, finding.what)).collect();
    assert!(lines.is_empty(), "{}", lines.join("\n"));
}
