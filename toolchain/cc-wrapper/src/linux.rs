//! Objects and archives that were compiled for Linux, made ready to be linked into an image: [`Adopted`].
//!
//! They are copied, and the copies marked; nothing that others own is changed. Names whose structures are glibc's are renamed in them, to
//! functions of liblinux.a that know both sides (`newlib-port/linux`).

use std::ffi::OsString;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use crate::command::Command;
use crate::{Context, Error};

/// Functions that take structures of glibc's: their names there, and in liblinux.a.
const RENAMED: &[(&str, &str)] = &[("sigaction", "__linux_sigaction")];

/// Copies of other people's objects, for the time of a link.
pub struct Adopted<'a> {
    context: &'a Context,
    /// Copies that are of use for this link alone.
    scratch: tempfile::TempDir,
    /// Copies that stay: of what belongs to a toolchain, and is linked into every program.
    kept: Option<PathBuf>,
}

impl<'a> Adopted<'a> {
    /// None yet.
    pub fn new(context: &'a Context) -> Result<Self, Error> {
        let scratch = tempfile::tempdir().map_err(Error::TemporaryFolder)?;
        let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
        let cache = cache.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache")));
        let kept =
            cache.map(|cache| cache.join("hermit/linux")).filter(|path| fs::create_dir_all(path).is_ok());
        Ok(Self { context, scratch, kept })
    }

    /// A copy of `file` that can be linked; `stays` if it will be asked for again.
    pub fn adopt(&self, file: &Path, stays: bool) -> Result<PathBuf, Error> {
        let name = format!("{:016x}-{}", fingerprint(file), file.file_name().unwrap_or_default().display());
        let made = self.scratch.path().join(&name);
        let Some(kept) = self.kept.as_ref().filter(|_| stays) else { return self.make(file, made) };
        let place = kept.join(&name);
        if place.exists() {
            return Ok(place);
        }
        let made = self.make(file, made)?;
        // Beside and then renamed: another link may be at it.
        let beside = kept.join(format!("{name}.{}", std::process::id()));
        let is_there = fs::copy(&made, &beside).and_then(|_| fs::rename(&beside, &place)).is_ok();
        Ok(if is_there { place } else { made })
    }

    fn make(&self, file: &Path, made: PathBuf) -> Result<PathBuf, Error> {
        let mut arguments: Vec<OsString> = Vec::new();
        for (old, new) in RENAMED {
            arguments.push("--redefine-sym".into());
            arguments.push(format!("{old}={new}").into());
        }
        arguments.extend([file.into(), made.clone().into()]);
        let status = Command::new(self.context.host.binutils("objcopy")?, &arguments).run()?;
        if !status.success() {
            return Err(Error::Adopt(file.to_owned()));
        }
        elfedit::mark(&made).map_err(Error::Mark)?;
        Ok(made)
    }
}

/// What changes when a file does.
fn fingerprint(file: &Path) -> u64 {
    let mut hasher = DefaultHasher::new();
    file.hash(&mut hasher);
    RENAMED.hash(&mut hasher);
    if let Ok(metadata) = fs::metadata(file) {
        metadata.len().hash(&mut hasher);
        metadata.modified().ok().hash(&mut hasher);
    }
    hasher.finish()
}
