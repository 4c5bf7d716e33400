//! The packages on this machine, from installation to purge: [`Installation`].

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::context::Context;
use crate::deb::repository::Repository;
use crate::deb::{PACKAGES, PREFIX};
use crate::files::{create_folder, empty_folder, write};
use crate::tool::Cmd;

/// What the packages leave outside of their own lists while they are installed.
const REGISTRATIONS: [&str; 2] = ["/var/lib/binfmts/hermit", "/proc/sys/fs/binfmt_misc/hermit"];

/// Programs in `examples/languages`: their compilers, options and outputs.
const LANGUAGES: [(&str, &str, &[&str], &str); 3] = [
    ("hello.cc", "g++", &["-std=c++20"], "Hello from C++: 5050\ncaught: nothing to add\n"),
    ("hello.f90", "gfortran", &[], "Hello from Fortran: 2.928968253968253968253968253968\n"),
    ("openmp.c", "gcc", &["-fopenmp"], "Hello from OpenMP: 4 threads, 500000500000\n"),
];

/// Calls an image by several names once binfmt_misc knows images. Where nobody has told it, the package's file for systemd does, and
/// that ends with the script; where nobody has mounted it, it is mounted for the script alone.
const BY_BINFMT: &str = "
set -e
folder=/proc/sys/fs/binfmt_misc
test -e $folder/register || mount -t binfmt_misc binfmt_misc $folder
if ! test -e $folder/hermit; then
    trap 'echo -1 > $folder/hermit' EXIT
    grep '^:' /usr/lib/binfmt.d/hermit.conf > $folder/register
