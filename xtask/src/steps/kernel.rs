//! The kernel: compiled as a static library, then made one object of which only the system calls are visible.
//!
//! Functions stay in sections of their own, so that a program carries what it uses (`--gc-sections`); everything
//! but the exports becomes local, so that a program may have a `core` or an `alloc` of its own.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::context::Context;
use crate::files::{copy, write};
use crate::package;
use crate::rust::{self, TARGET};
use crate::step::{Job, Step};
use crate::tool::Cmd;

/// Where the ELF entry is; the header of the system calls does not name it.
const ENTRY: &str = "_start";

/// The kernel runs where it is linked, and its backtraces follow frame pointers. It never unwinds itself, but a program
/// may unwind through it: an exception thrown by a signal's handler, a backtrace printed by one.
const FLAGS: &[&str] = &[
    "-Crelocation-model=static",
    "-Cpanic=abort",
    "-Cforce-frame-pointers=yes",
    "-Cforce-unwind-tables=yes",
];

/// What the members of the compiled archive begin with that are ours; the others are Rust's own crates.
const OWN_CRATES: [&str; 2] = ["hermit-", "abi-"];

/// Compiles it to `libhermit.a`.
pub fn step(context: &Context) -> Result<Step> {
    let workspace = &context.workspace;
    let library = workspace.prefix().lib().join("libhermit.a");
    let header = workspace.join("kernel/include/hermit/syscall.h");
    let (made, exports) = (library.clone(), header.clone());
    let step = Step::new("kernel", "compile the kernel", file!(), move |job| {
        let compiled = compile(job)?;
        let object = one_object(job, &compiled, &exported(&exports)?)?;
        archive(job, &object, &made)
    });
    let step = step.file(header).output(library).packages(&[&package::BINUTILS, &package::GCC]);
    rust::depends_on(step, context, &["abi", "kernel"])
}

/// Names of the system calls that the header declares, and the entry.
pub fn exported(header: &Path) -> Result<Vec<String>> {
    let text = fs::read_to_string(header).with_context(|| format!("cannot read {}", header.display()))?;
    let mut names = declared(&text);
    names.push(ENTRY.to_owned());
    Ok(names)
}

/// Every `sys_name(` in C text; comments name calls without a parenthesis.
pub fn declared(header: &str) -> Vec<String> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let before = header.match_indices('(').map(|(at, _)| &header[..at]);
    let names = before.filter_map(|text| text.trim_end().rsplit(|c| !is_name(c)).next());
    let mut names: Vec<_> = names.filter(|name| name.starts_with("sys_")).map(str::to_owned).collect();
    names.sort();
    names.dedup();
    names
}

fn compile(job: &mut Job<'_>) -> Result<PathBuf> {
    // A folder of its own: other flags for the same crates would make both builds start over.
    let folder = job.workspace().target().join("kernel");
    let cmd = rust::cargo(job.context, "rustc", FLAGS).arg("--target-dir").arg(&folder);
    job.run(cmd.args(["--package", "kernel", "--lib", "--crate-type", "staticlib", "--profile", "kernel"]))?;
    Ok(folder.join(TARGET).join("kernel/libhermit.a"))
}

/// Takes out what an image has no use for. Returns our own objects and an archive with the others.
fn without_unwinding(job: &mut Job<'_>, compiled: &Path, scratch: &Path) -> Result<(Vec<PathBuf>, PathBuf)> {
    let members = job.read(Cmd::new("ar").arg("t").arg(compiled))?;
    let own: Vec<_> =
        members.lines().filter(|name| OWN_CRATES.iter().any(|own| name.starts_with(own))).collect();
    // .llvmbc and .llvmcmd are bitcode of rustc's LLVM, and the plugin of an older LLVM in the host's ar or ld dies of it.
    let without = |sections: &[&str]| {
        let sections = sections.iter().chain(&[".llvmbc", ".llvmcmd"]);
        sections.fold(Cmd::new("objcopy"), |cmd, section| cmd.args(["--remove-section", section]))
    };
    // The tables of the prebuilt core ask for Rust's personality, and its landing pads for libgcc's unwinder, which would be
    // in every image then. They are never entered.
    let bare = scratch.join("bare.a");
    let objcopy = without(&[".eh_frame", ".gcc_except_table*"]);
    job.run(objcopy.args(["--redefine-sym", "_Unwind_Resume=sys_abort"]).arg(compiled).arg(&bare))?;
    job.run(Cmd::new("ar").arg("d").arg(&bare).args(&own))?;
    job.run(Cmd::new("ar").arg("x").arg(compiled).args(&own).cwd(scratch))?;
    let own: Vec<_> = own.into_iter().map(|name| scratch.join(name)).collect();
    own.iter().try_for_each(|object| job.run(without(&[]).arg(object)))?;
    Ok((own, bare))
}

fn one_object(job: &mut Job<'_>, compiled: &Path, exports: &[String]) -> Result<PathBuf> {
    job.tell("make one object")?;
    let scratch = job.scratch()?;
    let (own, bare) = without_unwinding(job, compiled, &scratch)?;
    let (linked, object) = (scratch.join("linked.o"), scratch.join("hermit.o"));
    let roots = exports.iter().flat_map(|name| ["--undefined", name.as_str()]);
    let ld = Cmd::new("ld").args(["-r", "--gc-sections", "--entry", ENTRY]).args(roots);
    job.run(ld.arg("-o").arg(&linked).args(own).arg(bare))?;
    let list = scratch.join("exports");
    write(&list, exports.join("\n") + "\n")?;
    let objcopy = Cmd::new("objcopy").arg(format!("--keep-global-symbols={}", list.display()));
    job.run(objcopy.arg(&linked).arg(&object))?;
    Ok(object)
}

fn archive(job: &mut Job<'_>, object: &Path, library: &Path) -> Result<()> {
    elfedit::mark(object)?;
    let made = object.with_file_name("libhermit.a");
    job.run(Cmd::new("ar").arg("rcsD").arg(&made).arg(object))?;
    copy(&made, library)
}

#[cfg(test)]
mod tests {
    #[test]
    fn exports_are_declarations_not_comments() {
        let header = "/* sys_not here, sys_other */ int sys_a(int);\nvoid sys_b (void);\nint sys_a(int);\
                      int *sys_c(void (*f)(size_t), int);";
        assert_eq!(super::declared(header), ["sys_a", "sys_b", "sys_c"]);
    }
}
