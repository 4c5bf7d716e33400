//! The test bed's Linux: Debian's kernel, and a memory disk with its KVM modules and our agent.
//!
//! The kernel's package is what `linux-image-amd64` depends on today: pinned by the distribution, whose signature apt checks.
//! Its QEMU is a pinned one of Debian's backports, without two stores that break virtual machines ([`BINARY_PATCHES`], docs/testing.md).
//! Both are taken apart below `target`, not installed.

use std::fs;
use std::io::Write;
use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use cpio::NewcBuilder;

use crate::context::Context;
use crate::files::{copy, empty_folder, files_below, list, write};
use crate::package;
use crate::rust::{self, TARGET};
use crate::source::{self, Kind, Source};
use crate::step::{Job, Step};
use crate::tool::Cmd;

/// Debian's name for "the kernel of this release".
const KERNEL: &str = "linux-image-amd64";

/// What init loads, without what these depend on: KVM itself, and the line to the runner.
const MODULES: &[&str] = &["kvm-amd", "virtio_pci", "virtio_console"];

/// QEMU of Debian's backports; what it needs besides comes with the release's own.
const QEMU: Source = Source {
    package: "qemu-system-x86",
    kind: Kind::Deb("qemu"),
    archive: "qemu-system-x86_10.0.2+ds-2+deb13u1~bpo12+1_amd64.deb",
    sha256: "4a6b1856c8b0d7df4ff8e70249e12c473ccf8d516aadb4ae14d3d938faed0c65",
};

/// The program in that package, and its name in the bed's folder.
const QEMU_PROGRAM: (&str, &str) = ("usr/bin/qemu-system-x86_64", "qemu-system-x86_64");

/// A store that QEMU's program is better off without.
struct BinaryPatch {
    /// The code around it, found once in the program.
    code: &'static [u8],
    /// The store's place in that code.
    store: Range<usize>,
}

const BINARY_PATCHES: [BinaryPatch; 2] = [
    // `helper_vmrun` (target/i386/tcg/system/svm_helper.c) injects an external interrupt: the error code is kept, then the vector as
    // the exception that is due (the store), though the interrupt is delivered on the spot, a few instructions later. Whenever the
    // emulation is asked to pause before the virtual machine's next exit, it delivers that exception: the handler is entered twice,
    // the second time on top of its own frame.
    BinaryPatch {
        code: &[
            0x44, 0x89, 0xab, 0xe0, 0x33, 0x00, 0x00, // mov %r13d, env->error_code
            0x89, 0xb3, 0x10, 0xd7, 0xff, 0xff, // mov %esi, cs->exception_index
            0xc7, 0x83, 0xe4, 0x33, 0x00, 0x00, 0x00, 0x00, 0x00,
            0x00, // movl $0, env->exception_is_int
        ],
        store: 7..13,
    },
    // `cpu_clear_ignne` (target/i386/tcg/system/fpu_helper.c), which every XRSTOR of every CPU calls, clears a flag of the first CPU,
    // in a word (`hflags2`) that the first CPU is changing: its "nested paging is on" comes back after the virtual machine's exit, and
    // Linux is run as if it were the guest. Nothing sets the flag: that takes a write to port 0xf0.
    BinaryPatch {
        code: &[
            0x81, 0xa0, 0x74, 0x2c, 0x00, 0x00, 0x7f, 0xff, 0xff,
            0xff, // andl $~HF2_IGNNE_MASK, env->hflags2
            0x48, 0x83, 0xc4, 0x08, // add $8, %rsp
        ],
        store: 0..10,
    },
];

/// x86's instruction of one byte that does nothing.
const NOP: u8 = 0x90;

const STATIC: &[&str] = &["-Ctarget-feature=+crt-static"];

/// File types in the mode of an archive's entry (cpio(5)).
const FOLDER: u32 = 0o040_755;
const PROGRAM: u32 = 0o100_755;
const DEVICE: u32 = 0o020_600;

/// QEMU, kernel and memory disk, in this order.
pub fn steps(context: &Context) -> Result<Vec<Step>> {
    Ok(vec![qemu(context), kernel(context), initramfs(context)?])
}

