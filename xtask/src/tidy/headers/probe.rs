//! Questions to a C compiler: [`source`] writes them, [`answers`] reads the assembly that it makes of them.
//!
//! `asm("#hermit 7 %0" : : "i" (sizeof(struct stat)))` becomes the comment `#hermit 7 $144`: the compiler has computed the value,
//! and nothing had to be linked or run. Linux makes its asm-offsets.h so.

use std::collections::{BTreeMap, BTreeSet};

use abi::c::{Contract, Fact};
use anyhow::{Context as _, Result};

/// One number that the headers must agree on.
#[derive(Clone, Debug)]
pub struct Question {
    /// Who asks.
    pub contract: &'static Contract,
    /// Text in the line that defines it.
    pub definition: String,
    /// What it is, for people.
    pub subject: String,
    /// The same as a constant expression of C.
    pub expression: String,
    /// The kernel's value.
    pub wanted: i64,
}

/// What the compiler says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The value.
    Value(i64),
    /// It could not compile the question.
    Refused(String),
}

/// What one contract claims.
pub fn questions(contract: &'static Contract) -> impl Iterator<Item = Question> {
    contract.facts().iter().flat_map(of_fact).map(move |(subject, expression, wanted)| Question {
        contract,
        definition: definition(contract, &subject),
        subject,
        expression,
        wanted,
    })
}

/// `pub struct Stat {`, or `O_CREAT = `, or `"off_t" = `.
fn definition(contract: &Contract, subject: &str) -> String {
    let name = subject.split('`').nth(1).unwrap_or_default();
    match contract.facts() {
        [Fact::Number { .. }, ..] => format!("{name} = "),
        [Fact::Size { .. }, Fact::Member { .. }, ..] => format!("pub struct {} {{", contract.name()),
        _ => format!("\"{name}\" = "),
    }
}

fn of_fact(fact: &Fact) -> Vec<(String, String, i64)> {
    match *fact {
        Fact::Number { name, value } => vec![(format!("`{name}`"), name.to_owned(), value)],
        Fact::Size { c_type, bytes, signed } => {
            let mut all =
                vec![(format!("`{c_type}`: size in bytes"), format!("sizeof({c_type})"), bytes as i64)];
            all.extend(signed.map(|signed| sign(&format!("`{c_type}`"), &format!("({c_type}) 0"), signed)));
            all
        }
        Fact::Member { c_type, member, offset_bytes, size_bytes, signed } => {
            let (what, one) = (format!("`{c_type}`"), format!("(({c_type} *) 0)->{member}"));
            let offset = format!("__builtin_offsetof({c_type}, {member})");
            let mut all = vec![
                (format!("{what}: offset of `{member}` in bytes"), offset, offset_bytes as i64),
                (format!("{what}: size of `{member}` in bytes"), format!("sizeof({one})"), size_bytes as i64),
            ];
            all.extend(signed.map(|signed| sign(&format!("{what}: `{member}`"), &one, signed)));
            all
        }
    }
}

/// Whether something is a signed integer. Pointers and plain `char` are none.
fn sign(subject: &str, one: &str, signed: bool) -> (String, String, i64) {
    let types = ["signed char", "short", "int", "long", "long long"].map(|ty| format!("{ty}: 1, "));
    let expression = format!("_Generic({one}, {}default: 0)", types.concat());
    (format!("{subject}: signed (1) or not (0)"), expression, signed.into())
}

/// The C file; `refused` questions are left out. Question n stands in the line [`line_of`] n says.
pub fn source(questions: &[Question], refused: &BTreeMap<usize, String>) -> String {
    let mut lines: Vec<_> = headers(questions).map(|header| format!("#include <{header}>")).collect();
    lines.extend(questions.iter().enumerate().map(|(nr, question)| {
        if refused.contains_key(&nr) {
            return format!("/* {nr} */");
        }
        // A function each: an unknown name is told once in each function.
        format!(
            "void hermit_{nr}(void) {{ __asm__ volatile (\"{MARK}{nr} %0\" : : \"i\" ((long long) ({}))); }}",
            question.expression
        )
    }));
    lines.join("\n") + "\n"
}

const MARK: &str = "#hermit ";

