//! `gdb`: the host's, with our script loaded before anything else that its arguments ask for.

use std::ffi::OsString;

use crate::command::Command;
use crate::{Context, Error};

/// Becomes gdb.
pub fn run(context: &Context, arguments: &[OsString]) -> Result<u8, Error> {
    let script = ["-ix".into(), context.prefix.gdb_script().into_os_string()];
    let arguments: Vec<_> = script.into_iter().chain(arguments.iter().cloned()).collect();
    Command::new(context.host.gdb()?, &arguments).exec()
}
