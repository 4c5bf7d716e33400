//! As much Tcl as DejaGnu's directives are written in: a list of words, `{ dg-do run { target lp64 } }`.
//!
//! Key type: [`Word`]. Neighbours: [`super::directives`] finds lists in sources, [`super::selector`] evaluates some.

/// One word of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Word {
    /// `bare`, or `"quoted"` with its backslashes replaced.
    Text(String),
    /// `{ in braces }`, nothing replaced.
    Braced(String),
}

impl Word {
    /// What it says, however it is written.
    pub fn text(&self) -> &str {
        match self {
            Self::Text(text) | Self::Braced(text) => text,
        }
    }
}

/// The words of a whole list; `None` if a brace or a quote is not closed.
pub fn words(list: &str) -> Option<Vec<Word>> {
    let mut words = Vec::new();
    let mut rest = list.trim_start();
    while !rest.is_empty() {
        let (word, behind) = word(rest)?;
        words.push(word);
        rest = behind.trim_start();
    }
    Some(words)
}

/// What stands between the brace that `text` begins with and the one that closes it.
pub fn braced(text: &str) -> Option<(&str, &str)> {
    let mut depth = 0_usize;
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'{' => depth += 1,
            b'}' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some((&text[1..at], &text[at + 1..]));
                }
            }
            _ => {}
        }
    }
    None
}

fn word(text: &str) -> Option<(Word, &str)> {
    if text.starts_with('{') {
        let (inside, rest) = braced(text)?;
        return Some((Word::Braced(inside.to_owned()), rest));
    }
    if let Some(inside) = text.strip_prefix('"') {
        return quoted(inside);
    }
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    Some((Word::Text(text[..end].to_owned()), &text[end..]))
}

fn quoted(inside: &str) -> Option<(Word, &str)> {
    let mut word = String::new();
    let mut chars = inside.char_indices();
    while let Some((at, char)) = chars.next() {
        match char {
            '"' => return Some((Word::Text(word), &inside[at + 1..])),
            '\\' => word.push(match chars.next()?.1 {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                other => other,
            }),
            char => word.push(char),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_bare_quoted_or_braced() {
        let text = |text: &str| Word::Text(text.to_owned());
        assert_eq!(words(" dg-do  run ").unwrap(), [text("dg-do"), text("run")]);
        assert_eq!(words(r#"a "b \"c\" \\(\n" d"#).unwrap(), [text("a"), text("b \"c\" \\(\n"), text("d")]);
        assert_eq!(words("x { y { z } }").unwrap(), [text("x"), Word::Braced(" y { z } ".into())]);
        assert_eq!(words(r"{a\}b}").unwrap(), [Word::Braced(r"a\}b".into())]);
        assert_eq!(words("{ x"), None);
        assert_eq!(words("\"x"), None);
    }
}
