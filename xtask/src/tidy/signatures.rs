//! What the kernel's system calls take and return is what its C header says.
//!
//! `exports` compares names. Here bindgen reads the header, syn reads both, and what C and Rust pass to each other is compared:
//! how wide an integer is and whether it has a sign, and whether a pointer may be written through.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use anyhow::{Context as _, Result};
use syn::{FnArg, GenericArgument, Item, PathArguments, ReturnType, Signature, Type};

use super::finding::{Finding, Outcome};
use super::tree::Tree;
use crate::apt;
use crate::context::Context;
use crate::package::{GCC, LIBCLANG, LIBCLANG_FOLDER};
use crate::tool::Cmd;

const HEADER: &str = "kernel/include/hermit/syscall.h";
const PREFIX: &str = "sys_";

/// Compares the kernel's sources with its header.
pub fn check(context: &Context, tree: &Tree) -> Result<Outcome> {
    if let Err(error) = apt::ensure(context, [&GCC, &LIBCLANG]) {
        return Ok(Outcome::Skipped(format!("{error:#}")));
    }
    let declared =
        Cmd::cargo().args(["run", "--quiet", "--locked", "--package=bindings", "--", HEADER, PREFIX]);
    // The compiler's own headers have all that this header includes.
    let include = Cmd::new("gcc").arg("-print-file-name=include").read()?;
    let declared = declared.args(["-ffreestanding", "-nostdinc", "-isystem", include.trim()]);
    let declared = declared.env("LIBCLANG_PATH", LIBCLANG_FOLDER).cwd(context.workspace.root()).read()?;
    let kernel =
        tree.rust().filter(|(path, _)| path.starts_with("kernel/src") || path.starts_with("abi/src"));
    Ok(Outcome::Looked(compare(
        &Calls::read([(Path::new(HEADER), declared.as_str())])?,
        &Calls::read(kernel)?,
    )))
}

/// What a call exchanges with its caller: arguments, then the result.
type Exchange = Vec<Passed>;

/// A value as it crosses the border.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Passed {
    Integer {
        bytes: u8,
        has_sign: bool,
    },
    Pointer {
        is_writable: bool,
    },
    Function,
    Nothing,
    /// The call does not return.
    Never,
    /// Something that no system call should have.
    Other(String),
}

impl fmt::Display for Passed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer { bytes, has_sign } => {
                write!(f, "{} of {bytes} bytes", if *has_sign { "int" } else { "unsigned" })
            }
            Self::Pointer { is_writable: true } => f.write_str("pointer"),
            Self::Pointer { is_writable: false } => f.write_str("pointer to const"),
            Self::Function => f.write_str("function"),
            Self::Nothing => f.write_str("nothing"),
            Self::Never => f.write_str("no return"),
            Self::Other(text) => f.write_str(text),
        }
    }
}

/// System calls by name, each with the file it is in.
#[derive(Default)]
struct Calls(BTreeMap<String, (String, Exchange)>);

impl Calls {
    /// Those in Rust sources: definitions, or declarations of foreign functions.
    fn read<'t>(sources: impl IntoIterator<Item = (&'t Path, &'t str)>) -> Result<Self> {
        let parse = |(path, text): (&'t Path, &'t str)| {
            let file = syn::parse_file(text).with_context(|| format!("{} is not Rust", path.display()))?;
            Ok((path.display().to_string(), file))
        };
        let files = sources.into_iter().map(parse).collect::<Result<Vec<_>>>()?;
        let items = || files.iter().flat_map(|(path, file)| file.items.iter().map(move |item| (path, item)));
        let aliases: BTreeMap<String, &Type> = items()
            .filter_map(|(_, item)| match item {
                Item::Type(alias) => Some((alias.ident.to_string(), &*alias.ty)),
                _ => None,
            })
            .collect();
        let mut calls = Self::default();
        for (path, item) in items() {
            for signature in signatures(item) {
                let name = signature.ident.to_string();
                if name.starts_with(PREFIX) {
                    calls.0.insert(name, (path.clone(), exchange(signature, &aliases)));
                }
            }
        }
        Ok(calls)
    }
}

