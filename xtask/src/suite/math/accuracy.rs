//! How accurate the functions are, by MPFR: `values.c` writes results, `reference.c` judges them.

use std::fmt::Write as _;
use std::fs;

use anyhow::{Context as _, Result};

use super::{Finding, Programs, Type};
use crate::step::Job;
use crate::suite::Extent;
use crate::tool::Cmd;

/// Directions of rounding, by their number in the programs; the first is to the nearest.
const DIRECTIONS: [(&str, &str); 4] =
    [("0", "to nearest"), ("1", "upwards"), ("2", "downwards"), ("3", "towards 0")];

/// Functions in double that are not rounded correctly.
const NOT_CORRECT: &[&str] = &["j0", "j1", "y0", "y1"];

/// How many units in the last place our error may be above glibc's.
const ABOVE_GLIBC: f64 = 0.1;

/// Functions in long double with larger errors than glibc's: musl's lgammal loses digits near its zeros, and its asinl, tanhl and
/// tgammal are a little less exact.
const LONG_DOUBLE_LIMITS: [(&str, f64); 4] =
    [("asin", 2.0), ("lgamma", 1e6), ("tanh", 3.0), ("tgamma", 10.0)];

/// A function's line of `reference.c`.
#[derive(Clone, Debug, PartialEq)]
struct Row {
    function: String,
    wrong: u64,
    worst: f64,
    native_wrong: u64,
    native_worst: f64,
}

impl Row {
    fn parse(line: &str) -> Option<Self> {
        let mut words = line.split(' ');
        let row = Self {
            function: words.next()?.to_owned(),
            wrong: words.next()?.parse().ok()?,
            worst: words.next()?.parse().ok()?,
            native_wrong: words.next()?.parse().ok()?,
            native_worst: words.next()?.parse().ok()?,
        };
        words.next().is_none().then_some(row)
    }

    /// Whether its errors are within what is promised.
    fn is_good(&self, kind: Type, is_to_nearest: bool) -> bool {
        if kind != Type::LongDouble && !NOT_CORRECT.contains(&self.function.as_str()) {
            return self.wrong == 0;
        }
        if kind == Type::Float {
            return self.wrong == 0;
        }
        let limit =
            LONG_DOUBLE_LIMITS.iter().find(|(name, _)| kind == Type::LongDouble && *name == self.function);
        let limit = limit.map_or(self.native_worst + ABOVE_GLIBC, |(_, limit)| *limit);
        !is_to_nearest || self.worst <= limit.max(1.0)
    }
}

/// The table of `docs/numbers.md`.
#[derive(Debug, Default)]
pub struct Table {
    rows: Vec<(Type, u64, Row)>,
}

impl Table {
    /// In Markdown.
    pub fn markdown(&self) -> String {
        let mut text = "| function | type | results | ours wrong | our largest error | glibc wrong | its largest error |\n\
                        |---|---|---|---|---|---|---|\n"
            .to_owned();
        for (kind, number, row) in &self.rows {
            let Row { function, wrong, worst, native_wrong, native_worst } = row;
            let ours = if *wrong == 0 { "0.5".to_owned() } else { format!("{worst:.2}") };
            let (theirs, their_worst) = match row.is_in_glibc() {
                true if *native_wrong == 0 => ("0".to_owned(), "0.5".to_owned()),
                true => (native_wrong.to_string(), format!("{native_worst:.2}")),
                false => ("-".to_owned(), "-".to_owned()),
            };
            let name = kind.name();
            // Writing to a string cannot fail.
            let _ = writeln!(
                text,
                "| {function} | {name} | {number} | {wrong} | {ours} | {theirs} | {their_worst} |"
            );
        }
        text
    }
}

impl Row {
    /// Functions of C23 are not in glibc 2.36.
    fn is_in_glibc(&self) -> bool {
        let new = ["pi", "rsqrt", "exp10m1", "exp2m1", "log10p1", "log2p1"];
        !new.iter().any(|word| self.function.ends_with(word))
    }
}

/// How many arguments a function gets: to the nearest, in the other directions.
const fn numbers(extent: Extent) -> (&'static str, &'static str) {
    match extent {
        Extent::Everyday => ("2000", "500"),
        Extent::Whole => ("100000", "20000"),
    }
}

/// Looks at every function of a type.
pub fn check(
    job: &mut Job<'_>,
    programs: &Programs,
    extent: Extent,
    table: &mut Table,
) -> Result<Vec<Finding>> {
    let (to_nearest, to_others) = numbers(extent);
    let mut findings = Vec::new();
    for (direction, words) in DIRECTIONS {
        let number = if direction == "0" { to_nearest } else { to_others };
        job.tell(&format!("accuracy in {}, {words}", programs.kind.name()))?;
        let ours = programs.written("values", "isle", &[number, direction])?;
        findings.push(same_bits(programs, &ours, number, direction)?);
        let native = programs.written("values", "native", &[number, direction])?;
        let judge = Cmd::new(programs.program("reference", "native")).args([number, direction]);
        let text = judge.arg(&ours).arg(&native).read()?;
        for row in text.lines().filter_map(Row::parse) {
            let name = format!("{} in {}, {words}", row.function, programs.kind.name());
            let is_good = row.is_good(programs.kind, direction == "0");
            let faults = if is_good { Vec::new() } else { vec![format!("{row:?}")] };
            findings.push(Finding { name, faults });
            if direction == "0" {
                table.rows.push((programs.kind, number.parse()?, row));
            }
        }
    }
    Ok(findings)
}

/// A CPU without fused multiply-add computes the same.
fn same_bits(programs: &Programs, ours: &std::path::Path, number: &str, direction: &str) -> Result<Finding> {
    let plain = programs.written("values", "isle", &[number, direction, "plain"])?;
    let read = |path| fs::read(path).with_context(|| "results that were just written can be read");
    let is_same = read(ours)? == read(plain.as_path())?;
    let faults =
        if is_same { Vec::new() } else { vec![format!("{} and {} differ", ours.display(), plain.display())] };
    let name = format!("the same bits without FMA in {}, direction {direction}", programs.kind.name());
    Ok(Finding { name, faults })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_read_and_judged() {
        let row = Row::parse("sin 1 0.501 3 0.502").expect("this is a row");
        assert_eq!((row.wrong, row.native_wrong), (1, 3));
        assert!(!row.is_good(Type::Double, true), "one wrong result is one too many");
        assert!(row.is_good(Type::LongDouble, true));
        assert_eq!(Row::parse("sin 1 0.501 3"), None);
        assert_eq!(Row::parse("sin 1 0.501 3 inf 4"), None);
        let infinite = Row::parse("cosh 1 inf 0 0.000").expect("this is a row");
        assert!(!infinite.is_good(Type::LongDouble, true));
    }

    #[test]
    fn the_table_tells_what_glibc_lacks() {
        let row = |line| Row::parse(line).expect("this is a row");
        let table = Table {
            rows: vec![
                (Type::Double, 10, row("sinpi 0 0.000 0 0.000")),
                (Type::Float, 10, row("sin 0 0.000 1 0.6")),
            ],
        };
        let text = table.markdown();
        assert!(text.contains("| sinpi | double | 10 | 0 | 0.5 | - | - |"), "{text}");
        assert!(text.contains("| sin | float | 10 | 0 | 0.5 | 1 | 0.60 |"), "{text}");
    }
}
