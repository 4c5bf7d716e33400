//! What a file of a crate names of the crate's other modules: in `use`, in paths, and in the tokens of macro
//! calls.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{File, Item, ItemMod, ItemUse, Macro, UseTree};

/// A path to something of the crate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// From the root of the crate on; not empty.
    pub path: Vec<String>,
    /// Line in the file.
    pub line: usize,
}

impl Mention {
    /// The room that it leads to.
    pub fn room(&self) -> &str {
        &self.path[0]
    }
}

/// Every path in `file`, the module `modules`, that begins with `crate`, `super`, `self` or the name of one of its own modules in
/// other files, and every call of one of `macros`: exported macros and the rooms that define them.
pub fn mentions(modules: &[String], file: &File, macros: &BTreeMap<String, String>) -> Vec<Mention> {
    let children = file.items.iter().filter_map(|item| match item {
        Item::Mod(module) if module.content.is_none() => Some(module.ident.to_string()),
        _ => None,
    });
    let mut finder =
        Finder { module: modules.to_vec(), children: children.collect(), macros, mentions: Vec::new() };
    finder.visit_file(file);
    finder.mentions
}

/// Names of the macros that a file exports to the whole crate.
pub fn exported_macros(file: &File) -> impl Iterator<Item = String> {
    file.items.iter().filter_map(|item| match item {
        Item::Macro(item) if item.attrs.iter().any(|attribute| attribute.path().is_ident("macro_export")) => {
            item.ident.as_ref().map(ToString::to_string)
        }
        _ => None,
    })
}

struct Finder<'m> {
    /// The module that is being looked at.
    module: Vec<String>,
    /// Modules of the file that are files of their own.
    children: BTreeSet<String>,
    macros: &'m BTreeMap<String, String>,
    mentions: Vec<Mention>,
}

impl Finder<'_> {
    /// Remembers a path as it is written, if it leads to something of the crate.
    fn note(&mut self, written: &[String], span: Span) {
        let Some((first, mut rest)) = written.split_first() else { return };
        let mut path = match first.as_str() {
            "crate" => Vec::new(),
            "self" => self.module.clone(),
            "super" => parent(&self.module),
            // One word alone may be a variable of that name.
            child if self.children.contains(child) && !rest.is_empty() => {
                self.module.iter().chain([first]).cloned().collect()
            }
            _ => return,
        };
        while rest.first().is_some_and(|segment| segment == "super") {
            rest = &rest[1..];
            path = parent(&path);
        }
        path.extend(rest.iter().filter(|segment| *segment != "self").cloned());
        if !path.is_empty() {
            self.mentions.push(Mention { path, line: span.start().line });
        }
    }

    fn note_tree(&mut self, before: &[String], tree: &UseTree) {
        let with = |name: String| before.iter().cloned().chain([name]).collect::<Vec<_>>();
        match tree {
            UseTree::Path(path) => self.note_tree(&with(path.ident.to_string()), &path.tree),
            UseTree::Name(name) => self.note(&with(name.ident.to_string()), name.ident.span()),
            UseTree::Rename(rename) => self.note(&with(rename.ident.to_string()), rename.ident.span()),
            UseTree::Glob(glob) => self.note(before, glob.star_token.spans[0]),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.note_tree(before, tree)),
        }
    }

    /// Paths in what syn leaves as it is: identifiers with two colons between them.
    fn note_tokens(&mut self, tokens: TokenStream) {
        let mut tokens = tokens.into_iter().peekable();
        while let Some(token) = tokens.next() {
            match token {
                TokenTree::Group(group) => self.note_tokens(group.stream()),
                TokenTree::Ident(first) => {
                    let mut path = vec![first.to_string()];
                    while tokens.next_if(is_colon).is_some() {
                        tokens.next_if(is_colon);
                        match tokens.next_if(|token| matches!(token, TokenTree::Ident(_))) {
                            Some(segment) => path.push(segment.to_string()),
                            None => break,
                        }
                    }
                    self.note(&path, first.span());
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }
}

fn is_colon(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == ':')
}

fn parent(module: &[String]) -> Vec<String> {
    module.split_last().map_or(Vec::new(), |(_, parent)| parent.to_vec())
}

impl<'ast> Visit<'ast> for Finder<'_> {
    fn visit_item_mod(&mut self, node: &'ast ItemMod) {
        self.module.push(node.ident.to_string());
        visit::visit_item_mod(self, node);
        self.module.pop();
    }

    fn visit_item_use(&mut self, node: &'ast ItemUse) {
        self.note_tree(&[], &node.tree);
    }

    fn visit_path(&mut self, node: &'ast syn::Path) {
        let written: Vec<_> = node.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.note(&written, node.segments[0].ident.span());
        visit::visit_path(self, node);
    }

    /// `pub(super)` says who may look, not what is looked at.
    fn visit_vis_restricted(&mut self, _: &'ast syn::VisRestricted) {}

    fn visit_macro(&mut self, node: &'ast Macro) {
        let Some(last) = node.path.segments.last() else { return };
        match self.macros.get(&last.ident.to_string()) {
            Some(room) => {
                self.mentions
                    .push(Mention { path: vec![room.clone()], line: last.ident.span().start().line });
            }
            None => self.visit_path(&node.path),
        }
        self.note_tokens(node.tokens.clone());
    }
}