fn signatures(item: &Item) -> Vec<&Signature> {
    match item {
        Item::Fn(function) if function.sig.abi.is_some() => vec![&function.sig],
        Item::ForeignMod(block) => block
            .items
            .iter()
            .filter_map(|item| match item {
                syn::ForeignItem::Fn(function) => Some(&function.sig),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}

fn exchange(signature: &Signature, aliases: &BTreeMap<String, &Type>) -> Exchange {
    let arguments = signature.inputs.iter().map(|argument| match argument {
        FnArg::Typed(argument) => passed(&argument.ty, aliases),
        FnArg::Receiver(_) => Passed::Other("self".into()),
    });
    let result = match &signature.output {
        ReturnType::Default => Passed::Nothing,
        ReturnType::Type(_, of) => passed(of, aliases),
    };
    arguments.chain([result]).collect()
}

fn passed(of: &Type, aliases: &BTreeMap<String, &Type>) -> Passed {
    match of {
        Type::Never(_) => Passed::Never,
        Type::Ptr(pointer) => Passed::Pointer { is_writable: pointer.mutability.is_some() },
        Type::BareFn(_) => Passed::Function,
        Type::Path(path) => {
            let Some(last) = path.path.segments.last() else { return Passed::Other("a path".into()) };
            let name = last.ident.to_string();
            // `Option<fn>` is how bindgen writes a pointer to a function.
            if let PathArguments::AngleBracketed(arguments) = &last.arguments
                && let Some(GenericArgument::Type(inner)) = arguments.args.first()
            {
                return passed(inner, aliases);
            }
            match (integer(&name), aliases.get(&name)) {
                (Some(integer), _) => integer,
                (None, Some(alias)) => passed(alias, aliases),
                (None, None) => Passed::Other(name),
            }
        }
        _ => Passed::Other("a type that C has not".into()),
    }
}

fn integer(name: &str) -> Option<Passed> {
    let (bytes, has_sign) = match name {
        "i8" | "c_char" | "c_schar" => (1, true),
        "u8" | "c_uchar" => (1, false),
        "i16" | "c_short" => (2, true),
        "u16" | "c_ushort" => (2, false),
        "i32" | "c_int" => (4, true),
        "u32" | "c_uint" => (4, false),
        "i64" | "isize" | "c_long" | "c_longlong" => (8, true),
        "u64" | "usize" | "c_ulong" | "c_ulonglong" => (8, false),
        _ => return None,
    };
    Some(Passed::Integer { bytes, has_sign })
}

fn compare(declared: &Calls, defined: &Calls) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, (file, ours)) in &defined.0 {
        // Whether it is declared is the rule "kernel exports".
        let Some((_, theirs)) = declared.0.get(name) else { continue };
        if ours != theirs {
            findings.push(Finding {
                place: file.clone(),
                what: format!("`{name}` is {} here, and {} in {HEADER}", words(ours), words(theirs)),
                why: "the C library calls it as the header says: the rest of a register is then whatever was in it",
                cure: "make the two agree".into(),
            });
        }
    }
    if defined.0.is_empty() || declared.0.is_empty() {
        findings.push(Finding {
            place: HEADER.into(),
            what: "no system calls are found in it, or none in kernel/src".into(),
            why: "a comparison of nothing finds nothing",
            cure: format!("look whether they still begin with `{PREFIX}`"),
        });
    }
    findings
}

fn words(exchange: &Exchange) -> String {
    let words: Vec<_> = exchange.iter().map(Passed::to_string).collect();
    match words.split_last() {
        Some((result, arguments)) => format!("({}) -> {result}", arguments.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calls(text: &str) -> Calls {
        Calls::read([(Path::new("x.rs"), text)]).unwrap()
    }

    fn found(header: &str, kernel: &str) -> usize {
        compare(&calls(&format!("unsafe extern \"C\" {{ {header} }}")), &calls(kernel)).len()
    }

    #[test]
    fn the_same_in_other_words_is_the_same() {
        let header = "pub fn sys_a(fd: ::std::os::raw::c_int, to: *mut stat, len: usize, from: *const c_void) -> isize;
            pub fn sys_b() -> !; pub fn sys_c(f: ::std::option::Option<unsafe extern \"C\" fn(arg1: usize)>);";
        let kernel = "type Id = i32;
            pub extern \"C\" fn sys_a(fd: Id, to: *mut Stat, len: usize, from: *const u8) -> i64 { 0 }
            pub extern \"C\" fn sys_b() -> ! { loop {} }
            pub unsafe extern \"C\" fn sys_c(f: extern \"C\" fn(usize)) {}
            fn sys_d(not_for_c: String) {}";
        assert_eq!(found(header, kernel), 0);
    }

    #[test]
    fn each_difference_is_found() {
        let of = |arguments: &str, result: &str| format!("pub fn sys_a({arguments}) -> {result};");
        let kernel = "pub extern \"C\" fn sys_a(len: usize, to: *mut u8) -> i32 { 0 }";
        assert_eq!(found(&of("len: usize, to: *mut u8", "c_int"), kernel), 0);
        for (arguments, result) in [
            ("len: c_uint, to: *mut u8", "c_int"),
            ("len: isize, to: *mut u8", "c_int"),
            ("len: usize, to: *const u8", "c_int"),
            ("len: usize, to: usize", "c_int"),
            ("len: usize", "c_int"),
            ("len: usize, to: *mut u8", "c_long"),
            ("len: usize, to: *mut u8", "!"),
            ("to: *mut u8, len: usize", "c_int"),
        ] {
            assert_eq!(found(&of(arguments, result), kernel), 1, "{arguments} -> {result}");
        }
    }

    #[test]
    fn nothing_to_compare_is_a_finding() {
        assert_eq!(found("", "pub extern \"C\" fn sys_a() {}"), 1);
        assert_eq!(found("pub fn sys_a();", ""), 1);
    }
}
