//! What the kernel exchanges with programs is defined in `abi`, where the rule "C headers" finds it: no structure and no
//! number of C's in the kernel itself, and none in `abi` that is left out of the comparison.

use std::collections::BTreeSet;
use std::path::Path;

use abi::c::{CONTRACTS, Contract, Fact};
use anyhow::{Context as _, Result};
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};
use syn::{Expr, FnArg, ItemConst, ItemFn, ItemStruct, Type};

use super::abi_purity::is_repr_c;
use super::finding::Finding;
use super::tree::Tree;

const WHY: &str = "what is written down a second time is not compared with the C headers, and nobody notices when they change";

/// Rooms of the kernel that exchange structures and numbers with programs.
const KERNEL: [&str; 4] = ["kernel/src/syscall", "kernel/src/signal", "kernel/src/fs", "kernel/src/time"];

/// Where the structures and numbers are.
const ABI: [&str; 2] = ["abi/src/c", "abi/src/file.rs"];

/// What needs no comparison: types that have one layout everywhere.
const PLAIN: [&str; 14] = [
    "u8",
    "u16",
    "u32",
    "u64",
    "usize",
    "i8",
    "i16",
    "i32",
    "i64",
    "isize",
    "c_char",
    "AtomicU32",
    "SignalSet",
    "TaskId",
];

/// Checks the sources.
pub fn check(tree: &Tree) -> Result<Vec<Finding>> {
    let known = Known::of(CONTRACTS.iter().copied().flatten());
    let mut findings = Vec::new();
    for (path, text) in tree.rust() {
        let side = match path {
            _ if KERNEL.iter().any(|room| path.starts_with(room)) => Side::Kernel,
            _ if ABI.iter().any(|room| path.starts_with(room)) => Side::Abi,
            _ => continue,
        };
        let file = syn::parse_file(text).with_context(|| format!("{} is not Rust", path.display()))?;
        Border { path, side, known: &known, findings: &mut findings }.visit_file(&file);
    }
    Ok(findings)
}

/// What is compared.
struct Known {
    structures: BTreeSet<&'static str>,
    /// Beginnings of the numbers' names: `O_`, `SIG`.
    families: BTreeSet<&'static str>,
}

impl Known {
    fn of(contracts: impl Iterator<Item = &'static Contract> + Clone) -> Self {
        let structures = contracts.clone().map(Contract::name).collect();
        let numbers = contracts.flat_map(Contract::facts).filter_map(|fact| match fact {
            Fact::Number { name, .. } => Some(*name),
            _ => None,
        });
        let families = numbers.filter_map(|name| Some(&name[..=name.find('_')?]));
        Self { structures, families: families.chain(["POLL", "SIG", "MINSIG", "FION"]).collect() }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Kernel,
    Abi,
}

struct Border<'f> {
    path: &'f Path,
    side: Side,
    known: &'f Known,
    findings: &'f mut Vec<Finding>,
}

impl Border<'_> {
    fn find(&mut self, span: proc_macro2::Span, what: String, cure: &str) {
        let place = format!("{}:{}", self.path.display(), span.start().line);
        self.findings.push(Finding { place, what, why: WHY, cure: cure.to_owned() });
    }
}