/// Fetches QEMU. A mirror that has it no more is no reason to test nothing: then the release's own must do.
fn qemu(context: &Context) -> Step {
    let folder = context.workspace.bed().join("qemu");
    let made = folder.clone();
    let step = Step::new("bed-qemu", "fetch QEMU for the test bed", file!(), move |job| {
        empty_folder(&made)?;
        match QEMU.fetch(job) {
            Ok(package) => take_program(job, &package, &made),
            Err(error) => job.tell(&format!("the release's QEMU must do: {error:#}")),
        }
    });
    step.text("sha256", QEMU.sha256).output(folder).packages(&[&package::QEMU])
}

fn take_program(job: &mut Job<'_>, package: &Path, folder: &Path) -> Result<()> {
    let scratch = job.scratch()?;
    job.run(Cmd::new("dpkg-deb").arg("--extract").arg(package).arg(&scratch))?;
    let (from, name) = QEMU_PROGRAM;
    let program = folder.join(name);
    copy(&scratch.join(from), &program)?;
    write(&program, mended(read(&program)?)?)?;
    fs::remove_dir_all(&scratch).with_context(|| format!("cannot remove {}", scratch.display()))
}

/// QEMU without the stores of [`BINARY_PATCHES`].
fn mended(mut program: Vec<u8>) -> Result<Vec<u8>> {
    for BinaryPatch { code, store } in BINARY_PATCHES {
        let is_place = |at: &usize| program[*at..].starts_with(code);
        let places: Vec<usize> = (0..program.len()).filter(is_place).collect();
        let [at] = places[..] else {
            bail!("{} has {} places to mend, not one", QEMU_PROGRAM.0, places.len());
        };
        program[at..][store].fill(NOP);
    }
    Ok(program)
}

/// Fetches the kernel; once there, it stays until `cargo xtask clean`.
fn kernel(context: &Context) -> Step {
    let bed = context.workspace.bed();
    let (vmlinuz, modules) = (bed.join("vmlinuz"), bed.join("modules"));
    let made = vmlinuz.clone();
    let step = Step::new("bed-kernel", "fetch Debian's kernel for the test bed", file!(), move |job| {
        fetch_kernel(job, &made, &modules)
    });
    step.output(vmlinuz).output(bed.join("modules")).packages(&[&package::XZ])
}

fn fetch_kernel(job: &mut Job<'_>, vmlinuz: &Path, modules: &Path) -> Result<()> {
    let scratch = job.scratch()?;
    let package = source::download_dependency(job, KERNEL, "linux-image-", &scratch)?;
    job.run(Cmd::new("dpkg-deb").arg("--extract").arg(package).arg(&scratch))?;
    let found = only_entry(&scratch.join("boot"), "vmlinuz-")?;
    copy(&found, vmlinuz)?;
    empty_folder(modules)?;
    // Newer releases keep modules below /usr.
    let tree = ["lib/modules", "usr/lib/modules"].map(|path| scratch.join(path));
    let tree = tree.iter().find(|path| path.is_dir()).context("the kernel's package has no modules")?;
    let files = files_below(tree)?;
    let mut order = Vec::new();
    for name in MODULES {
        add_module(&files, name, modules, &mut order)?;
    }
    fs::remove_dir_all(&scratch).with_context(|| format!("cannot remove {}", scratch.display()))
}

/// Copies a module behind those that it depends on, with a number by which init finds the order.
fn add_module(files: &[PathBuf], name: &str, to: &Path, order: &mut Vec<String>) -> Result<()> {
    if order.iter().any(|known| known == name) {
        return Ok(());
    }
    let is_it = |path: &&PathBuf| {
        module_name(path).is_some_and(|found| found.replace('-', "_") == name.replace('-', "_"))
    };
    let file =
        files.iter().find(is_it).with_context(|| format!("the kernel's package has no module {name}"))?;
    let module = read_module(file)?;
    for dependency in dependencies(&module) {
        add_module(files, &dependency, to, order)?;
    }
    write(&to.join(format!("{:02}-{name}.ko", order.len())), module)?;
    order.push(name.to_owned());
    Ok(())
}

/// `kvm` of `.../kvm.ko` or `.../kvm.ko.xz`.
fn module_name(path: &Path) -> Option<&str> {
    path.file_name()?.to_str()?.split_once(".ko").map(|(name, _)| name)
}

fn read_module(file: &Path) -> Result<Vec<u8>> {
    if file.extension().is_some_and(|extension| extension == "xz") {
        return Cmd::new("xz").args(["--decompress", "--stdout"]).arg(file).read_bytes();
    }
    fs::read(file).with_context(|| format!("cannot read {}", file.display()))
}

