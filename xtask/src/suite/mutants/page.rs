//! `docs/mutants.md`, written by `--record`: the score and a table of all mutants.

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

Do the tests notice when the product breaks? Each line below is a fault that was put into a copy of the sources, one at a time, to see
which test fails. This page is written by `cargo xtask test --suite mutants --record` and `--suite cargo-mutants --record`: see
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

/// The part about the lists: `found` has a verdict for each.
pub fn by_hand(found: &[(Mutant, Verdict)], date: &str) -> Result<String> {
    let mut rooms: Vec<&str> = found.iter().map(|(mutant, _)| mutant.room.as_str()).collect();
    rooms.dedup();
    let mut page = format!(
        "\nRecorded on {date}.\n\n| room | mutants | caught | survived | caught of all |\n|---|---|---|---|---|\n"
    );
    let mut row = |name: &str, of: &[&(Mutant, Verdict)]| {
        let caught = of.iter().filter(|(_, verdict)| matches!(verdict, Verdict::Caught { .. })).count();
        let survived = of.iter().filter(|(_, verdict)| *verdict == Verdict::Survived).count();
        let percent = 100.0 * caught as f64 / of.len().max(1) as f64;
        writeln!(page, "| {name} | {} | {caught} | {survived} | {percent:.1} % |", of.len())
    };
    for room in &rooms {
        row(room, &found.iter().filter(|(mutant, _)| mutant.room == *room).collect::<Vec<_>>())?;
    }
    row("all", &found.iter().collect::<Vec<_>>())?;
    page.push_str("\n### Survivors\n\n");
    let survivors = found.iter().filter(|(_, verdict)| *verdict == Verdict::Survived);
    let mut lines = survivors.map(|(mutant, _)| {
        let reason = mutant.survives.as_deref().unwrap_or("**no reason yet**");
        format!(
            "- `{}` ({}): {}. Why: {}\n",
            mutant.title(),
            mutant.file.display(),
            mutant.breaks,
            one_line(reason)
        )
    });
    page.push_str(&lines.next().unwrap_or_else(|| "None.\n".to_owned()));
    page.extend(lines);
    for room in rooms {
        write!(
            page,
            "\n### {room}\n\n| mutant | place | what it breaks | noticed by | how |\n|---|---|---|---|---|\n"
        )?;
        for (mutant, verdict) in found.iter().filter(|(mutant, _)| mutant.room == room) {
            let (by, how) = noticed(verdict);
            let breaks = one_line(&mutant.breaks);
            writeln!(page, "| {} | {} | {breaks} | {by} | {how} |", mutant.name, mutant.file.display())?;
        }
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
    fn the_page_has_the_score_every_mutant_and_reasons() {
        let ours = |name: &str, survives: Option<&str>| Mutant {
            name: name.into(),
            breaks: "a | b".into(),
            survives: survives.map(str::to_owned),
            ..mutant("kernel/a.rs", "a", "b", &[])
        };
        let caught = Verdict::Caught { by: vec!["c/x".into()], hung: true, by_its_set: true };
        let page = by_hand(
            &[(ours("one", None), caught), (ours("two", Some("equal")), Verdict::Survived)],
            "2026-11-30",
        );
        let page = page.unwrap();
        for part in [
            "| room | 2 | 1 | 1 | 50.0 % |",
            "| all | 2 | 1 | 1 | 50.0 % |",
            "- `room/two` (kernel/a.rs): a | b. Why: equal",
            "| one | kernel/a.rs | a \\| b | c/x | hang |",
            "| two | kernel/a.rs | a \\| b | nobody |  |",
        ] {
            assert!(page.contains(part), "{part} is missing in\n{page}");
        }
    }
}
