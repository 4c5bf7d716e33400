//! `@FILE` arguments, read as GNU tools do (libiberty's `expandargv`), and written again.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::Path;

/// How many files may be expanded in all; libiberty stops at the same number.
const MAX_FILES: usize = 2000;

/// Replaces each `@FILE` by the arguments in FILE, again and again; what cannot be read stays as it is.
pub fn expand(arguments: &[OsString]) -> Vec<OsString> {
    let mut budget = MAX_FILES;
    let mut pending: Vec<OsString> = arguments.iter().rev().cloned().collect();
    let mut expanded = Vec::with_capacity(arguments.len());
    while let Some(argument) = pending.pop() {
        match file_of(&argument).filter(|_| budget > 0).and_then(|file| std::fs::read(file).ok()) {
            Some(content) => {
                budget -= 1;
                pending.extend(split(&content).into_iter().rev());
            }
            None => expanded.push(argument),
        }
    }
    expanded
}

fn file_of(argument: &OsStr) -> Option<&Path> {
    let name = argument.as_bytes().strip_prefix(b"@")?;
    Some(Path::new(OsStr::from_bytes(name))).filter(|path| path.is_file())
}

/// Splits at white space; quotes and backslashes protect.
fn split(content: &[u8]) -> Vec<OsString> {
    let mut arguments = Vec::new();
    let mut current: Option<Vec<u8>> = None;
    let mut quote = None;
    let mut bytes = content.iter().copied();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' => current.get_or_insert_default().extend(bytes.next()),
            _ if quote == Some(byte) => quote = None,
            _ if quote.is_some() => current.get_or_insert_default().push(byte),
            b'\'' | b'"' => {
                quote = Some(byte);
                current.get_or_insert_default();
            }
            b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c => arguments.extend(current.take()),
            _ => current.get_or_insert_default().push(byte),
        }
    }
    arguments.extend(current);
    arguments.into_iter().map(OsString::from_vec).collect()
}

/// The content of a response file that expands to these arguments.
pub fn join(arguments: &[OsString]) -> Vec<u8> {
    let mut content = Vec::new();
    for argument in arguments {
        content.push(b'"');
        for &byte in argument.as_bytes() {
            if matches!(byte, b'"' | b'\\') {
                content.push(b'\\');
            }
            content.push(byte);
        }
        content.extend(b"\"\n");
    }
    content
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strings(arguments: &[&str]) -> Vec<OsString> {
        arguments.iter().map(OsString::from).collect()
    }

    #[test]
    fn splits_like_libiberty() {
        let content = br#"  -DA="x y" 'it''s' \"q\" a\ b "" "#;
        assert_eq!(split(content), strings(&["-DA=x y", "its", "\"q\"", "a b", ""]));
        // All that isspace(3) takes for white space, so also files that Windows wrote.
        assert_eq!(split(b"a\r\nb\tc\x0bd\x0ce\n\n f\r\n"), strings(&["a", "b", "c", "d", "e", "f"]));
        assert_eq!(split(b"'a\r\nb' \"c\td\""), strings(&["a\r\nb", "c\td"]));
    }

    #[test]
    fn what_is_joined_splits_again() {
        let arguments = strings(&["plain", "two words", "quote\"d", "back\\slash", "", "line\nbreak"]);
        assert_eq!(split(&join(&arguments)), arguments);
    }

    #[test]
    fn files_nest_and_loops_end() {
        let folder = tempfile::tempdir().unwrap();
        let (outer, inner) = (folder.path().join("outer"), folder.path().join("inner"));
        std::fs::write(&outer, format!("-a @{} -c", inner.display())).unwrap();
        std::fs::write(&inner, "-b @/nowhere").unwrap();
        let at = |path: &Path| OsString::from(format!("@{}", path.display()));
        assert_eq!(expand(&[at(&outer)]), strings(&["-a", "-b", "@/nowhere", "-c"]));

        std::fs::write(&inner, format!("-b @{}", inner.display())).unwrap();
        assert_eq!(expand(&[at(&inner)]).len(), MAX_FILES + 1);
    }
}
