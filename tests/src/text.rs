//! Text in directives and in reports: C's escapes, quoting for a shell, differences of two outputs.
//!
//! Neighbours: [`crate::directives`] reads with it, [`crate::verdict`] reports with it.

use similar::{ChangeTag, TextDiff};

/// Longest part of a difference that a report shows, in lines.
const MAX_DIFF_LINES: usize = 40;

/// Longest line that a report shows, in characters.
const MAX_LINE_CHARS: usize = 200;

/// Replaces C's escapes `\n \t \r \0 \\ \"`; `None` if there is another.
pub fn unescape(text: &str) -> Option<String> {
    let mut result = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(char) = chars.next() {
        result.push(match char {
            '\\' => match chars.next()? {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                '0' => '\0',
                '\\' => '\\',
                '"' => '"',
                _ => return None,
            },
            char => char,
        });
    }
    Some(result)
}

/// One word, quoted for a POSIX shell. A NUL, which no word can hold, is shown as `\0`.
pub fn quote(word: &str) -> String {
    match shlex::try_quote(word) {
        Ok(quoted) => quoted.into_owned(),
        Err(_) => format!("{word:?}"),
    }
}

/// What differs between two outputs, short enough to read; `None` if nothing does.
pub fn difference(expected: &[u8], got: &[u8]) -> Option<String> {
    if expected == got {
        return None;
    }
    Some(match (std::str::from_utf8(expected), std::str::from_utf8(got)) {
        (Ok(expected), Ok(got)) if expected.len() + got.len() < 1 << 20 => line_difference(expected, got),
        _ => first_difference(expected, got),
    })
}

fn line_difference(expected: &str, got: &str) -> String {
    let diff = TextDiff::from_lines(expected, got);
    let mut lines = Vec::new();
    for change in diff.iter_all_changes() {
        let sign = match change.tag() {
            ChangeTag::Delete => '-',
            ChangeTag::Insert => '+',
            ChangeTag::Equal => continue,
        };
        let line = change.value().trim_end_matches('\n');
        let end = if change.missing_newline() { "   (no newline at the end)" } else { "" };
        let shown: String = line.escape_debug().take(MAX_LINE_CHARS).collect();
        lines.push(format!("{sign} {shown}{end}"));
    }
    let hidden = lines.len().saturating_sub(MAX_DIFF_LINES);
    lines.truncate(MAX_DIFF_LINES);
    if hidden > 0 {
        lines.push(format!("  ... and {hidden} more lines"));
    }
    lines.join("\n")
}

fn first_difference(expected: &[u8], got: &[u8]) -> String {
    let at = expected.iter().zip(got).take_while(|(a, b)| a == b).count();
    let window = |bytes: &[u8]| {
        String::from_utf8_lossy(&bytes[at..bytes.len().min(at + 32)]).escape_debug().to_string()
    };
    format!(
        "first difference at byte {at}\n- {} bytes, there `{}`\n+ {} bytes, there `{}`",
        expected.len(),
        window(expected),
        got.len(),
        window(got)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_cs() {
        assert_eq!(unescape(r#"a\n\t\0\\\"b"#).as_deref(), Some("a\n\t\0\\\"b"));
        assert_eq!(unescape("\\"), None);
        assert_eq!(unescape("\\x41"), None);
    }

    #[test]
    fn equal_outputs_have_no_difference() {
        assert_eq!(difference(b"a\n", b"a\n"), None);
        assert_eq!(difference(b"\xff", b"\xff"), None);
    }

    #[test]
    fn the_changed_line_is_shown() {
        let diff = difference(b"same\nold\n", b"same\nnew\n").unwrap();
        assert_eq!(diff, "- old\n+ new");
        assert!(difference(b"a\n", b"a").unwrap().contains("no newline"));
    }

    #[test]
    fn binary_output_is_shown_where_it_differs() {
        let diff = difference(b"\xff\x00abc", b"\xff\x00abd!").unwrap();
        assert!(diff.starts_with("first difference at byte 4"), "{diff}");
    }

    #[test]
    fn a_long_difference_is_cut() {
        let many: String = (0..100).map(|line| format!("{line}\n")).collect();
        let diff = difference(b"", many.as_bytes()).unwrap();
        assert_eq!(diff.lines().count(), MAX_DIFF_LINES + 1);
        assert!(diff.ends_with("and 60 more lines"));
    }
}
