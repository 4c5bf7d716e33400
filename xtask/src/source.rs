//! Upstream sources: a [`Source`] is one archive inside a Debian package, pinned by its SHA-256.
//!
//! Nothing of the system is touched and nobody has to be root: packages are downloaded and taken apart below
//! `target/sources`. If the system's package lists do not know the package (fresh machine), or if it exists only
//! as a source package, apt runs with lists of its own ([`PrivateApt`]).

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use crate::files::{copy, empty_folder, files_below, list_with, write};
use crate::stamp::sha256_of_file;
use crate::step::Job;
use crate::tool::Cmd;

/// How long package lists of our own are good for.
const LISTS_LIVE: Duration = Duration::from_secs(3600);

/// Held while something is downloaded.
static DOWNLOAD: Mutex<()> = Mutex::new(());

/// An archive of somebody else's sources.
#[derive(Clone, Copy, Debug)]
pub struct Source {
    /// The Debian package that carries it.
    pub package: &'static str,
    /// What kind of package that is.
    pub kind: Kind,
    /// Where the archive is: a path in the binary package, a file name of the source package.
    pub archive: &'static str,
    /// SHA-256 of the archive, in hex.
    pub sha256: &'static str,
}

/// Kinds of Debian packages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A .deb that has the archive inside (`newlib-source`).
    Binary,
    /// A source package that has the archive beside its .dsc. It need not be of the system's release.
    Source,
    /// A .deb of another release than the system's, which is the archive, in the folder of this source package.
    Deb(&'static str),
}

impl Source {
    /// Downloads the archive unless it is there already; checks its SHA-256; returns its path.
    pub fn fetch(&self, job: &mut Job<'_>) -> Result<PathBuf> {
        let name = Path::new(self.archive).file_name().context("the archive of a source is a file")?;
        let kept = job.workspace().sources().join(name);
        if kept.exists() {
            self.check(&kept)?;
            return Ok(kept);
        }
        // Private package lists are shared, and mirrors are not ours.
        let _one = DOWNLOAD.lock().unwrap_or_else(PoisonError::into_inner);
        job.tell(&format!("download {}", self.package))?;
        let scratch = job.workspace().sources().join("unpack").join(self.package);
        empty_folder(&scratch)?;
        let found = match self.kind {
            Kind::Binary => self.out_of_binary(job, &scratch)?,
            Kind::Source => self.out_of_source(job, &scratch)?,
            Kind::Deb(source) => self.out_of_pool(job, &scratch, source)?,
        };
        self.check(&found)?;
        copy(&found, &kept)?;
        fs::remove_dir_all(&scratch).with_context(|| format!("cannot remove {}", scratch.display()))?;
        Ok(kept)
    }

    /// Fetches the archive and unpacks it into `folder`, which is emptied; the archive's top folder is left out.
    pub fn unpack(&self, job: &mut Job<'_>, folder: &Path) -> Result<()> {
        let archive = self.fetch(job)?;
        job.tell(&format!("unpack {}", archive.display()))?;
        empty_folder(folder)?;
        let tar = Cmd::new("tar").args(["--extract", "--no-same-owner", "--strip-components=1", "--file"]);
        job.run(tar.arg(&archive).arg("--directory").arg(folder).note("is xz-utils installed?"))
    }

    /// As [`Source::unpack`], but only `members` (with the archive's top folder) and what is below them; whatever a
    /// pattern of `excluded` matches stays behind.
    pub fn unpack_parts(
        &self,
        job: &mut Job<'_>,
        folder: &Path,
        members: &[String],
        excluded: &[&str],
    ) -> Result<()> {
        let archive = self.fetch(job)?;
        job.tell(&format!("unpack parts of {}", archive.display()))?;
        empty_folder(folder)?;
        let tar = Cmd::new("tar").args(["--extract", "--no-same-owner", "--strip-components=1"]);
        let tar = tar.args(excluded.iter().map(|pattern| format!("--exclude={pattern}")));
        let tar = tar.arg("--file").arg(&archive).arg("--directory").arg(folder).args(members);
        job.run(tar.note("is xz-utils installed?"))
    }

