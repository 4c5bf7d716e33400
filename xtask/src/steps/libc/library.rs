//! The archives and crt0.o: newlib's objects, minus those that ours replace, plus our glue and malloc.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::flags::{build, flags};
use super::interface::names_file;
use super::rooms::Rooms;
use super::{crates, math, musl, musl_posix, symbols, vector};
use crate::context::Context;
use crate::files::{copy, files_below, list_with};
use crate::objects::{self, Folder, Object};
use crate::package;
use crate::step::{Job, Step};
use crate::tool::Cmd;

/// Files of newlib's folder `unix` that work without processes and users. newlib itself would build this
/// folder as a whole, with fork and exec.
const FROM_NEWLIB: &[&str] = &["unix/basename.c", "unix/dirname.c"];

/// Files that exceptions of C++ pass through with something to set right.
const WITH_EXCEPTIONS: &[&str] = &["once"];

/// What programs may ask for that mention, and can live without, what an isle has not.
const REFUSED: &str = "librefused.a";

/// Names by which objects that were compiled for Linux ask for what there is.
const LINUX: &str = "liblinux.a";

/// What stands in Go's programs where they make system calls.
const GO: &str = "libgohermit.a";

/// Libraries that exist so that `-lpthread`, `-lrt`, `-ldl`, `-lresolv`, `-lutil` and `-lmvec` are found; what they stand for is in
/// libc.a, and in libm.a.
const EMPTY: &[&str] = &["libpthread.a", "librt.a", "libdl.a", "libresolv.a", "libutil.a", "libmvec.a"];

/// Builds and installs them.
pub fn step(context: &Context) -> Step {
    let workspace = &context.workspace;
    let rooms = Rooms::new(workspace);
    let lib = workspace.prefix().lib();
    let inputs = rooms.clone();
    let outputs = lib.clone();
    let licenses = ["mimalloc/LICENSE", "musl/COPYRIGHT", "core-math/LICENSE", "sleef/LICENSE.txt"]
        .map(|name| workspace.prefix().licenses().join(name));
    let made_licenses = licenses.clone();
    let step = Step::new("libc", "compile libc.a and crt0.o", file!(), move |job| {
        let scratch = job.workspace().build("libc");
        let crates::Crates { mimalloc, core_math } = crates::folders(job)?;
        let musl = musl::unpack(job, &scratch, &rooms.port.join("musl/patches"))?;
        let sleef = vector::unpack(job, &scratch)?;
        let build = build(job.workspace());
        let sources = Sources { rooms: &rooms, build: &build };
        let basis = basis(job, &rooms)?;
        let folders = math::Folders { core_math: &core_math, musl: &musl, sleef: &sleef };
        let folder = |name: &str| Folder { path: scratch.join(name), basis: basis.clone() };
        let libc = folder("libc").compile(job, &libc_objects(&sources, &mimalloc, &musl)?)?;
        let libm = folder("libm").compile(job, &math::objects(&sources, folders)?)?;
        crt0(job, &rooms, &basis, &lib)?;
        archive(job, &rooms, "libc.a", &libc, &["libc.a", "libg.a"])?;
        new_archive(job, "libm.a", &libm)?;
        let refused = glue(&sources, &rooms.port.join("refused"), "")?;
        let refused = folder("refused").compile(job, &refused)?;
        new_archive(job, REFUSED, &refused)?;
        let linux = glue(&sources, &rooms.port.join("linux"), "linux-")?;
        let linux = folder("linux").compile(job, &linux)?;
        new_archive(job, LINUX, &linux)?;
        let go = glue(&sources, &rooms.port.join("go"), "go-")?;
        let go = folder("go").compile(job, &go)?;
        new_archive(job, GO, &go)?;
        empty_archives(job, &scratch, &lib)?;
        let gcc_lib = job.workspace().prefix().gcc_lib();
        let others = [lib.join("libm.a"), gcc_lib.join("libgcc.a"), gcc_lib.join("libgcc_eh.a")];
        symbols::check(
            &lib.join("libc.a"),
            &others.each_ref().map(|path| path.as_path()),
            &rooms.port.join("absent"),
        )?;
        symbols::list(&[&lib.join("libc.a"), &lib.join("libm.a")], &names_file(job.workspace()))?;
        let texts = [
            mimalloc.join("LICENSE"),
            musl.join("COPYRIGHT"),
            core_math.join("LICENSE"),
            sleef.join("LICENSE.txt"),
        ];
        texts.iter().zip(&licenses).try_for_each(|(from, to)| copy(from, to))
    });
    let step = ["sys", "string", "malloc", "math", "musl", "refused", "linux", "go", "crt"]
        .iter()
        .fold(step, |step, folder| step.tree(inputs.port.join(folder)));
    let step = step
        .after(&["libc-headers"])
        .tree(inputs.port.join("include"))
        .tree(inputs.threads.clone())
        .file(inputs.port.join("absent"))
        .file(inputs.port.join("replaced/libc.a"))
        .text("musl", musl::MUSL.sha256)
        .text("sleef", vector::SLEEF.sha256)
        .file(inputs.build.join("libc.a"))
        .file(workspace.prefix().include().join("hermit/syscall.h"))
        .file(workspace.join("Cargo.lock"))
        .packages(&[&package::GCC, &package::BINUTILS]);
    let step = step.output(names_file(workspace));
    let names = ["libc.a", "libg.a", "libm.a", "crt0.o", REFUSED, LINUX, GO].iter().chain(EMPTY);
    let step = names.fold(step, |step, name| step.output(outputs.join(name)));
    made_licenses.iter().fold(step, |step, license| step.output(license))
}

