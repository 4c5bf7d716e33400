//! newlib's own objects: unpacked, patched, overlaid with our headers, configured, compiled.

use anyhow::Result;

use super::flags::flags;
use super::rooms::{NEWLIB, Rooms};
use crate::context::Context;
use crate::files::{copy_tree, create_folder};
use crate::package;
use crate::patches;
use crate::step::{Job, Step};
use crate::tool::Cmd;

/// How it is configured; patches/0002 decides the rest.
const OPTIONS: &[&str] = &[
    "--host=x86_64-hermit",
    "--prefix=/",
    "--disable-multilib",
    "--disable-newlib-supplied-syscalls",
    "--disable-nls",
    "--enable-newlib-fseek-optimization",
    "--enable-newlib-global-stdio-streams",
    "--enable-newlib-io-c99-formats",
    "--enable-newlib-io-long-double",
    "--enable-newlib-io-long-long",
    "--enable-newlib-io-pos-args",
    "--enable-newlib-mb",
    "--enable-newlib-multithread",
];

/// Builds them in `target/build/newlib`.
pub fn step(context: &Context) -> Step {
    let workspace = &context.workspace;
    let rooms = Rooms::new(workspace);
    let (port, build) = (rooms.port.clone(), rooms.build.clone());
    let step = Step::new("newlib", "compile newlib", file!(), move |job| {
        unpack(job, &rooms)?;
        configure(job, &rooms)?;
        job.run(Cmd::new("make").env_remove("MAKELEVEL").cwd(&rooms.build).takes_cores())
    });
    // Its configure script asks the compiler, which reads the specs, where libgcc is.
    step.after(&["toolchain", "interface", "gcc-runtime"])
        .text("sha256", NEWLIB.sha256)
        .tree(port.join("patches"))
        .tree(port.join("include"))
        .file(workspace.prefix().specs())
        .output(build.join("libc.a"))
        .output(build.join("libm.a"))
        .packages(&[&package::GCC, &package::BINUTILS, &package::MAKE, &package::XZ, &package::PATCH])
}

fn unpack(job: &mut Job<'_>, rooms: &Rooms) -> Result<()> {
    job.scratch()?;
    NEWLIB.unpack(job, &rooms.source)?;
    patches::apply_all(job, &rooms.port.join("patches"), &rooms.source)?;
    copy_tree(&rooms.port.join("include"), &rooms.source.join("newlib/libc/include"))
}

fn configure(job: &mut Job<'_>, rooms: &Rooms) -> Result<()> {
    create_folder(&rooms.build)?;
    let prefix = job.workspace().prefix();
    let tool = |name: &str| prefix.tool(name).into_os_string();
    // Relative, so that `__FILE__` is the same in every checkout.
    let configure = Cmd::new("../source/newlib/configure").args(OPTIONS).cwd(&rooms.build);
    let flags = flags(job.workspace()).join(" ");
    let configure = configure.env("CC", tool("gcc")).env("AR", tool("ar")).env("RANLIB", tool("ranlib"));
    let configure = configure.env("AS", tool("as")).env("CFLAGS", &flags).env("CCASFLAGS", &flags);
    job.run(configure.note("its reasons are in config.log in the folder named above"))
}
