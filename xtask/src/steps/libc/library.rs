//! The archives and crt0.o: newlib's objects, minus those that ours replace, plus our glue and malloc.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::flags::{flags, make};
use super::interface::names_file;
use super::rooms::Rooms;
use super::{fused, mimalloc, musl, symbols};
use crate::context::Context;
use crate::files::{copy, create_folder, list_with, write};
use crate::package;
use crate::step::{Job, Step};
use crate::tool::Cmd;
use crate::workspace::Workspace;

/// Files of newlib's folders `posix` and `unix` that work without processes and users. newlib itself would build these
/// folders as a whole, with fork and exec.
const FROM_NEWLIB: &[&str] = &[
    "posix/collate.c",
    "posix/collcmp.c",
    "posix/fnmatch.c",
    "posix/glob.c",
    "posix/regcomp.c",
    "posix/regerror.c",
    "posix/regexec.c",
    "posix/regfree.c",
    "unix/basename.c",
    "unix/dirname.c",
];

/// Files that exceptions of C++ pass through with something to set right.
const WITH_EXCEPTIONS: &[&str] = &["once"];

/// Libraries that exist so that `-lpthread` and `-lrt` are found; what they stand for is in libc.a.
const EMPTY: &[&str] = &["libpthread.a", "librt.a"];

/// Builds and installs them.
pub fn step(context: &Context) -> Step {
    let workspace = &context.workspace;
    let rooms = Rooms::new(workspace);
    let lib = workspace.prefix().lib();
    let inputs = rooms.clone();
    let outputs = lib.clone();
    let licenses =
        ["mimalloc/LICENSE", "musl/COPYRIGHT"].map(|name| workspace.prefix().licenses().join(name));
    let made_licenses = licenses.clone();
    let step = Step::new("libc", "compile libc.a and crt0.o", file!(), move |job| {
        let scratch = job.scratch()?;
        let mimalloc = mimalloc::folder(job)?;
        let musl = musl::unpack(job, &scratch)?;
        let (libc, libm) = (scratch.join("libc"), scratch.join("libm"));
        compile(job, &libc_objects(&rooms, &mimalloc, &musl)?, &libc)?;
        compile(job, &libm_objects(&rooms, &musl)?, &libm)?;
        crt0(job, &rooms, &lib)?;
        archive(job, &rooms, "libc.a", &libc, &["libc.a", "libg.a"])?;
        archive(job, &rooms, "libm.a", &libm, &["libm.a"])?;
        empty_archives(job, &scratch, &lib)?;
        let gcc_lib = job.workspace().prefix().gcc_lib();
        let others = [lib.join("libm.a"), gcc_lib.join("libgcc.a"), gcc_lib.join("libgcc_eh.a")];
        symbols::check(
            &lib.join("libc.a"),
            &others.each_ref().map(|path| path.as_path()),
            &rooms.port.join("absent"),
        )?;
        symbols::list(&[&lib.join("libc.a"), &lib.join("libm.a")], &names_file(job.workspace()))?;
        let texts = [mimalloc.join("LICENSE"), musl.join("COPYRIGHT")];
        texts.iter().zip(&licenses).try_for_each(|(from, to)| copy(from, to))
    });
    let step = ["sys", "string", "malloc", "math", "crt"]
        .iter()
        .fold(step, |step, folder| step.tree(inputs.port.join(folder)));
    let step = step
        .tree(inputs.port.join("include"))
        .tree(inputs.threads.clone())
        .file(inputs.port.join("absent"))
        .file(inputs.port.join("replaced/libc.a"))
        .file(inputs.port.join("replaced/libm.a"))
        .text("musl", musl::MUSL.sha256)
        .file(inputs.build.join("libc.a"))
        .file(inputs.build.join("libm.a"))
        .file(workspace.prefix().include().join("hermit/syscall.h"))
        .file(workspace.join("Cargo.lock"))
        .packages(&[&package::GCC, &package::BINUTILS, &package::MAKE]);
    let step = step.output(names_file(workspace));
    let names = ["libc.a", "libg.a", "libm.a", "crt0.o"].iter().chain(EMPTY);
    let step = names.fold(step, |step, name| step.output(outputs.join(name)));
    made_licenses.iter().fold(step, |step, license| step.output(license))
}

/// One object: its source and the flags that only it needs.
pub struct Object {
    /// File name, unique in its archive.
    pub name: String,
    /// C or assembly.
    pub source: PathBuf,
    /// Beside those of all objects.
    pub flags: String,
}

fn libc_objects(rooms: &Rooms, mimalloc: &Path, musl: &Path) -> Result<Vec<Object>> {
    let mut objects = glue(rooms, &rooms.port.join("sys/hermit"), "")?;
    objects.extend(glue(rooms, &rooms.threads.join("src"), "thread-")?);
    objects.extend(string(rooms)?);
    objects.extend(FROM_NEWLIB.iter().map(|name| from_newlib(rooms, name)));
    objects.push(malloc(&rooms.port.join("malloc/malloc.c"), mimalloc));
    objects.extend(musl::objects(&rooms.port, musl)?.into_iter().filter(musl::is_of_libc));
    Ok(objects)
}

fn libm_objects(rooms: &Rooms, musl: &Path) -> Result<Vec<Object>> {
    let mut objects = musl::objects(&rooms.port, musl)?;
    objects.extend(fused::objects(rooms));
    Ok(objects)
}