    fn out_of_binary(&self, job: &mut Job<'_>, scratch: &Path) -> Result<PathBuf> {
        let download = |cmd: Cmd| cmd.args(["download", self.package]).cwd(scratch);
        if job.run(download(apt_get())).is_err() {
            let private = PrivateApt::update(job)?;
            job.run(download(private.apt_get()).note("is the network there?"))?;
        }
        let package = only_file(scratch, "deb")?;
        job.run(Cmd::new("dpkg-deb").arg("--extract").arg(package).arg(scratch))?;
        Ok(scratch.join(self.archive))
    }

    /// The pool keeps an upstream archive as long as any release has it. What apt takes, the newest package that its lists name,
    /// may be gone from the mirrors of debian-security already.
    fn out_of_source(&self, job: &mut Job<'_>, scratch: &Path) -> Result<PathBuf> {
        if let Ok(archive) = self.out_of_pool(job, scratch, self.package) {
            return Ok(archive);
        }
        let private = PrivateApt::update(job)?;
        let cmd = private.apt_get().args(["source", "--download-only", self.package]).cwd(scratch);
        job.run(cmd.note("is the network there?"))?;
        Ok(scratch.join(self.archive))
    }

    /// From the mirror's folder of the source package `source`. apt's own downloader, since no package list names the file; the SHA-256
    /// vouches for it.
    fn out_of_pool(&self, job: &mut Job<'_>, scratch: &Path, source: &str) -> Result<PathBuf> {
        let archive = scratch.join(self.archive);
        let url = format!("{}/{}/{}", mirror()?, pool_folder(source), self.archive);
        let download = Cmd::new("/usr/lib/apt/apt-helper").args([
            "-o",
            "APT::Sandbox::User=root",
            "download-file",
            &url,
        ]);
        job.run(download.arg(&archive).note("is the network there?"))?;
        Ok(archive)
    }

    fn check(&self, archive: &Path) -> Result<()> {
        if !archive.exists() {
            bail!("the package {} does not contain {}", self.package, self.archive);
        }
        let got = sha256_of_file(archive)?;
        if got != self.sha256 {
            bail!(
                "{} is not the archive that was pinned\n  wanted: {}\n  got:    {got}\nnote: remove the file if its \
                 download broke; if Debian has a new version, review it and change the pin",
                archive.display(),
                self.sha256
            );
        }
        Ok(())
    }
}

/// Downloads the package of this name's beginning that `metapackage` depends on to `folder`; returns the .deb. What it is
/// exactly the distribution decides, whose signature apt has checked.
pub fn download_dependency(
    job: &mut Job<'_>,
    metapackage: &str,
    prefix: &str,
    folder: &Path,
) -> Result<PathBuf> {
    let _one = DOWNLOAD.lock().unwrap_or_else(PoisonError::into_inner);
    let named = |text: &str| {
        let names = text.lines().filter_map(|line| line.trim().strip_prefix("Depends: "));
        names.map(str::trim).find(|name| name.starts_with(prefix)).map(str::to_owned)
    };
    let depends = |cmd: Cmd| cmd.args(["depends", metapackage]);
    let system = job.read(depends(Cmd::new("apt-cache"))).ok().and_then(|text| named(&text));
    if let Some(package) = system
        && job.run(apt_get().args(["download", &package]).cwd(folder)).is_ok()
    {
        return only_file(folder, "deb");
    }
    let private = PrivateApt::update(job)?;
    let text = job.read(depends(private.command("apt-cache")))?;
    let package = named(&text).with_context(|| format!("{metapackage} depends on no {prefix}*"))?;
    job.run(private.apt_get().args(["download", &package]).cwd(folder).note("is the network there?"))?;
    only_file(folder, "deb")
}

/// apt with package lists of its own, which include source packages.
#[derive(Debug)]
struct PrivateApt {
    folder: PathBuf,
}

impl PrivateApt {
    fn update(job: &mut Job<'_>) -> Result<Self> {
        let folder = job.workspace().sources().join("apt");
        let private = Self { folder: folder.clone() };
        for part in ["lists/partial", "cache/archives/partial", "parts"] {
            let path = folder.join(part);
            fs::create_dir_all(&path).with_context(|| format!("cannot create {}", path.display()))?;
        }
        for (name, text) in system_entries()? {
            write(&folder.join("parts").join(name), text)?;
        }
        let updated = folder.join("updated");
        let age =
            fs::metadata(&updated).and_then(|file| file.modified()).ok().and_then(|at| at.elapsed().ok());
        if age.is_none_or(|age| age > LISTS_LIVE) {
            job.run(private.apt_get().arg("update").note("is the network there?"))?;
            write(&updated, "")?;
        }
        Ok(private)
    }

