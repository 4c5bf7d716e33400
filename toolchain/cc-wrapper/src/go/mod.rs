//! `go`: the user's own Go, told to make images: [`run`].
//!
//! | module | what it is for |
//! |---|---|
//! | [`flags`] | what is added to the user's arguments, and what is refused among them |
//! | [`overlay`] | the few files of Go's own library in which the CPU's instruction for system calls stands |
//! | [`assembler`] | the same instruction in packages of others |
//! | [`compiler`] | what Go calls as C compiler and as linker |
//!
//! Go's compiler and library are the user's. Its programs are made for Linux; in them a call of `hermit_go_syscall` (newlib-port/go) stands
//! where SYSCALL stood, and our linker puts them together. It is always cgo: then threads are the C library's, and Go's newer releases
//! link by other linkers only so.

pub mod assembler;
pub mod compiler;
mod error;
pub mod flags;
pub mod overlay;

use std::ffi::OsString;

use crate::command::Command;
use crate::{Context, Error};
pub use error::GoError;
use flags::Verb;

/// How a user gets Go.
const CURE: &str = "apt install golang-go";

/// Becomes the user's go.
pub fn run(context: &Context, arguments: &[OsString]) -> Result<u8, Error> {
    let go = context.host.foreign("go", CURE)?;
    let mut command = Command::new(go, arguments);
    command.set = environment(context);
    if arguments.first().is_some_and(|word| word == "--version") {
        // As all our tools; Go's own word is `version`.
        command.arguments = vec!["version".into()];
    }
    if let Some(verb) = Verb::of(arguments) {
        flags::check(&arguments[1..])?;
        let ours = flags::Ours {
            overlay: overlay::prepare(&command)?,
            tool: context.prefix.tool("go-tool"),
            proxy: context.prefix.proxy(),
        };
        command.arguments = verb.emit(&arguments[1..], &ours);
    }
    command.exec()
}

/// What Go finds out about its target from variables.
fn environment(context: &Context) -> Vec<(&'static str, OsString)> {
    let tool = |name: &str| context.prefix.tool(name).into_os_string();
    vec![
        ("GOOS", "linux".into()),
        ("GOARCH", "amd64".into()),
        ("CGO_ENABLED", "1".into()),
        ("CC", tool("go-cc")),
        ("CXX", tool("go-c++")),
        ("FC", tool("gfortran")),
        ("AR", tool("ar")),
        ("PKG_CONFIG", tool("pkg-config")),
    ]
}
