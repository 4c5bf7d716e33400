//! Which tests there are, by the sources and without building anything: [`problem`], [`targets`].

use std::path::Path;

use super::list::Catcher;
use crate::tidy::Tree;

/// Folders of programs below `tests/programs`, and how their sources end.
const LANGUAGES: [(&str, &str); 4] = [("c", "c"), ("cxx", "cc"), ("fortran", "f90"), ("openmp", "c")];

/// Where the cases `cli/*` and `build/*` are.
const CLI: &str = "tests/src/cli";

/// What is wrong with the name of a test.
pub fn problem(tree: &Tree, catcher: &Catcher) -> Option<String> {
    match catcher {
        Catcher::Case(name) => case(tree, name),
        Catcher::Unit { package, filter } => unit(tree, package, filter.as_deref()),
    }
}

fn case(tree: &Tree, name: &str) -> Option<String> {
    let (plain, cpus) = name.split_once('@').map_or((name, None), |(plain, cpus)| (plain, Some(cpus)));
    let (is_clang, plain) = plain.strip_prefix("clang/").map_or((false, plain), |rest| (true, rest));
    let (suite, stem) = plain.split_once('/').unwrap_or((plain, ""));
    if matches!(suite, "cli" | "build" | "isolation") {
        let quoted = format!("\"{name}\"");
        let is_there = tree.rust().any(|(path, text)| path.starts_with(CLI) && text.contains(&quoted));
        return (!is_there).then(|| format!("no case {name} in {CLI}"));
    }
    let Some((_, ending)) = LANGUAGES.iter().find(|(language, _)| *language == suite) else {
        return Some(format!(
            "{name} is in no suite that mutants are tried with: c, cxx, fortran, openmp, cli, build, isolation"
        ));
    };
    let source = format!("tests/programs/{suite}/{stem}.{ending}");
    let Some(text) = tree.text(&source) else { return Some(format!("{name}: there is no {source}")) };
    let says = |key: &str, value: &str| {
        let lines =
            text.lines().filter_map(|line| line.strip_prefix("//# ").or_else(|| line.strip_prefix("!# ")));
        let mut values = lines.filter_map(|line| line.strip_prefix(key)?.strip_prefix(':'));
        values.any(|values| values.split_whitespace().any(|one| one == value))
    };
    if let Some(cpus) = cpus.filter(|cpus| !says("cpus", cpus)) {
        return Some(format!("{name}: {source} does not run on {cpus} vCPUs"));
    }
    (is_clang && !says("compilers", "clang")).then(|| format!("{name}: {source} is not made by clang"))
}

fn unit(tree: &Tree, package: &str, filter: Option<&str>) -> Option<String> {
    let Some(folder) = folder(tree, package) else { return Some(format!("there is no crate {package}")) };
    let is_somewhere = |word: &str| {
        let mut files = tree.rust().filter(|(path, _)| path.starts_with(folder));
        files.any(|(path, text)| {
            text.contains(word) || path.with_extension("").iter().any(|part| part == word)
        })
    };
    let unknown = filter.into_iter().flat_map(|filter| filter.split("::")).find(|word| !is_somewhere(word));
    unknown.map(|word| format!("unit:{package}: nothing below {} has `{word}` in its name", folder.display()))
}

/// What cargo has to build for the tests of a crate: no more than a filter asks for. Documentation's tests never.
pub fn targets(tree: &Tree, package: &str, filter: Option<&str>) -> &'static [&'static str] {
    if package == "kernel" {
        return &["--lib"];
    }
    let Some((folder, filter)) = folder(tree, package).zip(filter) else { return &["--tests"] };
    let last = filter.rsplit("::").next().unwrap_or(filter);
    let has = |below: &str| {
        let below = folder.join(below);
        tree.rust().any(|(path, text)| path.starts_with(&below) && text.contains(last))
    };
    match (has("src"), has("tests"), tree.text(folder.join("src/lib.rs"))) {
        (true, false, Some(_)) => &["--lib"],
        (false, true, _) => &["--test", "*"],
        _ => &["--tests"],
    }
}

/// The names of the workspace's crates.
pub fn packages(tree: &Tree) -> impl Iterator<Item = &str> {
    manifests(tree).map(|(_, name)| name)
}

/// The folder of a crate.
pub fn folder<'a>(tree: &'a Tree, package: &str) -> Option<&'a Path> {
    manifests(tree).find(|(_, name)| *name == package).map(|(folder, _)| folder)
}

/// Folders and names of crates.
fn manifests(tree: &Tree) -> impl Iterator<Item = (&Path, &str)> {
    let manifests = tree.files().filter(|(path, _)| path.ends_with("Cargo.toml"));
    manifests.filter_map(|(path, text)| {
        let line = text.strip_prefix("[package]\n")?.lines().next()?;
        Some((path.parent()?, line.strip_prefix("name = \"")?.strip_suffix('"')?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> Tree {
        Tree::of([
            ("tests/programs/c/queue.c", "//# cpus: 1 2\n//# compilers: gcc clang\nint main;\n"),
            ("tests/programs/cxx/throw.cc", "//# compilers: gcc\n"),
            ("tests/programs/fortran/sum.f90", "!# cpus: 4\n"),
            ("tests/src/cli/options.rs", "CliCase { name: \"cli/bad-memory\" }"),
            ("toolchain/elfedit/Cargo.toml", "[package]\nname = \"elfedit\"\n"),
            ("toolchain/elfedit/src/place.rs", "fn of_first_member() {}"),
        ])
    }

    #[test]
    fn a_filter_says_what_is_to_be_built() {
        let tree = Tree::of([
            ("elf/Cargo.toml", "[package]\nname = \"elf\"\n"),
            ("elf/src/lib.rs", "fn a() {} fn both() {}"),
            ("elf/tests/edit.rs", "fn edit_b() {} fn both() {}"),
        ]);
        let of = |filter| targets(&tree, "elf", filter);
        assert_eq!(
            (of(None), of(Some("x::a")), of(Some("both"))),
            (&["--tests"][..], &["--lib"][..], &["--tests"][..])
        );
        assert_eq!(
            (of(Some("x::edit_b")), targets(&tree, "kernel", None)),
            (&["--test", "*"][..], &["--lib"][..])
        );
    }

    fn of(text: &str) -> Option<String> {
        problem(&tree(), &Catcher::try_from(text.to_owned()).unwrap())
    }

    #[test]
    fn what_is_there_is_known() {
        for good in [
            "c/queue",
            "c/queue@2",
            "clang/c/queue@1",
            "cxx/throw",
            "fortran/sum@4",
            "cli/bad-memory",
            "unit:elfedit",
            "unit:elfedit:first_member",
            "unit:elfedit:place::of_",
        ] {
            assert_eq!(of(good), None, "{good}");
        }
    }

    #[test]
    fn what_is_not_there_is_told() {
        for (bad, part) in [
            ("c/queues", "no tests/programs/c/queues.c"),
            ("c/queue@4", "not run on 4"),
            ("cxx/throw@1", "not run on 1"),
            ("clang/cxx/throw", "not made by clang"),
            ("cli/bad", "no case cli/bad"),
            ("ports/lua", "in no suite"),
            ("unit:elf", "no crate elf"),
            ("unit:elfedit:place::last_member", "last_member"),
        ] {
            let problem = of(bad).unwrap_or_else(|| panic!("{bad} was taken"));
            assert!(problem.contains(part), "{bad}: {problem}");
        }
    }
}
