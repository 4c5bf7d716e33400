//! The multi-call driver: every `x86_64-hermit-*` tool is a link to it, and it looks at the name it was called by.
//!
//! | module | what it is for |
//! |---|---|
//! | [`personality`] | which tool a name means |
//! | [`front_end`] | compilers: the host's, turned into cross compilers |
//! | [`query`] | questions that configure scripts ask a compiler |
//! | [`assembler`], [`linker`], [`objcopy`] | the host's tools, their output marked with HermitCore's OSABI |
//! | [`rust`] | what cargo calls as the linker |
//! | [`go`] | the user's own Go, and what it calls as compiler and linker |
//! | [`linux`] | objects that were compiled for Linux |
//! | [`debugger`] | the host's gdb, told of HermitCore |
//! | [`marked`] | running a tool and marking its output |
//! | [`host`] | where the host's tools are |
//! | [`choices`] | which of them the user chose |
//! | [`response`] | `@FILE` arguments |
//! | [`command`] | running a command, and passing its end on |
//!
//! gcc finds our `as` and `ld` through `-B`, so whatever gcc does by itself (link-time optimisation, `-save-temps`,
//! several inputs, `-pipe`) goes through them, and every object and image is marked. Neighbours: `elfedit` knows the
//! mark, `sysroot` the paths and sysroot/specs/hermit.specs the compiler's side.
#![forbid(unsafe_code)]

pub mod assembler;
pub mod choices;
pub mod command;
pub mod debugger;
mod error;
pub mod front_end;
pub mod go;
pub mod host;
pub mod linker;
pub mod linux;
pub mod marked;
pub mod objcopy;
pub mod personality;
pub mod query;
pub mod response;
pub mod rust;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

pub use error::Error;
use host::Host;
use personality::Personality;
use sysroot::Prefix;

/// Links that are followed from a name that is no tool's; Linux follows as many.
const MAX_LINKS: usize = 40;

/// Where a tool works: its tree and its host.
#[derive(Clone, Debug)]
pub struct Context {
    /// The tree that the driver is part of.
    pub prefix: Prefix,
    /// Where the host's tools are.
    pub host: Host,
    /// The tool's full name, for messages: `x86_64-hermit-gcc`.
    pub program: String,
}

/// Runs the tool that `argv[0]` names and returns its exit status; where nothing is left to do afterwards, the tool
/// replaces this process and `run` does not return.
pub fn run(argv: Vec<OsString>) -> ExitCode {
    let name = argv.first().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let tool = tool_of(&name);
    let program = format!("{}-{tool}", sysroot::TARGET);
    match dispatch(&tool, &program, argv.get(1..).unwrap_or_default()) {
        Ok(status) => ExitCode::from(status),
        Err(error) => {
            eprintln!("{program}: error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The tool that a program name asks for. A user may have links of their own to our tools (`~/bin/hcc`, or Debian's
/// alternatives): then the first link with a tool's name counts.
fn tool_of(program: &str) -> String {
    let tool = |path: &Path| sysroot::links::tool_name(&path.to_string_lossy()).to_owned();
    let mut path = PathBuf::from(program);
    for _ in 0..MAX_LINKS {
        if Personality::of(&tool(&path)).is_some() {
            return tool(&path);
        }
        let Ok(found) = which::which(&path) else { break };
        let Ok(target) = found.read_link() else { break };
        path = found.with_file_name(target);
    }
    tool(Path::new(program))
}

fn dispatch(tool: &str, program: &str, arguments: &[OsString]) -> Result<u8, Error> {
    let personality = Personality::of(tool).ok_or_else(|| Error::UnknownTool(tool.to_owned()))?;
    let prefix = Prefix::of_running_tool()?;
    let host = Host {
        path: std::env::var_os("PATH").unwrap_or_default(),
        choices: choices::Choices::of_environment(&prefix),
        version: personality::version(tool).map(str::to_owned),
        own: std::env::current_exe().ok(),
    };
    let context = Context { prefix, host, program: program.to_owned() };
    match personality {
        Personality::FrontEnd(front_end) => front_end::run(front_end, &context, arguments),
        Personality::Assembler => assembler::run(&context, arguments),
        Personality::Linker => linker::run(&context, arguments),
        Personality::Objcopy => objcopy::run(&context, arguments),
        Personality::Elfedit => Ok(elfedit::cli::run(program, &response::expand(arguments))),
        Personality::Debugger => debugger::run(&context, arguments),
        Personality::Go => go::run(&context, arguments),
        Personality::GoCompiler(compiler) => go::compiler::run(compiler, &context, arguments),
        Personality::GoTool => go::assembler::run(&context, arguments),
        Personality::RustLinker => rust::run(&context, arguments),
        Personality::Binutils(name) => command::Command::new(context.host.binutils(name)?, arguments).exec(),
        Personality::OfGcc(name) => command::Command::new(context.host.beside_gcc(name)?, arguments).exec(),
    }
}