/// What is compiled, and how.
pub(super) struct Sources<'a> {
    /// Ours, and newlib's.
    pub(super) rooms: &'a Rooms,
    /// Flags of every object.
    pub(super) build: &'a cc::Build,
}

fn libc_objects(sources: &Sources<'_>, mimalloc: &Path, musl: &Path) -> Result<Vec<Object>> {
    let rooms = sources.rooms;
    let mut objects = glue(sources, &rooms.port.join("sys/hermit"), "")?;
    objects.extend(glue(sources, &rooms.threads.join("src"), "thread-")?);
    objects.extend(string(sources)?);
    objects.extend(FROM_NEWLIB.iter().map(|name| from_newlib(sources, name)));
    objects.push(malloc(sources, mimalloc));
    objects.extend(musl::objects(sources, musl)?.into_iter().filter(musl::is_of_libc));
    objects.extend(musl_posix::objects(sources, musl));
    Ok(objects)
}

/// What every object depends on besides its sources: the compiler and how it is driven; and which headers there are, since a
/// new one may be found before the one that was.
pub(super) fn basis(job: &mut Job<'_>, rooms: &Rooms) -> Result<String> {
    let prefix = job.workspace().prefix();
    let mut basis = job.read(Cmd::new(prefix.tool("gcc")).arg("--version"))?;
    let specs = prefix.specs();
    basis += &fs::read_to_string(&specs).with_context(|| format!("cannot read {}", specs.display()))?;
    for folder in [&rooms.port, &rooms.threads] {
        let headers =
            files_below(folder)?.into_iter().filter(|path| path.extension().is_some_and(|end| end == "h"));
        basis.extend(headers.map(|path| format!("{}\n", path.display())));
    }
    Ok(basis)
}

pub(super) fn crt0(job: &mut Job<'_>, rooms: &Rooms, basis: &str, lib: &Path) -> Result<()> {
    let mut build = objects::build(job.workspace());
    build.flags(flags(job.workspace()));
    let object = Object { name: "crt0.o".to_owned(), source: rooms.port.join("crt/crt0.c"), build };
    let folder = Folder { path: job.workspace().build("libc").join("crt"), basis: basis.to_owned() };
    folder.compile(job, &[object])?;
    let installed = lib.join("crt0.o");
    copy(&folder.path.join("crt0.o"), &installed)?;
    Ok(elfedit::mark(&installed)?)
}

