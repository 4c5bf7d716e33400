//! [`Tree`]: an installed tree with the driver under test, the real specs and linker script, and a C library that can
//! only exit; made once, shared by all tests. [`Scratch`]: a folder to work in, and what its commands answered.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use sysroot::{Prefix, links::LINKS};
use tests::limited;

/// Folder names with a blank are legal, so the whole test runs in one.
const ROOT_NAME: &str = "the tree";

pub struct Tree {
    pub prefix: Prefix,
}

/// The tree of this test run.
pub fn tree() -> &'static Tree {
    static TREE: OnceLock<Tree> = OnceLock::new();
    TREE.get_or_init(Tree::make)
}

/// What an image needs at least; the kernel's way out is Linux's, so that the test can run the image's twin.
const RUNTIME: &[(&str, &str)] = &[
    (
        "crt0",
        "extern int main(void); extern void hermit_exit(int);\n\
         __attribute__((force_align_arg_pointer)) void _start(void) { hermit_exit(main()); }\n",
    ),
    (
        "libhermit",
        "_Noreturn void hermit_exit(int status) {\n\
         for (;;) __asm__ volatile(\"syscall\" : : \"a\"(231), \"D\"(status) : \"rcx\", \"r11\", \"memory\"); }\n",
    ),
    ("libc", "_Noreturn void hermit_exit(int); _Noreturn void abort(void) { hermit_exit(134); }\n"),
];

const HEADERS: &[(&str, &str)] = &[
    ("stdio.h", "#define OUR_STDIO 1\nint puts(const char *);\n"),
    ("limits.h", "#define INT_MAX 0x7fffffff\n"),
];

impl Tree {
    fn make() -> Self {
        // Statics are never dropped, so the tree lies in the target folder and replaces that of the run before.
        let prefix = Prefix::new(Path::new(env!("CARGO_TARGET_TMPDIR")).join(ROOT_NAME));
        let _ = std::fs::remove_dir_all(prefix.root());
        for needed in [prefix.bin(), prefix.compiler_tools(), prefix.include(), prefix.gcc_lib()] {
            std::fs::create_dir_all(needed).unwrap();
        }
        install_executable(Path::new(env!("CARGO_BIN_EXE_driver")), &prefix.driver());
        for link in LINKS {
            std::os::unix::fs::symlink(link.target(), link.path(&prefix)).unwrap();
        }
        let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sysroot");
        std::fs::copy(sources.join("specs/hermit.specs"), prefix.specs()).unwrap();
        std::fs::copy(sources.join("ld/hermit.ld"), prefix.linker_script()).unwrap();
        for (name, content) in HEADERS {
            std::fs::write(prefix.include().join(name), content).unwrap();
        }
        for name in sysroot::gcc_runtime::FILES {
            let answer = Command::new("gcc").arg(format!("-print-file-name={name}")).in_time();
            let path = String::from_utf8(answer.stdout).unwrap();
            elfedit::copy_marked(Path::new(path.trim()), &prefix.gcc_lib().join(name)).unwrap();
        }
        let tree = Self { prefix };
        tree.make_runtime();
        tree
    }

    fn make_runtime(&self) {
        let scratch = Scratch::of(self.prefix.clone());
        for (name, source) in RUNTIME {
            scratch.write(&format!("{name}.c"), source);
            scratch.succeeds("gcc", &["-O2", "-c", &format!("{name}.c")]);
            let object = scratch.path(&format!("{name}.o"));
            if name.starts_with("lib") {
                let archive = self.prefix.lib().join(format!("{name}.a"));
                scratch.succeeds("ar", &["rcs", archive.to_str().unwrap(), object.to_str().unwrap()]);
            } else {
                std::fs::copy(object, self.prefix.lib().join(format!("{name}.o"))).unwrap();
            }
        }
    }
}

pub struct Scratch {
    prefix: Prefix,
    folder: tempfile::TempDir,
}

