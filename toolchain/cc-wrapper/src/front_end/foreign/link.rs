//! From sources to an image with a foreign compiler: each source to an object in a temporary folder, and all objects
//! to gcc's family, which links: [`run`].

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::line::{CompileLine, Word, stem};
use super::{Dialect, Foreign, Language};
use crate::command::{self, Command};
use crate::front_end::gcc;
use crate::{Context, Error, linker, marked};

/// Compiles what is to be compiled and links.
pub fn run(foreign: Foreign, context: &Context, line: &CompileLine) -> Result<u8, Error> {
    let folder = tempfile::tempdir().map_err(Error::TemporaryFolder)?;
    let mut inputs = Vec::new();
    for word in &line.words {
        match word {
            Word::Source(source, language) => {
                let object =
                    folder.path().join(inputs.len().to_string()).join(stem(source)).with_extension("o");
                let status = compile(foreign, context, line, (source, language.as_ref()), &object)?;
                if !status.success() {
                    return Ok(command::pass_on(status));
                }
                inputs.push(object.into());
            }
            Word::Object(path) => inputs.push(path.into()),
            Word::Linker(words) => inputs.extend_from_slice(words),
            Word::Both(_, gcc) => inputs.push((*gcc).into()),
            Word::Compiler(_) => {}
        }
    }
    inputs.extend(foreign.linker_plugin(context, line)?);
    if let Some(output) = &line.output {
        inputs.extend(["-o".into(), output.into()]);
    }
    let mut command = linking(foreign, context, &inputs)?;
    let _response = linker::shorten(&mut command)?;
    let status = command.run()?;
    if let Some(note) = foreign.missing_runtime().filter(|_| !status.success()) {
        eprintln!("{}: note: {note}", context.program);
    }
    Ok(command::pass_on(status))
}

/// The member of gcc's family that links this language. Fortran without its own runtime links as C: libgfortran would
/// not help.
fn linking(foreign: Foreign, context: &Context, inputs: &[OsString]) -> Result<Command, Error> {
    // The version in our name is the foreign compiler's.
    let host = crate::host::Host { version: None, ..context.host.clone() };
    let program = match foreign.row().2 {
        Language::Cxx => host.beside_gcc("g++")?,
        Language::C | Language::Fortran => host.gcc()?,
    };
    Ok(gcc::emit(context, program, inputs, inputs))
}

fn compile(
    foreign: Foreign,
    context: &Context,
    line: &CompileLine,
    (source, language): (&Path, Option<&OsString>),
    object: &PathBuf,
) -> Result<std::process::ExitStatus, Error> {
    if let Some(parent) = object.parent() {
        std::fs::create_dir_all(parent).map_err(Error::TemporaryFolder)?;
    }
    let mut arguments: Vec<OsString> = Vec::new();
    for word in &line.words {
        match word {
            Word::Compiler(words) => arguments.extend_from_slice(words),
            Word::Both(own, _) => arguments.push(own.clone()),
            Word::Source(..) | Word::Object(_) | Word::Linker(_) => {}
        }
    }
    arguments.extend(dependencies(&arguments, line.output.as_deref(), source));
    arguments.extend(["-c".into(), "-o".into(), object.into()]);
    if let Some(language) = language {
        arguments.extend(["-x".into(), language.clone()]);
    }
    arguments.push(source.into());
    let status = foreign.emit(context, &arguments)?.run()?;
    if status.success() && object.exists() {
        marked::mark(object)?;
    }
    Ok(status)
}

/// `-MD` beside a link: the file with the dependencies, and what depends, are named after the image and not after our
/// temporary object.
fn dependencies(arguments: &[OsString], output: Option<&Path>, source: &Path) -> Vec<OsString> {
    let has = |name: &str| arguments.iter().any(|argument| argument == name);
    let mut added: Vec<OsString> = Vec::new();
    if has("-MD") || has("-MMD") {
        let named = output.map_or_else(|| PathBuf::from(stem(source)).with_extension("o"), Path::to_path_buf);
        if !has("-MF") {
            added.extend(["-MF".into(), named.with_extension("d").into()]);
        }
        if !has("-MT") && !has("-MQ") {
            added.extend(["-MT".into(), named.into()]);
        }
    }
    added
}

impl Foreign {
    /// For `-flto`: GNU ld reads LLVM's objects with LLVM's plugin.
    fn linker_plugin(self, context: &Context, line: &CompileLine) -> Result<Vec<OsString>, Error> {
        let options = line.words.iter().filter_map(|word| match word {
            Word::Compiler(words) => words.first(),
            _ => None,
        });
        let mut last = options.filter(|option| {
            ["-flto", "-fno-lto"].iter().any(|lto| option.to_string_lossy().starts_with(lto))
        });
        let is_on = last.next_back().is_some_and(|option| option != "-fno-lto");
        let (name, dialect, _, cure) = self.row();
        if dialect != Dialect::Clang || !is_on {
            return Ok(Vec::new());
        }
        let compiler = context.host.foreign(name, cure)?;
        let root = compiler.canonicalize().ok().and_then(|real| Some(real.parent()?.parent()?.to_path_buf()));
        let plugin = root.map(|root| root.join("lib/LLVMgold.so")).filter(|plugin| plugin.is_file());
        let plugin = plugin.ok_or_else(|| Error::NoLtoPlugin(compiler.display().to_string()))?;
        Ok(vec!["-fno-use-linker-plugin".into(), "-Wl,-plugin".into(), {
            let mut argument = OsString::from("-Wl,");
            argument.push(plugin);
            argument
        }])
    }
}
