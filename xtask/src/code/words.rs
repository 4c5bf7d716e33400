//! What a source file says without its comments and tests, and which paths are in it: [`Words`].

use anyhow::{Result, anyhow};
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// A source file.
#[derive(Debug, Default)]
pub struct Words {
    /// Its tokens, one a line.
    pub said: String,
    /// Paths of two words or more, those of `use` with what stands before their braces.
    pub paths: Vec<Vec<String>>,
}

impl Words {
    /// Reads a text, which must be Rust.
    pub fn of(text: &str) -> Result<Self> {
        let tokens: TokenStream = text.parse().map_err(|error| anyhow!("{error}"))?;
        let mut words = Self::default();
        words.take(&tokens.into_iter().collect::<Vec<_>>(), &[]);
        Ok(words)
    }

    /// Takes in tokens; paths in them go on from `before`.
    fn take(&mut self, tokens: &[TokenTree], before: &[String]) {
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            at += match (token, attribute(&tokens[at..])) {
                (_, Some((group, len))) if is_doc(group) => len,
                (_, Some((group, len))) if is_of_tests(group) => len + item_len(&tokens[at + len..]),
                (TokenTree::Ident(_), _) => self.take_path(&tokens[at..], before),
                (TokenTree::Group(group), _) => {
                    self.take_group(group, &[]);
                    1
                }
                _ => {
                    self.say(token);
                    1
                }
            };
        }
    }

    fn say(&mut self, word: impl std::fmt::Display) {
        self.said.push_str(&format!("{word}\n"));
    }

    fn take_group(&mut self, group: &Group, before: &[String]) {
        self.say(format_args!("{:?}", group.delimiter()));
        self.take(&group.stream().into_iter().collect::<Vec<_>>(), before);
        self.say("end");
    }

    /// Takes in a path and what is in the braces at its end; returns how many tokens that was.
    fn take_path(&mut self, tokens: &[TokenTree], before: &[String]) -> usize {
        let mut path = before.to_vec();
        let mut at = 0;
        while let Some(TokenTree::Ident(word)) = tokens.get(at) {
            self.say(word);
            path.push(word.to_string());
            at += 1;
            if !(is_colon(tokens.get(at)) && is_colon(tokens.get(at + 1))) {
                break;
            }
            self.say("::");
            at += 2;
            match tokens.get(at) {
                Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                    self.take_group(group, &path);
                    return at + 1;
                }
                _ => {}
            }
        }
        if !before.is_empty() {
            path.pop_if(|last| last == "self");
            // What follows is a name that the file gives it.
            at += if is_word(tokens.get(at), "as") { 2 } else { 0 };
        }
        if path.len() > 1 {
            self.paths.push(path);
        }
        at
    }
}

fn is_colon(token: Option<&TokenTree>) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == ':')
}

fn is_word(token: Option<&TokenTree>, word: &str) -> bool {
    matches!(token, Some(TokenTree::Ident(ident)) if ident == word)
}

/// What is in the brackets of the attribute that `tokens` begin with, and how many tokens that is.
fn attribute(tokens: &[TokenTree]) -> Option<(&Group, usize)> {
    let is_punct =
        |at: usize, c: char| matches!(tokens.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == c);
    let at = if is_punct(1, '!') { 2 } else { 1 };
    match tokens.get(at) {
        Some(TokenTree::Group(group)) if is_punct(0, '#') && group.delimiter() == Delimiter::Bracket => {
            Some((group, at + 1))
        }
        _ => None,
    }
}

/// A comment for the documentation.
fn is_doc(attribute: &Group) -> bool {
    is_word(attribute.stream().into_iter().next().as_ref(), "doc")
}

fn is_of_tests(attribute: &Group) -> bool {
    attribute.stream().to_string().replace(' ', "") == "cfg(test)"
}

/// How many tokens the item has that `tokens` begin with: up to its body or its semicolon.
fn item_len(tokens: &[TokenTree]) -> usize {
    let is_end = |token: &TokenTree| match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        TokenTree::Punct(punct) => punct.as_char() == ';',
        _ => false,
    };
    tokens.iter().position(is_end).map_or(tokens.len(), |end| end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(text: &str) -> Vec<String> {
        Words::of(text).unwrap().paths.iter().map(|path| path.join("::")).collect()
    }

    #[test]
    fn paths_are_found_where_they_stand() {
        assert_eq!(
            paths(
                "use crate::{a::{self, b as c}, d}; use super::super::e; fn f() -> g::H { i::j(k!(l::m)) }"
            ),
            ["crate::a", "crate::a::b", "crate::d", "super::super::e", "g::H", "i::j", "l::m"]
        );
        assert!(paths("fn f(&self) { self.a; b as c }").is_empty());
    }

    #[test]
    fn comments_layout_and_tests_say_nothing() {
        let said = |text: &str| Words::of(text).unwrap().said;
        let plain = said("fn f() { g() }");
        assert_eq!(
            plain,
            said("//! A.\n/// B.\nfn f() {\n  g() // C\n}\n#[cfg(test)]\nmod tests { use a::b; }")
        );
        assert_eq!(plain, said("#[cfg(test)] mod tests; fn f() { g() }"));
        assert_ne!(plain, said("fn f() { h() }"));
        assert_ne!(plain, said("#[inline] fn f() { g() }"));
        assert_ne!(said("fn f(a: (b, c))"), said("fn f(a: (b), c)"));
    }
}