/// Every C and assembly file of a folder; its objects' names begin with `prefix`.
pub(super) fn glue(sources: &Sources<'_>, folder: &Path, prefix: &str) -> Result<Vec<Object>> {
    let Sources { rooms, build } = sources;
    let mut build = (*build).clone();
    build.flag("-Wno-missing-field-initializers");
    // The threads stand on the calls, which know nothing of them.
    build.include(rooms.port.join("sys/hermit"));
    let objects = list_with(folder, &["c", "S"])?.into_iter().filter_map(|source| {
        let stem = source.file_stem()?.to_str()?.to_owned();
        let mut build = build.clone();
        if WITH_EXCEPTIONS.contains(&stem.as_str()) {
            build.flag("-fexceptions");
        }
        Some(Object { name: format!("{prefix}{stem}.o"), source, build })
    });
    Ok(objects.collect())
}

/// The functions on memory and strings. Loops in them must not become calls to them.
pub(super) fn string(sources: &Sources<'_>) -> Result<Vec<Object>> {
    let mut objects = glue(sources, &sources.rooms.port.join("string"), "string-")?;
    objects.iter_mut().for_each(|object| _ = object.build.flag("-fno-tree-loop-distribute-patterns"));
    Ok(objects)
}

fn from_newlib(sources: &Sources<'_>, name: &str) -> Object {
    let libc = sources.rooms.source.join("newlib/libc");
    let stem = name.rsplit('/').next().unwrap_or(name).trim_end_matches(".c");
    let mut build = objects::without_warnings(sources.build);
    build.define("_COMPILING_NEWLIB", None);
    Object { name: format!("newlib-{stem}.o"), source: libc.join(name), build }
}

pub(super) fn malloc(sources: &Sources<'_>, mimalloc: &Path) -> Object {
    let mut build = objects::without_warnings(sources.build);
    build
        .std("gnu11")
        .define("NDEBUG", None)
        .includes(["include", "src"].map(|folder| mimalloc.join(folder)));
    // The registry's place differs from machine to machine, and mimalloc's messages name their files.
    build.flag(format!("-ffile-prefix-map={}=mimalloc", mimalloc.display()));
    let source = sources.rooms.port.join("malloc/malloc.c");
    Object { name: "malloc.o".to_owned(), source, build }
}

/// newlib's archive without what ours replace, and ours, installed under the `names`.
fn archive(
    job: &mut Job<'_>,
    rooms: &Rooms,
    newlib: &str,
    objects: &[PathBuf],
    names: &[&str],
) -> Result<()> {
    let made = job.workspace().build("libc").join(newlib);
    copy(&rooms.build.join(newlib), &made)?;
    let without = replaced(&rooms.port.join("replaced").join(newlib))?;
    job.run(Cmd::new("ar").arg("dD").arg(&made).args(without))?;
    complete(job, &made, objects, names)
}

/// An archive of our objects alone.
fn new_archive(job: &mut Job<'_>, name: &str, objects: &[PathBuf]) -> Result<()> {
    let made = job.workspace().build("libc").join(name);
    if made.exists() {
        fs::remove_file(&made).with_context(|| format!("cannot remove {}", made.display()))?;
    }
    complete(job, &made, objects, &[name])
}

/// Adds our objects to an archive, which is installed under the `names`.
fn complete(job: &mut Job<'_>, made: &Path, objects: &[PathBuf], names: &[&str]) -> Result<()> {
    job.run(Cmd::new("ar").arg("rcsD").arg(made).args(objects))?;
    elfedit::mark(made)?;
    let lib = job.workspace().prefix().lib();
    names.iter().try_for_each(|name| copy(made, &lib.join(name)))
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
