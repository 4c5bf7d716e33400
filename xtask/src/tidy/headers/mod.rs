//! The C headers say what the kernel does: every structure and number of `abi::c`, asked of the installed headers.
//!
//! The kernel's side is made from its definitions by macros (`abi/src/c/mod.rs`), so nobody copies an offset. The
//! headers' side is asked through the compiler that programs are built with: [`probe`] writes a C file with one question
//! per line and reads the answers in the assembly. That needs no libclang, which bindgen would, and which newcomers and CI
//! would have to install; and headers stay files that people write and read.

pub mod alone;
mod probe;

use std::collections::BTreeMap;
use std::path::Path;

use abi::c::{CONTRACTS, Presence};
use anyhow::{Context as _, Result, bail};

use self::probe::{Answer, Question};
use crate::context::Context;
use crate::files;
use crate::tidy::finding::{Finding, Outcome};
use crate::tidy::tree::Tree;
use crate::tool::Cmd;

/// Asks the headers of the installed tree.
pub fn check(context: &Context, tree: &Tree) -> Result<Outcome> {
    let prefix = context.workspace.prefix();
    let (gcc, include) = (prefix.tool("gcc"), prefix.include());
    if !gcc.exists() || !include.join("stdio.h").exists() {
        return Ok(Outcome::Skipped("the C library is not built yet: cargo xtask sysroot".into()));
    }
    let asked = CONTRACTS.iter().copied().flatten().filter(|contract| {
        contract.presence() == Presence::Required || include.join(contract.header()).exists()
    });
    let asked: Vec<_> = asked.flat_map(probe::questions).collect();
    let answers = ask(&gcc, &context.workspace.build("headers"), &asked)?;
    let shown = context.workspace.display(&include).to_string();
    Ok(Outcome::Looked(compare(&asked, &answers, &shown, tree)))
}

/// Compiles the questions. What cannot be compiled is taken out, and the rest is asked again.
fn ask(gcc: &Path, scratch: &Path, questions: &[Question]) -> Result<Vec<Answer>> {
    let (source, assembly) = (scratch.join("probe.c"), scratch.join("probe.s"));
    let mut refused = BTreeMap::new();
    // The second time at the latest all is well, unless a header itself cannot be compiled.
    for _ in 0..2 {
        files::write(&source, probe::source(questions, &refused))?;
        let cmd =
            Cmd::new(gcc).args(["-D_GNU_SOURCE", "-std=gnu11", "-w", "-S", "-o"]).arg(&assembly).arg(&source);
        let (status, told) = cmd.collect()?;
        if status.success() {
            let text = std::fs::read_to_string(&assembly)
                .with_context(|| format!("cannot read {}", assembly.display()))?;
            return probe::answers(&text, questions, &refused);
        }
        let errors = probe::errors(&told, questions);
        if errors.is_empty() || !refused.is_empty() {
            bail!("the headers cannot be compiled: {cmd}\n{told}");
        }
        refused = errors;
    }
    bail!("the headers cannot be compiled: see {}", source.display())
}

fn compare(questions: &[Question], answers: &[Answer], include: &str, tree: &Tree) -> Vec<Finding> {
    let finding = |(question, answer): (&Question, &Answer)| {
        let header = format!("{include}/{}", question.contract.header());
        let here = format!("{} is {} here", question.subject, question.wanted);
        let what = match answer {
            Answer::Value(value) if *value == question.wanted => return None,
            Answer::Value(value) => format!("{here}, but {value} in {header}"),
            Answer::Refused(error) => format!("{here}, but {header} does not say: {error}"),
        };
        Some(Finding {
            place: place(question, tree),
            what,
            why: "kernel and headers are compiled apart: where they disagree, programs read the wrong bytes and nobody complains",
            cure: "correct the one that is not Linux's: this definition, or the header (newlib-port/include, pthread-embedded/include, kernel/include)"
                .into(),
        })
    };
    questions.iter().zip(answers).filter_map(finding).collect()
}

/// Where the definition is, as the user would open it.
fn place(question: &Question, tree: &Tree) -> String {
    let file = question.contract.file();
    let mut lines = tree.text(file).unwrap_or_default().lines();
    match lines.position(|line| line.contains(&question.definition)) {
        Some(before) => format!("{file}:{}", before + 1),
        None => file.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compare(questions: &[Question], answers: &[Answer], include: &str) -> Vec<Finding> {
        let tree = Tree::of([("abi/src/file.rs", "//! Files.\npub struct Stat {")]);
        super::compare(questions, answers, include, &tree)
    }

    #[test]
    fn a_finding_names_both_values_and_both_files() {
        let contract = &abi::file::CONTRACTS[0];
        let asked: Vec<_> = probe::questions(contract).collect();
        let mut answers: Vec<_> = asked.iter().map(|question| Answer::Value(question.wanted)).collect();
        assert_eq!(compare(&asked, &answers, "include"), []);
        let size =
            asked.iter().position(|question| question.subject.contains("offset of `st_size`")).unwrap();
        answers[size] = Answer::Value(56);
        answers[0] = Answer::Refused("no such structure".into());
        let found = compare(&asked, &answers, "include");
        assert_eq!(
            found[0].what,
            "`struct stat`: size in bytes is 144 here, but include/sys/stat.h does not say: no such structure"
        );
        assert_eq!(
            found[1].what,
            "`struct stat`: offset of `st_size` in bytes is 48 here, but 56 in include/sys/stat.h"
        );
        assert_eq!(found[1].place, "abi/src/file.rs:2");
    }

    /// The host's compiler and headers stand in for ours: the way from the question to the answer is the same.
    #[test]
    fn a_compiler_answers() {
        let asked: Vec<_> = probe::questions(&abi::file::CONTRACTS[0]).collect();
        let folder = tempfile::tempdir().unwrap();
        let answers = ask(Path::new("cc"), folder.path(), &asked).unwrap();
        assert_eq!(compare(&asked, &answers, "include"), [], "struct stat is Linux's");
        let mut wrong = asked;
        wrong[0].expression = "sizeof(struct nobody_has_this)".into();
        wrong[1].wanted += 1;
        let answers = ask(Path::new("cc"), folder.path(), &wrong).unwrap();
        let found = compare(&wrong, &answers, "include");
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].what.contains("incomplete type"), "{found:?}");
        assert!(found[1].what.contains("is 1 here, but 0 in include/sys/stat.h"), "{found:?}");
    }
}
