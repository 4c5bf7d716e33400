//! `ld`: the host's, under our linker script. What it reads is checked first, what it writes is marked.

pub mod check;
pub mod line;

use std::ffi::OsString;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use crate::command::{self, Command};
use crate::front_end::gcc::GCC_VARIABLE;
use crate::{Context, Error, marked, response};
use check::Demands;
use line::{LinkKind, LinkLine};

/// Longest command line in bytes that is handed over as it is; Linux takes 2 MiB with the environment.
const MAX_LINE_BYTES: usize = 1 << 20;

/// Checks, links, marks.
pub fn run(context: &Context, arguments: &[OsString]) -> Result<u8, Error> {
    let line = LinkLine::parse(&response::expand(arguments));
    if line.kind == LinkKind::Shared {
        return Err(Error::Shared);
    }
    let demands = check::inputs(&line.inputs, &search_folders(context, &line))?;
    let mut command = emit(context, &line, demands)?;
    let _response = shorten(&mut command)?;
    if !line.makes_output() {
        return command.run().map(command::pass_on);
    }
    let status = marked::run(command, &line.output)?;
    if status == 0 && line.kind == LinkKind::Image {
        record_prefix(context, &line.output)?;
    }
    Ok(status)
}

/// Tells the image which tree it comes from, so that it finds its proxy. The tree that the packages install needs no
/// telling: there every image looks, and one that was linked by it is the same wherever that was done.
fn record_prefix(context: &Context, image: &Path) -> Result<(), Error> {
    let prefix = &context.prefix;
    if prefix.proxy() == Path::new(abi::start::INSTALLED_PROXY) {
        return Ok(());
    }
    elfedit::record_prefix(image, prefix.root()).map_err(Error::Mark)
}

/// The host's `ld` with our script and folders, and the user's arguments without those that make no sense here.
pub fn emit(context: &Context, line: &LinkLine, demands: Demands) -> Result<Command, Error> {
    let prefix = &context.prefix;
    // -nostdlib: only the folders on the command line, none that a linker script names.
    let mut arguments: Vec<OsString> = vec!["-static".into(), "-nostdlib".into()];
    if line.kind == LinkKind::Image {
        let mut script = OsString::from("--default-script=");
        script.push(prefix.linker_script());
        arguments.push(script);
        arguments.extend(["-z", "max-page-size=4096"].map(OsString::from));
    }
    arguments.extend_from_slice(&line.arguments);
    for folder in [prefix.lib(), prefix.gcc_lib()] {
        if !line.search.contains(&folder) {
            arguments.extend(["-L".into(), folder.into()]);
        }
    }
    if demands.retain {
        arguments.push("--no-gc-sections".into());
    }
    let mut command = Command::new(context.host.binutils("ld")?, &arguments);
    // For gcc's linker plugin, which starts gcc again: see `front_end::gcc`.
    if let Some(gcc) = std::env::var_os(GCC_VARIABLE).filter(|_| std::env::var_os("COLLECT_GCC").is_some()) {
        command.set.push(("COLLECT_GCC", gcc));
    }
    Ok(command)
}

fn search_folders(context: &Context, line: &LinkLine) -> Vec<std::path::PathBuf> {
    let ours = [context.prefix.lib(), context.prefix.gcc_lib()];
    line.search.iter().cloned().chain(ours).collect()
}

/// Moves the arguments of a very long command into a response file, which lives as long as the returned value.
pub(crate) fn shorten(command: &mut Command) -> Result<Option<tempfile::NamedTempFile>, Error> {
    let bytes: usize = command.arguments.iter().map(|argument| argument.as_bytes().len() + 1).sum();
    if bytes <= MAX_LINE_BYTES {
        return Ok(None);
    }
    let mut file = tempfile::NamedTempFile::new().map_err(Error::ResponseFile)?;
    file.write_all(&response::join(&command.arguments)).map_err(Error::ResponseFile)?;
    let mut argument = OsString::from("@");
    argument.push(file.path());
    command.arguments = vec![argument];
    Ok(Some(file))
}
