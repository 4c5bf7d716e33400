//! Every installed header compiles alone, in each language that programs are written in: so that a program
//! need not know what to include before, and `configure` finds what is there.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::context::Context;
use crate::files;
use crate::tidy::finding::{Finding, Outcome};
use crate::tool::Cmd;

/// Compiler, option, and what a source's name ends with.
const LANGUAGES: [(&str, &str, &str); 3] =
    [("gcc", "-std=c11", "c"), ("gcc", "-std=gnu17", "c"), ("g++", "-std=c++17", "cc")];

/// Folders of headers that are parts of others, or not C's.
const NOT_FOR_PROGRAMS: [&str; 4] = ["c++", "finclude", "machine", "ssp"];

/// Headers that nobody includes, each with the reason why it is there.
const UNUSED: [(&str, &str); 2] = [
    ("sys/custom_file.h", "newlib's, for a port with another FILE: an #error"),
    ("sys/iconvnls.h", "newlib's own, of the iconv that is not built"),
];

/// Compiles each header of the installed tree.
pub fn check(context: &Context) -> Result<Outcome> {
    let prefix = context.workspace.prefix();
    let include = prefix.include();
    if !prefix.tool("gcc").exists() || !include.join("stdio.h").exists() {
        return Ok(Outcome::Skipped("the C library is not built yet: cargo xtask sysroot".into()));
    }
    let headers = headers_below(&include)?;
    let scratch = context.workspace.build("headers-alone");
    let mut findings = Vec::new();
    for (tool, standard, suffix) in LANGUAGES {
        if tool == "g++" && !include.join("c++").exists() {
            // C++ is a part of the tree of its own.
            continue;
        }
        let compiler = prefix.tool(tool);
        findings.extend(refused(&compiler, standard, suffix, &headers, &scratch)?);
    }
    Ok(Outcome::Looked(findings))
}

/// Headers for programs, as they write them.
fn headers_below(include: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        let path = include.join(&folder);
        let entries = std::fs::read_dir(&path).with_context(|| format!("cannot read {}", path.display()))?;
        for entry in entries {
            let entry = entry?;
            let name = folder.join(entry.file_name());
            let text = name.display().to_string();
            if entry.path().is_dir() {
                folders.extend((!NOT_FOR_PROGRAMS.contains(&text.as_str())).then_some(name));
            } else if is_for_programs(&text) {
                found.push(text);
            }
        }
    }
    found.sort();
    Ok(found)
}

fn is_for_programs(name: &str) -> bool {
    // A leading underscore says that it is a part of another.
    let is_part = name.rsplit('/').next().is_some_and(|file| file.starts_with('_'));
    name.ends_with(".h") && !is_part && !UNUSED.iter().any(|(unused, _)| *unused == name)
}

/// Those that cannot be compiled so. All are tried in one go; only if that fails each by itself.
fn refused(
    compiler: &Path,
    standard: &str,
    suffix: &str,
    headers: &[String],
    scratch: &Path,
) -> Result<Vec<Finding>> {
    let source = |header: &String| scratch.join(format!("{}.{suffix}", header.replace(['/', '.'], "-")));
    for header in headers {
        files::write(&source(header), format!("#include <{header}>\n"))?;
    }
    let compile = |sources: Vec<PathBuf>| {
        Cmd::new(compiler).args([standard, "-w", "-fsyntax-only"]).args(sources).collect()
    };
    let (status, told) = compile(headers.iter().map(source).collect())?;
    if status.success() {
        return Ok(Vec::new());
    }
    let mut findings = Vec::new();
    for header in headers {
        let (status, told) = compile(vec![source(header)])?;
        if !status.success() {
            findings.push(finding(header, standard, &told));
        }
    }
    if findings.is_empty() {
        bail!("{} cannot compile the headers: {told}", compiler.display());
    }
    Ok(findings)
}

fn finding(header: &str, standard: &str, told: &str) -> Finding {
    let error = told.lines().find(|line| line.contains("error:")).unwrap_or("no reason was given");
    Finding {
        place: format!("<{header}>"),
        what: format!("cannot be included alone with {standard}: {error}"),
        why: "who includes a header is owed all that it needs, and configure scripts include one at a time",
        cure: "include in it what it uses (newlib-port/include, pthread-embedded/include, or a patch)".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_headers_are_none() {
        for (name, expected) in [
            ("stdio.h", true),
            ("sys/stat.h", true),
            ("sys/_types.h", false),
            ("_ansi.h", false),
            ("sys/custom_file.h", false),
            ("omp_lib.mod", false),
        ] {
            assert_eq!(is_for_programs(name), expected, "{name}");
        }
    }

    /// The host's compiler and a header of ours stand in.
    #[test]
    fn a_header_that_needs_another_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let header = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            path.display().to_string()
        };
        let good = header("good.h", "#include <sys/types.h>\noff_t there(void);\n");
        let bad = header("bad.h", "off_t here(void);\n");
        let try_all = |headers: &[String]| {
            refused(Path::new("cc"), "-std=gnu17", "c", headers, &folder.path().join("scratch")).unwrap()
        };
        assert_eq!(try_all(std::slice::from_ref(&good)), []);
        let found = try_all(&[good, bad.clone()]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].place, format!("<{bad}>"));
        assert!(found[0].what.contains("-std=gnu17") && found[0].what.contains("off_t"), "{:?}", found[0]);
    }
}