    fn apt_get(&self) -> Cmd {
        self.aimed(apt_get())
    }

    fn command(&self, program: &str) -> Cmd {
        self.aimed(Cmd::new(program))
    }

    /// Makes a program of apt's family use our lists.
    fn aimed(&self, cmd: Cmd) -> Cmd {
        let set = |name: &str, path: &str| format!("{name}={}", self.folder.join(path).display());
        let options = [
            set("Dir::Etc::sourceparts", "parts"),
            set("Dir::State::lists", "lists"),
            set("Dir::Cache", "cache"),
            "Dir::Etc::sourcelist=/dev/null".to_owned(),
        ];
        options.into_iter().fold(cmd, |cmd, option| cmd.arg("-o").arg(option))
    }
}

fn apt_get() -> Cmd {
    // As root apt would switch to a user who cannot write to our folder, and say so.
    Cmd::new("apt-get").args(["-q", "-o", "APT::Sandbox::User=root"])
}

/// The system's own apt entries with source packages added, as (file name, content).
fn system_entries() -> Result<Vec<(String, String)>> {
    let mut files = vec![PathBuf::from("/etc/apt/sources.list")];
    files.extend(files_below(Path::new("/etc/apt/sources.list.d"))?);
    let read =
        |path: &PathBuf| Some((path.file_name()?.to_str()?.to_owned(), fs::read_to_string(path).ok()?));
    let texts: Vec<_> = files.iter().filter_map(read).collect();
    // Other people's repositories have no sources that we want and only cost time.
    let of_debian: Vec<_> = texts
        .iter()
        .filter(|(_, text)| text.contains("debian-archive") || text.contains("/debian"))
        .collect();
    let chosen: Vec<_> = if of_debian.is_empty() { texts.iter().collect() } else { of_debian };
    Ok(chosen.into_iter().map(|(name, text)| (name.clone(), with_sources(name, text))).collect())
}

/// One-line entries get a `deb-src` twin, deb822 stanzas the type `deb-src`.
fn with_sources(name: &str, text: &str) -> String {
    let mut lines = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with("deb-src ")) {
        match line.strip_prefix("deb ") {
            Some(rest) if name.ends_with(".list") => {
                lines.extend([line.to_owned(), format!("deb-src {rest}")])
            }
            _ if line.starts_with("Types:") => lines.push("Types: deb deb-src".to_owned()),
            _ => lines.push(line.to_owned()),
        }
    }
    lines.join("\n") + "\n"
}

/// Where a mirror has the files of a source package. Those of libraries are many: four letters tell them apart.
fn pool_folder(source: &str) -> String {
    let prefix_len = if source.starts_with("lib") { 4 } else { 1 };
    format!("pool/main/{}/{source}", source.get(..prefix_len).unwrap_or(source))
}

/// The Debian mirror of the system's apt entries: the first address with `/debian` at its end.
fn mirror() -> Result<String> {
    let entries = system_entries()?;
    let words = entries.iter().flat_map(|(_, text)| text.split_whitespace());
    let found = words
        .map(|word| word.trim_end_matches('/'))
        .find(|word| word.contains("://") && word.ends_with("/debian"));
    found.map(str::to_owned).context("apt's entries name no Debian mirror")
}

fn only_file(folder: &Path, extension: &str) -> Result<PathBuf> {
    let found = list_with(folder, &[extension])?.into_iter().next();
    found.with_context(|| format!("no .{extension} was downloaded to {}", folder.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_formats_get_source_packages() {
        let list = with_sources("a.list", "# c\ndeb [signed-by=/k] http://h/debian bookworm main\n");
        assert_eq!(
            list,
            "# c\ndeb [signed-by=/k] http://h/debian bookworm main\n\
             deb-src [signed-by=/k] http://h/debian bookworm main\n"
        );
        let stanza = with_sources("a.sources", "Types: deb\nURIs: http://h/debian\n");
        assert_eq!(stanza, "Types: deb deb-src\nURIs: http://h/debian\n");
    }

    #[test]
    fn the_pool_has_a_folder_for_each_beginning() {
        assert_eq!(pool_folder("zlib"), "pool/main/z/zlib");
        assert_eq!(pool_folder("libpng1.6"), "pool/main/libp/libpng1.6");
    }
}
