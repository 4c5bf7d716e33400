//! `docs/mutants.md`, written by `--record`: the scores of all lists of mutants, each of which has a page of its own.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use super::judge::Verdict;
use super::list::Mutant;
use crate::files::write;

/// Where it is.
pub const PAGE: &str = "docs/mutants.md";

/// What begins the part of each suite; what stands before the first is [`HEAD`].
const PARTS: [&str; 2] = ["## Faults written by hand", "## Faults made by cargo-mutants"];

const HEAD: &str = "\
# Mutants

Do the tests notice when the product breaks? Each mutant is a fault that was put into a copy of the sources, one at a time, to see
which test fails. These pages are written by `cargo xtask test --suite mutants --record` and `--suite cargo-mutants --record`: see
[testing](testing.md#mutants).
";

/// One of the two parts.
#[derive(Clone, Copy, Debug)]
pub enum Part {
    /// `tests/mutants`.
    ByHand,
    /// The tool's.
    ByTool,
}

/// Puts a new text in the place of one part of the page.
pub fn renew(root: &Path, part: Part, text: &str) -> Result<()> {
    let path = root.join(PAGE);
    let old = fs::read_to_string(&path).unwrap_or_default();
    write(&path, renewed(&old, part, text)).with_context(|| format!("cannot renew {PAGE}"))
}

fn renewed(old: &str, part: Part, text: &str) -> String {
    let [by_hand, by_tool] = PARTS;
    let (first, second) = old.split_once(&format!("\n{by_tool}\n")).unwrap_or((old, "\nNot recorded yet.\n"));
    let first =
        first.split_once(&format!("\n{by_hand}\n")).map_or("\nNot recorded yet.\n", |(_, first)| first);
    let (first, second) = match part {
        Part::ByHand => (text, second),
        Part::ByTool => (first, text),
    };
    format!("{HEAD}\n{by_hand}\n{first}\n{by_tool}\n{second}")
}

/// Writes a page for each list that `found` has verdicts of, and renews the lists' lines in the table of [`PAGE`].
pub fn record(root: &Path, found: &[(Mutant, Verdict)], date: &str) -> Result<()> {
    let old = fs::read_to_string(root.join(PAGE)).unwrap_or_default();
    let mut lines = read_table(&old);
    let mut lists: Vec<&str> = found.iter().map(|(mutant, _)| mutant.room.as_str()).collect();
    lists.dedup();
    for list in lists {
        let of: Vec<_> = found.iter().filter(|(mutant, _)| mutant.room == list).collect();
        let count = |is: fn(&Verdict) -> bool| of.iter().filter(|(_, verdict)| is(verdict)).count();
        let score = Score {
            date: date.to_owned(),
            mutants: of.len(),
            caught: count(|verdict| matches!(verdict, Verdict::Caught { .. })),
            survived: count(|verdict| *verdict == Verdict::Survived),
        };
        let path = root.join(page_of(list));
        write(&path, page(list, &score, &of)?).with_context(|| format!("cannot write {}", path.display()))?;
        lines.insert(list.to_owned(), score);
    }
    renew(root, Part::ByHand, &table(&lines))
}

/// Where a list's own page is.
fn page_of(list: &str) -> String {
    format!("docs/mutants/{list}.md")
}

/// What was recorded of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Score {
    date: String,
    mutants: usize,
    caught: usize,
    survived: usize,
}

impl Score {
    fn percent(&self) -> f64 {
        100.0 * self.caught as f64 / self.mutants.max(1) as f64
    }
}

/// The lines of the table in a page, one for each list, and their sum.
fn table(lines: &BTreeMap<String, Score>) -> String {
    let mut text =
        "\n| list | recorded | mutants | caught | survived | caught of all |\n|---|---|---|---|---|---|\n"
            .to_owned();
    let mut line = |name: &str, Score { date, mutants, caught, survived }: &Score, percent: f64| {
        text.push_str(&format!("| {name} | {date} | {mutants} | {caught} | {survived} | {percent:.1} % |\n"));
    };
    for (list, score) in lines {
        line(&format!("[{list}](mutants/{list}.md)"), score, score.percent());
    }
    let sum = |of: fn(&Score) -> usize| lines.values().map(of).sum();
    let all = Score {
        date: String::new(),
        mutants: sum(|score| score.mutants),
        caught: sum(|score| score.caught),
        survived: sum(|score| score.survived),
    };
    line("all of these", &all, all.percent());
    text
}

fn read_table(page: &str) -> BTreeMap<String, Score> {
    let read = |line: &str| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [name, date, mutants, caught, survived, _] = cells[..] else { return None };
        let list = name.strip_prefix('[')?.split_once("](mutants/")?.0;
        let [mutants, caught, survived] = [mutants, caught, survived].map(str::parse);
        let (mutants, caught, survived) = (mutants.ok()?, caught.ok()?, survived.ok()?);
        Some((list.to_owned(), Score { date: date.to_owned(), mutants, caught, survived }))
    };
    page.lines().filter_map(read).collect()
}

