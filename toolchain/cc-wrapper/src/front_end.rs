//! Compilers of the host, turned into cross compilers: [`FrontEnd`].
//!
//! Each kind of compiler has an emitter of its own, a function from the user's arguments to the [`Command`] to run;
//! questions ([`crate::query`]) are answered first. gcc's family does all by itself, under our specs file; the others
//! ([`foreign`]) only compile, and gcc links. [`runtime`] knows which versions fit the libraries in the tree.

pub mod foreign;
pub mod gcc;
mod runtime;

use std::ffi::OsString;

use crate::command::Command;
use crate::{Context, Error, query, response};

/// The compilers that we can drive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrontEnd {
    /// GNU C.
    Gcc,
    /// GNU's preprocessor as a command: a gcc that stops after preprocessing and takes its output as second argument.
    Cpp,
    /// GNU C++: gcc that takes C for C++ and links libstdc++.
    Gxx,
    /// GNU Fortran: gcc that links libgfortran.
    Gfortran,
    /// A compiler of another family.
    Foreign(foreign::Foreign),
}

/// Compiles, or answers what a configure script asks.
pub fn run(front_end: FrontEnd, context: &Context, arguments: &[OsString]) -> Result<u8, Error> {
    let expanded = response::expand(arguments);
    let query = query::Query::of(&expanded);
    if let (FrontEnd::Foreign(foreign), None) = (front_end, &query) {
        return foreign::run(foreign, context, arguments, &expanded);
    }
    if query.is_none() {
        gcc::check(&expanded)?;
    }
    let command = front_end.emit(context, arguments, &expanded)?;
    match query {
        Some(query) => query.answer(context, command),
        None => {
            runtime::check(front_end, context, &command.program, &expanded)?;
            command.exec()
        }
    }
}

impl FrontEnd {
    /// The command that does what the user asked for, as far as one can. `expanded` are the arguments without `@FILE`s.
    pub fn emit(
        self,
        context: &Context,
        arguments: &[OsString],
        expanded: &[OsString],
    ) -> Result<Command, Error> {
        match self {
            Self::Gcc => Ok(gcc::emit(context, context.host.gcc()?, arguments, expanded)),
            Self::Cpp => Ok(gcc::emit(context, context.host.beside_gcc("cpp")?, arguments, expanded)),
            Self::Foreign(foreign) => foreign.emit(context, arguments),
            Self::Gxx => Ok(gcc::emit(context, context.host.beside_gcc("g++")?, arguments, expanded)),
            Self::Gfortran => {
                let gfortran = context.host.beside_gcc("gfortran")?;
                let mut command = gcc::emit(context, gfortran, arguments, expanded);
                command.arguments.insert(0, gcc::away_from_glibc(context));
                Ok(command)
            }
        }
    }
}