impl Scratch {
    /// An empty folder, and the tools of the test's tree.
    pub fn new() -> Self {
        Self::of(tree().prefix.clone())
    }

    fn of(prefix: Prefix) -> Self {
        Self { prefix, folder: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, content: &str) {
        std::fs::write(self.path(name), content).unwrap();
    }

    /// Writes a program that an interpreter runs.
    pub fn write_script(&self, name: &str, content: &str) {
        let text = format!("{name}.text");
        self.write(&text, content);
        install_executable(&self.path(&text), &self.path(name));
    }

    pub fn osabi(&self, name: &str) -> u8 {
        elfedit::osabi_of(&self.path(name)).unwrap().0
    }

    /// A command for one of our tools, in this folder.
    pub fn tool(&self, tool: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(self.prefix.tool(tool));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env("LC_ALL", "C")
            // What the user chose is not what is tested.
            .env("HERMIT_COMPILERS", "/none")
            .env_remove("HERMIT_HOST_GCC");
        command
    }

    /// Runs one of our tools.
    pub fn run(&self, tool: &str, arguments: &[&str]) -> Output {
        self.tool(tool, arguments).in_time()
    }

    /// Runs one of our tools, which must succeed, and returns its standard output.
    pub fn succeeds(&self, tool: &str, arguments: &[&str]) -> String {
        let output = self.run(tool, arguments);
        assert!(output.status.success(), "{tool} {arguments:?}: {}", stderr(&output));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs one of our tools, which must fail with exit status 1, and returns what it said.
    pub fn fails(&self, tool: &str, arguments: &[&str]) -> String {
        let output = self.run(tool, arguments);
        assert_eq!(output.status.code(), Some(1), "{tool} {arguments:?}: {}", stderr(&output));
        stderr(&output)
    }

    /// Runs a tool of the host, which must succeed.
    pub fn host(&self, tool: &str, arguments: &[&str]) -> String {
        let output = Command::new(tool).args(arguments).current_dir(self.folder.path()).in_time();
        assert!(output.status.success(), "{tool} {arguments:?}: {}", stderr(&output));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Exit status of an image, run as a Linux program: with the OSABI that Linux's own programs have, so that
    /// binfmt_misc leaves it alone.
    pub fn exit_status_of(&self, image: &str) -> Option<i32> {
        let twin = self.path(&format!("{image}.twin"));
        let plain = self.path(&format!("{image}.plain"));
        std::fs::copy(self.path(image), &plain).unwrap();
        elfedit::set_osabi(&plain, elfedit::Osabi(0)).unwrap();
        install_executable(&plain, &twin);
        Command::new(twin).in_time().status.code()
    }
}

/// Makes `to` an executable copy of `from`, through a process of its own: what this one opens for writing, the children
/// that other tests fork at that moment hold open as well, and so long Linux runs nothing of it ("Text file busy").
pub fn install_executable(from: &Path, to: &Path) {
    let status = Command::new("install").args(["-m", "755"]).args([from, to]).in_time().status;
    assert!(status.success(), "{} cannot be installed", to.display());
}

/// Commands that cannot keep a test waiting for ever.
pub trait InTime {
    /// Runs to the end, without input; if the end does not come, the command is killed and the test fails.
    fn in_time(&mut self) -> Output;
}

impl InTime for Command {
    fn in_time(&mut self) -> Output {
        limited::output(self.stdin(Stdio::null()), limited::COMPILER).unwrap()
    }
}

/// The same, with a text in a pipe.
pub fn in_time_with_input(command: &mut Command, text: &str) -> Output {
    let (reader, mut writer) = std::io::pipe().unwrap();
    let text = text.to_owned();
    let feeder = std::thread::spawn(move || writer.write_all(text.as_bytes()));
    let output = limited::output(command.stdin(reader), limited::COMPILER).unwrap();
    // This process must hold no end of the pipe any more.
    command.stdin(Stdio::null());
    // Who does not read everything has said why.
    let _ = feeder.join().unwrap();
    output
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
