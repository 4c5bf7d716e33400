//! `rustc-link`: what cargo calls as the linker, for programs of Rust's stock toolchain for `x86_64-unknown-linux-gnu`.
//!
//! rustc links a program through a compiler, with options for the host's; [`words`] turns them into ours. What is not a static
//! program (build scripts and procedural macros, which run while others are compiled) goes to the host's compiler as it is.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use elfedit::{Depth, Osabi};

use crate::command::{self, Command};
use crate::linux::Adopted;
use crate::{Context, Error, response};

/// Where a Rust toolchain keeps its libraries: they are linked into every program.
const OF_TOOLCHAIN: &str = "rustlib";

/// Behind everything else: what Rust's library asks glibc for.
const LIBRARIES: &[&str] = &["-llinux", "-lrefused", "-lc"];

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// An image.
    Image,
    /// Something that runs on the host.
    Host,
}

/// Links.
pub fn run(context: &Context, arguments: &[OsString]) -> Result<u8, Error> {
    let expanded = response::expand(arguments);
    if kind(&expanded)? == Kind::Host {
        let host = which::which_in("cc", Some(&context.host.path), ".")
            .map_err(|_| crate::host::HostError::NoGcc)?;
        return Command::new(host, arguments).exec();
    }
    let adopted = Adopted::new(context)?;
    let mut ours = Vec::new();
    for word in words(&expanded) {
        ours.push(match foreign(&word) {
            Some(file) => {
                let stays = file.components().any(|part| part.as_os_str() == OF_TOOLCHAIN);
                adopted.adopt(&file, stays)?.into()
            }
            None => word,
        });
    }
    ours.extend(LIBRARIES.iter().map(OsString::from));
    let status = Command::new(context.prefix.tool("gcc"), &ours).run()?;
    Ok(command::pass_on(status))
}

/// What these arguments make. An error for an image that would be moved when it is loaded.
fn kind(arguments: &[OsString]) -> Result<Kind, Error> {
    let has = |word: &str| arguments.iter().any(|argument| argument == word);
    match (has("-static-pie"), has("-static")) {
        (true, _) => Err(Error::StaticPie),
        (false, true) => Ok(Kind::Image),
        (false, false) => Ok(Kind::Host),
    }
}

/// The arguments without what is about the host's compiler: its own linker, libraries that are left out, shared ones.
fn words(arguments: &[OsString]) -> impl Iterator<Item = OsString> {
    const LEFT_OUT: &[&str] =
        &["-static", "-no-pie", "-nodefaultlibs", "-Wl,-Bstatic", "-Wl,-Bdynamic", "-Wl,--as-needed"];
    let is_left_out = |word: &OsStr| {
        let text = word.to_string_lossy();
        LEFT_OUT.contains(&&*text) || text.starts_with("-fuse-ld=") || text.starts_with("-B")
    };
    arguments.iter().filter(move |word| !is_left_out(word)).cloned()
}

/// The file that a word names, if it is an object or an archive that nobody has made for HermitCore.
fn foreign(word: &OsStr) -> Option<PathBuf> {
    let file = Path::new(word);
    let is_object = ["o", "rlib", "a"].iter().any(|end| file.extension() == Some(OsStr::new(end)));
    if !is_object || !file.is_file() {
        return None;
    }
    let places = elfedit::places(file, Depth::Header).ok()?;
    places.iter().any(|place| place.osabi != Osabi::HERMIT).then(|| file.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(line: &str) -> Vec<OsString> {
        line.split_whitespace().map(OsString::from).collect()
    }

    #[test]
    fn only_static_programs_become_images() {
        assert_eq!(kind(&split("-m64 a.o -static -no-pie -o a")).unwrap(), Kind::Image);
        assert_eq!(kind(&split("-m64 a.o -pie -o build-script")).unwrap(), Kind::Host);
        assert_eq!(kind(&split("-m64 a.o -shared -o libmacro.so")).unwrap(), Kind::Host);
        assert!(matches!(kind(&split("a.o -static-pie")), Err(Error::StaticPie)));
    }

    #[test]
    fn what_is_the_hosts_is_left_out() {
        let line = "-m64 a.o -Wl,-Bstatic x.rlib -lm -Wl,-Bdynamic -fuse-ld=lld -B/x/gcc-ld -nodefaultlibs -static -no-pie -o a";
        assert_eq!(words(&split(line)).collect::<Vec<_>>(), split("-m64 a.o x.rlib -lm -o a"));
    }
}
