//! The programs under measurement, built for Linux and for the isles: [`Laboratory`].

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};
use sysroot::Prefix;

/// Where the measurements find what they need.
#[derive(Debug)]
pub struct Laboratory {
    sources: PathBuf,
    prefix: Prefix,
    work: PathBuf,
    scratch: PathBuf,
    bed: PathBuf,
}

/// A program, twice.
#[derive(Debug)]
pub struct Twins {
    /// Static Linux executable.
    pub native: PathBuf,
    /// Image.
    pub image: PathBuf,
}

/// An OpenMP program: Linux has two runtimes for it.
#[derive(Debug)]
pub struct OpenMp {
    /// For Linux, gcc and libgomp.
    pub libgomp: PathBuf,
    /// For Linux, gcc and LLVM's libomp.
    pub libomp: PathBuf,
    /// Image.
    pub image: PathBuf,
}

/// Where a loop lies in the lines of the instruction cache changes its time by a third, and is an accident of what else
/// the linker has put before it: here it is the same on both sides.
const ALIGNED: [&str; 2] = ["-falign-functions=64", "-falign-loops=64"];

/// Where Debian's libomp-19-dev has the library.
const LIBOMP: &str = "/usr/lib/llvm-19/lib";

impl Laboratory {
    /// Checks that there is something to measure.
    ///
    /// # Errors
    /// When the tree or a folder is missing.
    pub fn new(root: &Path, prefix: Prefix, work: PathBuf, scratch: PathBuf) -> Result<Self> {
        for needed in [prefix.proxy(), prefix.tool("gcc")] {
            ensure!(needed.exists(), "no {}\nnote: `cargo xtask sysroot` makes it", needed.display());
        }
        ensure!(scratch.is_dir(), "no folder {}\nnote: name another with --scratch", scratch.display());
        fs::create_dir_all(&work).with_context(|| format!("cannot create {}", work.display()))?;
        Ok(Self { sources: root.join("bench/programs"), prefix, work, scratch, bed: root.join("target/bed") })
    }

    /// The program that runs images.
    pub fn proxy(&self) -> PathBuf {
        self.prefix.proxy()
    }

    /// What gdb is told of us.
    pub fn gdb_script(&self) -> PathBuf {
        self.prefix.gdb_script()
    }

    /// The folder for everything that is made.
    pub fn folder(&self) -> &Path {
        &self.work
    }

    /// Kernel and memory disk of the test bed.
    pub fn bed(&self) -> &Path {
        &self.bed
    }

    /// A file that nobody else uses, for 1 GiB.
    pub fn scratch_file(&self) -> PathBuf {
        self.scratch.join(format!("hermit-bench-{}", std::process::id()))
    }

    /// Builds `<name>.c` for both.
    ///
    /// # Errors
    /// When a compiler refuses it.
    pub fn twins(&self, name: &str) -> Result<Twins> {
        let source = self.sources.join(format!("{name}.c"));
        let (native, image) = (self.work.join(format!("{name}.native")), self.work.join(name));
        let common =
            |gcc: &mut Command| run(gcc.args(["-O2", "-pthread"]).args(ALIGNED).arg(&source).arg("-lm"));
        common(Command::new("gcc").arg("-static").arg("-o").arg(&native))?;
        common(Command::new(self.prefix.tool("gcc")).arg("-o").arg(&image))?;
        Ok(Twins { native, image })
    }

    /// Builds `<name>.c`, which uses OpenMP. One compiler for all three: the runtimes are what is compared.
    ///
    /// # Errors
    /// When a compiler refuses it.
    pub fn openmp(&self, name: &str) -> Result<OpenMp> {
        let source = self.sources.join(format!("{name}.c"));
        let file = |suffix: &str| self.work.join(format!("{name}.{suffix}"));
        let (libgomp, libomp, image, object) = (file("libgomp"), file("libomp"), file("image"), file("o"));
        let compile = |gcc: &mut Command, out: &Path| {
            run(gcc.args(["-O2", "-fopenmp"]).args(ALIGNED).arg("-o").arg(out).arg(&source).arg("-lm"))
        };
        compile(&mut Command::new("gcc"), &libgomp)?;
        compile(&mut Command::new(self.prefix.tool("gcc")), &image)?;
        ensure!(Path::new(LIBOMP).is_dir(), "no {LIBOMP}\nnote: apt-get install libomp-19-dev");
        compile(Command::new("gcc").arg("-c"), &object)?;
        let search = [format!("-L{LIBOMP}"), format!("-Wl,-rpath,{LIBOMP}")];
        run(Command::new("gcc").arg(&object).arg("-o").arg(&libomp).args(search).args(["-lomp", "-lm"]))?;
        Ok(OpenMp { libgomp, libomp, image })
    }

    /// A stripped copy of an image.
    ///
    /// # Errors
    /// When strip fails.
    pub fn stripped(&self, image: &Path) -> Result<PathBuf> {
        let stripped = image.with_extension("stripped");
        run(Command::new(self.prefix.tool("strip")).arg("-o").arg(&stripped).arg(image))?;
        Ok(stripped)
    }
}

fn run(command: &mut Command) -> Result<()> {
    let output = command.output().with_context(|| format!("cannot run {command:?}"))?;
    if !output.status.success() {
        bail!("{command:?} failed:\n{}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}