/// Names in the entry `depends=` of the section `.modinfo` (linux/moduleparam.h), which is a list of strings.
fn dependencies(module: &[u8]) -> Vec<String> {
    let entry = module.split(|&byte| byte == 0).find_map(|text| text.strip_prefix(b"depends="));
    let names = String::from_utf8_lossy(entry.unwrap_or_default()).into_owned();
    names.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

fn only_entry(folder: &Path, prefix: &str) -> Result<PathBuf> {
    let starts = |path: &PathBuf| {
        path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with(prefix))
    };
    match list(folder)?.into_iter().find(starts) {
        Some(path) => Ok(path),
        None => bail!("no {prefix}* in {}", folder.display()),
    }
}

/// Compiles the agent and packs it with the modules.
fn initramfs(context: &Context) -> Result<Step> {
    let bed = context.workspace.bed();
    let (output, modules) = (bed.join("initramfs"), bed.join("modules"));
    let (made, from) = (output.clone(), modules.clone());
    let step = Step::new("bed", "make the test bed's memory disk", file!(), move |job| {
        let cmd = rust::cargo(job.context, "build", STATIC);
        job.run(cmd.args(["--release", "--package", "tests", "--bin", "bed-agent"]))?;
        let agent = job.workspace().target().join(TARGET).join("release/bed-agent");
        write(&made, archive(&agent, &from)?)
    });
    let step = step.after(&["bed-kernel"]).tree(modules).output(output).packages(&[&package::GCC]);
    rust::depends_on(step, context, &["abi", "sysroot", "tests/src"])
}

/// The memory disk, as the kernel unpacks it (Documentation/driver-api/early-userspace/buffer-format.rst).
fn archive(agent: &Path, modules: &Path) -> Result<Vec<u8>> {
    let mut archive = Archive { bytes: Vec::new(), entries: 0 };
    for folder in ["dev", "modules"] {
        archive.add(NewcBuilder::new(folder).mode(FOLDER), &[])?;
    }
    // The kernel opens it for init before anything is mounted.
    archive.add(NewcBuilder::new("dev/console").mode(DEVICE).rdev_major(5).rdev_minor(1), &[])?;
    archive.add(NewcBuilder::new("init").mode(PROGRAM), &read(agent)?)?;
    for file in files_below(modules)? {
        let name = file.file_name().context("a module has a name")?.to_string_lossy().into_owned();
        archive.add(NewcBuilder::new(&format!("modules/{name}")).mode(PROGRAM), &read(&file)?)?;
    }
    Ok(cpio::newc::trailer(archive.bytes)?)
}

struct Archive {
    bytes: Vec<u8>,
    entries: u32,
}

impl Archive {
    fn add(&mut self, entry: NewcBuilder, content: &[u8]) -> Result<()> {
        self.entries += 1;
        let len = u32::try_from(content.len()).context("a file of the memory disk is too long")?;
        let mut writer = entry.ino(self.entries).nlink(1).write(&mut self.bytes, len);
        writer.write_all(content)?;
        writer.finish()?;
        Ok(())
    }
}

fn read(file: &Path) -> Result<Vec<u8>> {
    fs::read(file).with_context(|| format!("cannot read {}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_out_stores() {
        let program: Vec<u8> = BINARY_PATCHES.iter().flat_map(|mend| [&[1, 2], mend.code].concat()).collect();
        let mended = mended(program.clone()).unwrap();
        let kept: Vec<u8> = mended.iter().copied().filter(|&byte| byte != NOP).collect();
        let stores: usize = BINARY_PATCHES.iter().map(|mend| mend.store.len()).sum();
        assert_eq!((mended.len(), kept.len()), (program.len(), program.len() - stores));
        assert!(super::mended(vec![0; 100]).is_err());
        assert!(super::mended([program.clone(), program].concat()).is_err());
    }

    #[test]
    fn a_module_tells_what_it_needs() {
        assert_eq!(dependencies(b"\x7fELF\0license=GPL\0depends=kvm,ccp\0intree=Y\0"), ["kvm", "ccp"]);
        assert!(dependencies(b"\0depends=\0").is_empty());
        assert_eq!(module_name(Path::new("/a/kvm-amd.ko.xz")), Some("kvm-amd"));
    }
}
