//! The contracts are data: no `unsafe`, and structures of fixed-width integers that both sides lay out the same.

use anyhow::{Context as _, Result};
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};
use syn::{Attribute, ExprUnsafe, ItemFn, ItemImpl, ItemStruct, ItemTrait, Meta, Type};

use super::finding::Finding;
use super::tree::Tree;

const WHY: &str =
    "kernel and proxy are compiled apart: what they share must have one layout and no behaviour of its own";

/// Checks every file of `abi`.
pub fn check(tree: &Tree) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for (path, text) in tree.rust().filter(|(path, _)| path.starts_with("abi/src")) {
        let file = syn::parse_file(text).with_context(|| format!("{} is not Rust", path.display()))?;
        let mut purity = Purity { path: path.display().to_string(), findings: &mut findings };
        purity.visit_file(&file);
    }
    Ok(findings)
}

struct Purity<'f> {
    path: String,
    findings: &'f mut Vec<Finding>,
}

impl Purity<'_> {
    fn find(&mut self, span: proc_macro2::Span, what: String, cure: &str) {
        let place = format!("{}:{}", self.path, span.start().line);
        self.findings.push(Finding { place, what, why: WHY, cure: cure.to_owned() });
    }

    fn refuse_unsafe(&mut self, keyword: Option<&syn::token::Unsafe>) {
        if let Some(keyword) = keyword {
            self.find(keyword.span, "`unsafe` in abi".into(), "move the code to the side that needs it");
        }
    }
}

impl<'ast> Visit<'ast> for Purity<'_> {
    fn visit_expr_unsafe(&mut self, node: &'ast ExprUnsafe) {
        self.refuse_unsafe(Some(&node.unsafe_token));
        visit::visit_expr_unsafe(self, node);
    }

    fn visit_item_fn(&mut self, node: &'ast ItemFn) {
        self.refuse_unsafe(node.sig.unsafety.as_ref());
        visit::visit_item_fn(self, node);
    }

    fn visit_item_impl(&mut self, node: &'ast ItemImpl) {
        self.refuse_unsafe(node.unsafety.as_ref());
        visit::visit_item_impl(self, node);
    }

    fn visit_item_trait(&mut self, node: &'ast ItemTrait) {
        self.refuse_unsafe(node.unsafety.as_ref());
        visit::visit_item_trait(self, node);
    }

    /// A structure with named fields crosses the border unless it says `repr(Rust)` by having none: the rule is for
    /// `repr(C)` ones, and public fields without `repr(C)` are a mistake.
    fn visit_item_struct(&mut self, node: &'ast ItemStruct) {
        let is_repr_c = node.attrs.iter().any(is_repr_c);
        let is_shared = node.fields.iter().any(|field| matches!(field.vis, syn::Visibility::Public(_)));
        if is_shared && !is_repr_c {
            let what = format!("`{}` has public fields but is not `repr(C)`", node.ident);
            self.find(node.ident.span(), what, "add #[repr(C)], and assert its size at compile time");
        }
        for field in node.fields.iter().filter(|_| is_repr_c) {
            if !is_fixed_width(&field.ty) {
                let name = field.ident.as_ref().map_or_else(|| "0".to_owned(), ToString::to_string);
                let what = format!("`{}::{name}` is no fixed-width integer", node.ident);
                self.find(
                    field.ty.span(),
                    what,
                    "use u8..u64, i8..i64, arrays of them, or another repr(C) structure of abi",
                );
            }
        }
        visit::visit_item_struct(self, node);
    }
}

/// `#[repr(C)]`, also with `align(...)` beside it.
pub fn is_repr_c(attribute: &Attribute) -> bool {
    let Meta::List(list) = &attribute.meta else { return false };
    let mut words = list.tokens.clone().into_iter();
    list.path.is_ident("repr")
        && words.any(|word| word.to_string() == "C" || word.to_string() == "transparent")
}

/// Integers of a known width, arrays of them, atomics of a known width, and structures (which are checked themselves).
fn is_fixed_width(ty: &Type) -> bool {
    const INTEGERS: [&str; 8] = ["u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64"];
    const ATOMICS: [&str; 4] = ["AtomicU8", "AtomicU16", "AtomicU32", "AtomicU64"];
    match ty {
        Type::Array(array) => is_fixed_width(&array.elem),
        Type::Path(path) => path.path.segments.last().is_some_and(|last| {
            let name = last.ident.to_string();
            let is_structure =
                name.starts_with(char::is_uppercase) && last.arguments.is_empty() && name != "Self";
            let is_std = ["AtomicUsize", "AtomicBool", "String", "Duration", "Ordering"].contains(&&*name);
            INTEGERS.contains(&&*name) || ATOMICS.contains(&&*name) || (is_structure && !is_std)
        }),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(text: &str) -> Vec<String> {
        check(&Tree::of([("abi/src/x.rs", text)]))
            .unwrap()
            .iter()
            .map(|f| format!("{} {}", f.place, f.what))
            .collect()
    }

    #[test]
    fn integers_arrays_and_structures_are_pure() {
        let text = "#[repr(C)] pub struct A { pub a: u64, pub b: [u8; 4], pub c: crate::B, pub d: [C; 2] }
                    #[repr(C, align(64))] pub struct E { pub a: i32 }
                    pub struct Private { a: usize }";
        assert_eq!(findings(text), Vec::<String>::new());
    }

    #[test]
    fn everything_that_depends_on_the_compiler_is_found() {
        for ty in
            ["usize", "bool", "&'static u8", "*const u8", "Option<u8>", "(u8, u8)", "char", "f64", "fn()"]
        {
            let found = findings(&format!("#[repr(C)]\npub struct A {{\n pub a: {ty} }}"));
            assert_eq!(found, ["abi/src/x.rs:3 `A::a` is no fixed-width integer"], "{ty}");
        }
        assert_eq!(findings("pub struct A { pub a: u8 }").len(), 1, "not repr(C)");
    }

    #[test]
    fn every_kind_of_unsafe_is_found() {
        let text = "unsafe fn f() {}\nunsafe impl X for Y {}\nfn g() { unsafe { h() } }\nunsafe trait T {}";
        let lines: Vec<_> = findings(text);
        assert_eq!(lines.len(), 4, "{lines:?}");
    }

    #[test]
    fn other_rooms_may_do_what_they_need() {
        let tree = Tree::of([("kernel/src/x.rs", "unsafe fn f() {}")]);
        assert_eq!(check(&tree).unwrap(), []);
    }
}