fi
for name in 'another name' -sh --verbose ''; do (exec -a \"$name\" ./called); done";

/// A program that says how it was called.
const CALLED: &str = "#include <stdio.h>\nint main(int argc, char **argv) { return puts(argv[0]) < 0; }\n";

/// apt with the repository as its only source, and an empty folder to work in.
pub struct Installation {
    apt: PathBuf,
    work: PathBuf,
    examples: PathBuf,
}

impl Installation {
    /// Prepares apt; changes nothing on the machine.
    pub fn new(context: &Context) -> Result<Self> {
        let workspace = &context.workspace;
        let installation = Self {
            apt: workspace.build("apt"),
            work: workspace.build("installed"),
            examples: workspace.join("examples"),
        };
        empty_folder(&installation.apt)?;
        for folder in ["lists/partial", "cache/archives/partial", "log"] {
            create_folder(&installation.apt.join(folder))?;
        }
        let repository = Repository::new(&workspace.dist());
        write(&installation.apt.join("sources.list"), repository.entry(&repository.keyring()) + "\n")?;
        Ok(installation)
    }

    /// Installs everything through the metapackage; apt checks the signature.
    pub fn install(&self) -> Result<()> {
        self.apt_get(&["update"]).read()?;
        self.apt_get(&["install", "--yes", "--no-install-recommends", "hermit-toolchain"]).read()?;
        for package in PACKAGES {
            let state = Cmd::new("dpkg-query").args(["-W", "-f", "${db:Status-Abbrev}", package]).read()?;
            if state.trim() != "ii" {
                bail!("{package} is in the state {state:?} after its installation");
            }
        }
        let verify = Cmd::new("dpkg").arg("--verify").args(PACKAGES).read()?;
        if verify.is_empty() { Ok(()) } else { bail!("dpkg --verify says:\n{verify}") }
    }

    /// In an empty folder, with nothing but what is installed.
    pub fn compile_and_run(&self) -> Result<()> {
        empty_folder(&self.work)?;
        fs::copy(self.examples.join("hello/hello.c"), self.work.join("hello.c"))
            .context("cannot copy the example")?;
        let gcc = Path::new(PREFIX).join("bin/x86_64-hermit-gcc");
        Cmd::new(gcc).args(["-O2", "hello.c", "-o", "hello"]).cwd(&self.work).read()?;
        let proxy = Path::new(PREFIX).join("bin/proxy");
        let run = Cmd::new(proxy).args(["./hello", "a b"]).cwd(&self.work).env("HERMIT_ISLE", "process");
        expect_greeting(&run.read()?)?;
        if Path::new(REGISTRATIONS[1]).exists() {
            expect_greeting(&Cmd::new("./hello").arg("a b").cwd(&self.work).read()?)?;
        }
        Ok(())
    }

    /// Linux starts images by itself, with the argv\[0\] of whoever called them (flag P).
    pub fn start_by_binfmt(&self) -> Result<()> {
        write(&self.work.join("called.c"), CALLED)?;
        let gcc = Path::new(PREFIX).join("bin/x86_64-hermit-gcc");
        Cmd::new(gcc).args(["called.c", "-o", "called"]).cwd(&self.work).read()?;
        let script = Cmd::new("unshare").args(["--mount", "bash", "-c", BY_BINFMT]).cwd(&self.work);
        // The proxy that an image finds by itself knows its name in another way.
        let output = script.env("HERMIT_PROXY", "/nowhere").env("HERMIT_ISLE", "process").read()?;
        let expected = "another name\n-sh\n--verbose\n\n";
        if output == expected {
            Ok(())
        } else {
            bail!("the programs were called {output:?}, not {expected:?}")
        }
    }

    /// The runtime libraries of the other languages.
    pub fn other_languages(&self) -> Result<()> {
        for (source, compiler, options, expected) in LANGUAGES {
            let tool = Path::new(PREFIX).join("bin").join(format!("x86_64-hermit-{compiler}"));
            let source = self.examples.join("languages").join(source);
            let image = self.work.join(compiler);
            let cmd = Cmd::new(tool).args(options).arg("-O2").arg(&source).arg("-o").arg(&image);
            cmd.cwd(&self.work).read()?;
            let run = Cmd::new(Path::new(PREFIX).join("bin/proxy")).arg(&image).env("HERMIT_ISLE", "process");
            let output = run.read()?;
            if output != expected {
                bail!("{} printed {output:?}, not {expected:?}", source.display());
            }
        }
        Ok(())
    }

    /// What an upgrade does: the maintainer scripts run with the old packages in place.
    pub fn reinstall(&self) -> Result<()> {
        self.apt_get(&["install", "--yes", "--reinstall"]).args(PACKAGES).read()?;
        self.compile_and_run()
    }

    /// Removes, then purges, and looks for leftovers.
    pub fn purge(&self) -> Result<()> {
        let mut installed = Vec::new();
        for package in PACKAGES {
            let list = Cmd::new("dpkg").args(["--listfiles", package]).read()?;
            installed.extend(list.lines().map(PathBuf::from).filter(|path| is_ours(path)));
        }
        self.apt_get(&["remove", "--yes"]).args(PACKAGES).read()?;
        self.apt_get(&["purge", "--yes"]).args(PACKAGES).read()?;
        if installed.is_empty() {
            bail!("nothing was installed, so nothing was tested");
        }
        installed.extend(REGISTRATIONS.iter().map(PathBuf::from));
        installed.push(PREFIX.into());
        let left: Vec<_> = installed.iter().filter(|path| fs::symlink_metadata(path).is_ok()).collect();
        if left.is_empty() { Ok(()) } else { bail!("these are left: {left:?}") }
    }

    fn apt_get(&self, args: &[&str]) -> Cmd {
        let set = |name: &str, path: &str| format!("{name}={}", self.apt.join(path).display());
        let options = [
            set("Dir::Etc::sourcelist", "sources.list"),
            set("Dir::State::lists", "lists"),
            set("Dir::Cache", "cache"),
            set("Dir::Log", "log"),
            "Dir::Etc::sourceparts=/dev/null".to_owned(),
            // The repository may lie where only its owner can read.
            "APT::Sandbox::User=root".to_owned(),
            "DPkg::Lock::Timeout=300".to_owned(),
        ];
        let cmd = options.iter().fold(Cmd::new("apt-get").arg("-q"), |cmd, option| cmd.arg("-o").arg(option));
        cmd.args(args).env("DEBIAN_FRONTEND", "noninteractive")
    }
}

/// Folders that other packages share are not.
fn is_ours(path: &Path) -> bool {
    path.starts_with(PREFIX)
        || path.components().any(|part| part.as_os_str().to_string_lossy().contains("hermit"))
}

fn expect_greeting(output: &str) -> Result<()> {
    let good = output.starts_with("Hello from ") && output.ends_with("\nargv[1] = a b\n");
    if good { Ok(()) } else { bail!("the program printed {output:?}") }
}