/// The page of one list: its score, its survivors, all of it.
fn page(list: &str, score: &Score, found: &[&(Mutant, Verdict)]) -> Result<String> {
    let Score { date, mutants, caught, survived } = score;
    let mut page = format!(
        "# Mutants: {list}\n\nRecorded on {date} by `cargo xtask test --suite mutants --mutants {list} --record`: {caught} of {mutants} caught \
         ({:.1} %), {survived} survived.\n\n## Survivors\n\n",
        score.percent()
    );
    let survivors = found.iter().filter(|(_, verdict)| *verdict == Verdict::Survived);
    let mut lines = survivors.map(|(mutant, _)| {
        let reason = mutant.survives.as_deref().unwrap_or("**no reason yet**");
        format!(
            "- `{}` ({}): {}. Why: {}\n",
            mutant.name,
            mutant.file.display(),
            mutant.breaks,
            one_line(reason)
        )
    });
    page.push_str(&lines.next().unwrap_or_else(|| "None.\n".to_owned()));
    page.extend(lines);
    page.push_str(
        "\n## All\n\n| mutant | place | what it breaks | noticed by | how |\n|---|---|---|---|---|\n",
    );
    for (mutant, verdict) in found {
        let (by, how) = noticed(verdict);
        let breaks = one_line(&mutant.breaks);
        writeln!(page, "| {} | {} | {breaks} | {by} | {how} |", mutant.name, mutant.file.display())?;
    }
    Ok(page)
}

fn noticed(verdict: &Verdict) -> (String, &'static str) {
    match verdict {
        Verdict::Caught { by, hung, by_its_set } => {
            let shown = by.iter().take(3).map(String::as_str).collect::<Vec<_>>().join(", ");
            let more = if by.len() > 3 { format!(" and {} more", by.len() - 3) } else { String::new() };
            let how = match (by_its_set, hung) {
                (true, false) => "failure",
                (true, true) => "hang",
                (false, false) => "failure elsewhere",
                (false, true) => "hang elsewhere",
            };
            (shown + &more, how)
        }
        Verdict::Survived => ("nobody".to_owned(), ""),
        Verdict::Skipped => ("not run here".to_owned(), ""),
        Verdict::NotCompiled(_) => ("the compiler".to_owned(), ""),
        Verdict::Unjudged(_) => ("not judged".to_owned(), ""),
    }
}

/// Fit for a table.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::mutants::list::tests::mutant;

    #[test]
    fn each_part_is_renewed_alone() {
        let one = renewed("", Part::ByHand, "\nhand 1\n");
        assert!(
            one.starts_with("# Mutants") && one.contains("hand 1") && one.contains("Not recorded yet"),
            "{one}"
        );
        let two = renewed(&one, Part::ByTool, "\ntool 1\n");
        let three = renewed(&two, Part::ByHand, "\nhand 2\n");
        assert!(three.contains("hand 2\n\n## Faults made") && three.ends_with("\ntool 1\n"), "{three}");
        assert!(!three.contains("hand 1") && !three.contains("Not recorded"));
        assert_eq!(renewed(&three, Part::ByTool, "\ntool 1\n"), three);
    }

    #[test]
    fn a_page_has_the_score_every_mutant_and_reasons() {
        let ours = |name: &str, survives: Option<&str>| Mutant {
            name: name.into(),
            breaks: "a | b".into(),
            survives: survives.map(str::to_owned),
            ..mutant("kernel/a.rs", "a", "b", &[])
        };
        let caught = Verdict::Caught { by: vec!["c/x".into()], hung: true, by_its_set: true };
        let found = [(ours("one", None), caught), (ours("two", Some("equal")), Verdict::Survived)];
        let folder = tempfile::tempdir().unwrap();
        let read = |path: &str| fs::read_to_string(folder.path().join(path)).unwrap();
        record(folder.path(), &found, "2026-11-30").unwrap();
        let page = read("docs/mutants/room.md");
        for part in [
            "1 of 2 caught (50.0 %), 1 survived",
            "- `two` (kernel/a.rs): a | b. Why: equal",
            "| one | kernel/a.rs | a \\| b | c/x | hang |",
            "| two | kernel/a.rs | a \\| b | nobody |  |",
        ] {
            assert!(page.contains(part), "{part} is missing in\n{page}");
        }
        // Another list, another day; and the first one again.
        let other = Mutant { room: "other".into(), ..ours("three", None) };
        record(folder.path(), &[(other, Verdict::Survived)], "2026-12-01").unwrap();
        record(folder.path(), &found[..1], "2026-12-02").unwrap();
        let index = read(PAGE);
        for part in [
            "| [room](mutants/room.md) | 2026-12-02 | 1 | 1 | 0 | 100.0 % |",
            "| [other](mutants/other.md) | 2026-12-01 | 1 | 0 | 1 | 0.0 % |",
            "| all of these |  | 2 | 1 | 1 | 50.0 % |",
        ] {
            assert_eq!(index.matches(part).count(), 1, "{part} is missing in\n{index}");
        }
    }
}