impl<'ast> Visit<'ast> for Border<'_> {
    fn visit_item_struct(&mut self, node: &'ast ItemStruct) {
        if !node.attrs.iter().any(is_repr_c) {
            return;
        }
        match self.side {
            Side::Kernel => self.find(
                node.ident.span(),
                format!("`{}` is a `repr(C)` structure in the kernel", node.ident),
                "move it to abi/src/c, and into the layout! there",
            ),
            Side::Abi if !self.known.structures.contains(node.ident.to_string().as_str()) => self.find(
                node.ident.span(),
                format!("`{}` is not compared with its twin in C", node.ident),
                "add it to the layout! of this file",
            ),
            Side::Abi => {}
        }
    }

    fn visit_item_fn(&mut self, node: &'ast ItemFn) {
        if self.side == Side::Kernel && node.sig.ident.to_string().starts_with("sys_") {
            for input in &node.sig.inputs {
                let FnArg::Typed(argument) = input else { continue };
                let Some(name) = pointee(&argument.ty) else { continue };
                if !PLAIN.contains(&name.as_str()) && !self.known.structures.contains(name.as_str()) {
                    let what = format!("`{}` takes a `{name}`, which is not compared", node.sig.ident);
                    self.find(argument.ty.span(), what, "define it in abi/src/c, with a layout!");
                }
            }
        }
        visit::visit_item_fn(self, node);
    }

    fn visit_item_const(&mut self, node: &'ast ItemConst) {
        let name = node.ident.to_string();
        let is_of_c = self.known.families.iter().any(|family| name.starts_with(family));
        if self.side == Side::Kernel && is_of_c && !Names::has_any(&node.expr) {
            let what = format!("`{name}` looks like a number of C's");
            self.find(
                node.ident.span(),
                what,
                "use abi::c's; if it is the kernel's own, give it another name",
            );
        }
    }
}

/// The type that a pointer leads to in the end, if it is one.
fn pointee(ty: &Type) -> Option<String> {
    fn last(ty: &Type) -> Option<String> {
        match ty {
            Type::Ptr(pointer) => last(&pointer.elem),
            Type::Array(array) => last(&array.elem),
            Type::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()),
            _ => None,
        }
    }
    if let Type::Ptr(_) = ty { last(ty) } else { None }
}

/// Whether a value is made of other constants.
struct Names(bool);

impl Names {
    fn has_any(expression: &Expr) -> bool {
        let mut names = Self(false);
        names.visit_expr(expression);
        names.0
    }
}

impl<'ast> Visit<'ast> for Names {
    fn visit_expr_path(&mut self, _: &'ast syn::ExprPath) {
        self.0 = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(path: &str, text: &str) -> Vec<String> {
        let found = check(&Tree::of([(path, text)])).unwrap();
        found.into_iter().map(|finding| format!("{} {}", finding.place, finding.what)).collect()
    }

    #[test]
    fn a_structure_of_the_kernels_own_is_found() {
        let text = "#[repr(C)] struct RUsage { a: i64 }\nstruct Free { a: i64 }\n\
                    extern \"C\" fn sys_getrusage(to: *mut RUsage, from: *const Stat, name: *mut [u8; 16]) {}";
        assert_eq!(
            findings("kernel/src/syscall/x.rs", text),
            [
                "kernel/src/syscall/x.rs:1 `RUsage` is a `repr(C)` structure in the kernel",
                "kernel/src/syscall/x.rs:3 `sys_getrusage` takes a `RUsage`, which is not compared",
            ]
        );
        assert_eq!(findings("kernel/src/arch/x86_64/gdt.rs", text), Vec::<String>::new());
    }

    #[test]
    fn a_structure_without_a_layout_is_found() {
        let found =
            findings("abi/src/c/x.rs", "#[repr(C)] pub struct Stat {}\n#[repr(C)] pub struct RUsage {}");
        assert_eq!(found, ["abi/src/c/x.rs:2 `RUsage` is not compared with its twin in C"]);
    }

    #[test]
    fn a_number_of_cs_is_found() {
        let text = "const O_PATH: i32 = 0o10_000_000;\nconst O_BOTH: u64 = c::O_CREAT as u64 | c::O_EXCL as u64;\n\
                    const SIGIO: u8 = 29;\nconst NR_BUCKETS: usize = 64;";
        assert_eq!(
            findings("kernel/src/fs/x.rs", text),
            [
                "kernel/src/fs/x.rs:1 `O_PATH` looks like a number of C's",
                "kernel/src/fs/x.rs:3 `SIGIO` looks like a number of C's",
            ]
        );
    }
}