/// By make, which knows how to do several at once.
fn compile(job: &mut Job<'_>, objects: &[Object], folder: &Path) -> Result<()> {
    write(&folder.join("Makefile"), makefile(job, objects))?;
    job.run(make(job.parallelism()).cwd(folder))
}

pub(super) fn crt0(job: &mut Job<'_>, rooms: &Rooms, lib: &Path) -> Result<()> {
    create_folder(lib)?;
    let gcc = Cmd::new(job.workspace().prefix().tool("gcc")).args(flags(job.workspace())).arg("-c");
    let object = lib.join("crt0.o");
    job.run(gcc.arg(rooms.port.join("crt/crt0.c")).arg("-o").arg(&object))?;
    Ok(elfedit::mark(&object)?)
}

/// Every C and assembly file of a folder; its objects' names begin with `prefix`.
pub(super) fn glue(rooms: &Rooms, folder: &Path, prefix: &str) -> Result<Vec<Object>> {
    let sources = list_with(folder, &["c", "S"])?;
    // The two rooms know each other's inner headers.
    let includes = [rooms.port.join("sys/hermit"), rooms.threads.join("src")]
        .map(|folder| format!("-I{}", folder.display()));
    let flags = format!("-Wall -Wextra -Wno-missing-field-initializers {}", includes.join(" "));
    let objects = sources.into_iter().filter_map(|source| {
        let stem = source.file_stem()?.to_str()?;
        let exceptions = if WITH_EXCEPTIONS.contains(&stem) { " -fexceptions" } else { "" };
        Some(Object { name: format!("{prefix}{stem}.o"), flags: format!("{flags}{exceptions}"), source })
    });
    Ok(objects.collect())
}

/// The functions on memory and strings. Loops in them must not become calls to them.
pub(super) fn string(rooms: &Rooms) -> Result<Vec<Object>> {
    let mut objects = glue(rooms, &rooms.port.join("string"), "string-")?;
    objects.iter_mut().for_each(|object| object.flags.push_str(" -fno-tree-loop-distribute-patterns"));
    Ok(objects)
}

fn from_newlib(rooms: &Rooms, name: &str) -> Object {
    let libc = rooms.source.join("newlib/libc");
    let stem = name.rsplit('/').next().unwrap_or(name).trim_end_matches(".c");
    let flags = format!("-w -D_COMPILING_NEWLIB -I{}", libc.join("posix").display());
    Object { name: format!("newlib-{stem}.o"), source: libc.join(name), flags }
}

pub(super) fn malloc(source: &Path, mimalloc: &Path) -> Object {
    let (include, src) = (mimalloc.join("include"), mimalloc.join("src"));
    // The registry's place differs from machine to machine, and mimalloc's messages name their files.
    let map = format!("-ffile-prefix-map={}=mimalloc", mimalloc.display());
    let flags = format!("-std=gnu11 -w -DNDEBUG -I{} -I{} {map}", include.display(), src.display());
    Object { name: "malloc.o".to_owned(), source: source.to_path_buf(), flags }
}

/// Flags of every object.
pub(super) fn common_flags(workspace: &Workspace) -> String {
    format!("-std=gnu17 -D_GNU_SOURCE {}", flags(workspace).join(" "))
}

fn makefile(job: &Job<'_>, objects: &[Object]) -> String {
    let gcc = job.workspace().prefix().tool("gcc");
    let common = common_flags(job.workspace());
    let mut text = format!("CC = {}\nCFLAGS = {common}\nall:", gcc.display());
    objects.iter().for_each(|object| text.push_str(&format!(" {}", object.name)));
    text.push('\n');
    for Object { name, source, flags } in objects {
        let source = source.display();
        text.push_str(&format!("{name}: {source}\n\t$(CC) $(CFLAGS) {flags} -c {source} -o {name}\n"));
    }
    text
}

/// newlib's archive without what ours replace, and ours, installed under the `names`.
fn archive(job: &mut Job<'_>, rooms: &Rooms, newlib: &str, folder: &Path, names: &[&str]) -> Result<()> {
    let made = folder.join(newlib);
    copy(&rooms.build.join(newlib), &made)?;
    let ar = |flags: &str| Cmd::new("ar").arg(flags).cwd(folder);
    job.run(ar("dD").arg(&made).args(replaced(&rooms.port.join("replaced").join(newlib))?))?;
    job.run(ar("rcsD").arg(&made).args(list_with(folder, &["o"])?))?;
    elfedit::mark(&made)?;
    let lib = job.workspace().prefix().lib();
    names.iter().try_for_each(|name| copy(&made, &lib.join(name)))
}

fn empty_archives(job: &mut Job<'_>, scratch: &Path, lib: &Path) -> Result<()> {
    EMPTY.iter().try_for_each(|name| {
        job.run(Cmd::new("ar").arg("rcsD").arg(name).cwd(scratch))?;
        copy(&scratch.join(name), &lib.join(name))
    })
}

/// Names of newlib's objects that ours stand in for; `#` begins a comment.
fn replaced(list: &Path) -> Result<Vec<String>> {
    let text = fs::read_to_string(list).with_context(|| format!("cannot read {}", list.display()))?;
    let names = text.lines().filter_map(|line| line.split('#').next()).map(str::trim);
    Ok(names.filter(|name| !name.is_empty()).map(str::to_owned).collect())
}