fn headers(questions: &[Question]) -> impl Iterator<Item = &'static str> {
    let headers: BTreeSet<_> = questions.iter().map(|question| question.contract.header()).collect();
    headers.into_iter()
}

/// Number of the question's line in the file, counted from 1.
fn line_of(nr: usize, questions: &[Question]) -> usize {
    headers(questions).count() + nr + 1
}

/// Which questions the compiler complains about, from what it prints: `probe.c:LINE:COLUMN: error: TEXT`.
pub fn errors(told: &str, questions: &[Question]) -> BTreeMap<usize, String> {
    let first = line_of(0, questions);
    let error = |line: &str| {
        let (place, text) = line.split_once(" error: ")?;
        let number: usize = place.split_once("probe.c:")?.1.split(':').next()?.parse().ok()?;
        let nr = number.checked_sub(first).filter(|nr| *nr < questions.len())?;
        Some((nr, text.to_owned()))
    };
    // Of several errors in a line the first tells most: the map keeps the last that it gets.
    told.lines().rev().filter_map(error).collect()
}

/// The answers in the order of the questions. A question without an answer is a defect of this file, not of a header.
pub fn answers(
    assembly: &str,
    questions: &[Question],
    refused: &BTreeMap<usize, String>,
) -> Result<Vec<Answer>> {
    let answer = |line: &str| {
        let (nr, value) = line.trim().strip_prefix(MARK)?.split_once(' ')?;
        Some((nr.parse().ok()?, value.strip_prefix('$')?.parse().ok()?))
    };
    let values: BTreeMap<usize, i64> = assembly.lines().filter_map(answer).collect();
    let one = |nr| match refused.get(&nr) {
        Some(error) => Ok(Answer::Refused(error.clone())),
        None => values
            .get(&nr)
            .map(|value| Answer::Value(*value))
            .with_context(|| format!("the compiler says nothing about {}", questions[nr].subject)),
    };
    (0..questions.len()).map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked() -> Vec<Question> {
        let timespec = abi::file::CONTRACTS.iter().find(|contract| contract.name() == "TimeSpec");
        questions(timespec.unwrap()).collect()
    }

    #[test]
    fn a_structure_asks_for_its_size_and_each_member() {
        let asked = asked();
        let expressions: Vec<_> = asked.iter().map(|question| question.expression.as_str()).collect();
        assert_eq!(
            expressions[..3],
            [
                "sizeof(struct timespec)",
                "__builtin_offsetof(struct timespec, tv_sec)",
                "sizeof(((struct timespec *) 0)->tv_sec)"
            ]
        );
        assert!(expressions[3].starts_with("_Generic(((struct timespec *) 0)->tv_sec, signed char: 1, "));
        assert_eq!(asked.iter().map(|question| question.wanted).collect::<Vec<_>>(), [16, 0, 8, 1, 8, 8, 1]);
    }

    #[test]
    fn each_question_has_its_line() {
        let asked = asked();
        let refused = BTreeMap::from([(1, String::new())]);
        let text = source(&asked, &refused);
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines[0], "#include <time.h>");
        assert!(lines[line_of(2, &asked) - 1].contains("\"#hermit 2 %0\""));
        assert_eq!(lines[line_of(1, &asked) - 1], "/* 1 */");
    }

    #[test]
    fn errors_and_answers_are_read() {
        let asked = asked();
        let told = "x/probe.c: In function 'hermit_1':\nx/probe.c:3:60: error: first\nx/probe.c:3:70: error: second\n\
                    include/sys/stat.h:7:1: error: not ours\n";
        assert_eq!(errors(told, &asked), BTreeMap::from([(1, "first".to_owned())]));
        let refused = BTreeMap::from([(1, "first".to_owned())]);
        let assembly =
            "\t#hermit 0 $16\n#hermit 2 $-8\n\tret\n#hermit 3 $1\n#hermit 4 $8\n#hermit 5 $8\n#hermit 6 $1\n";
        let read = answers(assembly, &asked, &refused).unwrap();
        assert_eq!(read[..3], [Answer::Value(16), Answer::Refused("first".into()), Answer::Value(-8)]);
        let error = answers("#hermit 0 $16\n", &asked, &refused).unwrap_err();
        assert!(
            error.to_string().contains("says nothing about `struct timespec`: size of `tv_sec`"),
            "{error}"
        );
    }
}
