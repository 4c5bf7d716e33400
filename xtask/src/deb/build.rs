//! Makes one package: stages its files and packs them, the same bytes for the same input.

use std::fs::{self, FileTimes, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::{Context as _, Result};
use sysroot::Prefix;

use super::contents::Manifest;
use super::fields::Fields;
use super::{PREFIX, file_name};
use crate::files::{copy, copy_tree, create_folder, empty_folder, link, list, write};
use crate::step::Job;
use crate::tool::Cmd;

/// Scripts that dpkg runs.
const SCRIPTS: [&str; 4] = ["preinst", "postinst", "prerm", "postrm"];

/// What all packages of a build share.
#[derive(Clone, Debug)]
pub struct Release {
    /// `packaging/` of the checkout.
    pub packaging: PathBuf,
    /// The tree.
    pub prefix: Prefix,
    /// Who owns what.
    pub manifest: Manifest,
    /// What is filled in.
    pub fields: Fields,
    /// Seconds since 1970 that all files carry.
    pub epoch: u64,
}

impl Release {
    /// Makes `package` in `folder` and returns the file.
    pub fn build(&self, job: &mut Job<'_>, package: &str, folder: &Path) -> Result<PathBuf> {
        job.tell(&format!("pack {package}"))?;
        let stage = job.workspace().build("deb").join(package);
        empty_folder(&stage)?;
        self.stage_tree(job, package, &stage)?;
        self.stage_documents(job, package, &stage)?;
        self.stage_control(package, &stage)?;
        normalise(&stage, SystemTime::UNIX_EPOCH + Duration::from_secs(self.epoch))?;
        create_folder(folder)?;
        let deb = folder.join(file_name(package, self.fields.get("version")?));
        // One thread: the number of cores must not change the bytes.
        let dpkg = Cmd::new("dpkg-deb").args(["--root-owner-group", "-Zxz", "--threads-max=1", "--build"]);
        job.run(dpkg.arg(&stage).arg(&deb).env("SOURCE_DATE_EPOCH", self.epoch.to_string()))?;
        Ok(deb)
    }

    fn data(&self, package: &str) -> PathBuf {
        self.packaging.join("deb").join(package)
    }

    fn stage_tree(&self, job: &mut Job<'_>, package: &str, stage: &Path) -> Result<()> {
        let root = stage.join(PREFIX.trim_start_matches('/'));
        for file in self.manifest.files(package) {
            let (from, to) = (self.prefix.root().join(file), root.join(file));
            match fs::read_link(&from) {
                Ok(target) => link(&target, &to)?,
                Err(_) if file.starts_with("share/man") => compress(job, &from, &with_suffix(&to, "gz"))?,
                Err(_) => copy(&from, &to)?,
            }
        }
        copy_tree(&self.data(package).join("root"), stage)
    }

    fn stage_documents(&self, job: &mut Job<'_>, package: &str, stage: &Path) -> Result<()> {
        let doc = stage.join("usr/share/doc").join(package);
        write(&doc.join("copyright"), self.fields.fill(&self.read(package, "copyright")?)?)?;
        let changelog = self.changelog(package)?;
        let plain = job.workspace().build("deb").join(format!("{package}.changelog"));
        write(&plain, changelog)?;
        compress(job, &plain, &doc.join("changelog.Debian.gz"))?;
        compress(job, &self.packaging.join("../CHANGELOG.md"), &doc.join("changelog.gz"))?;
        if let Ok(overrides) = self.read(package, "overrides") {
            write(&stage.join("usr/share/lintian/overrides").join(package), overrides)?;
        }
        Ok(())
    }

    fn stage_control(&self, package: &str, stage: &Path) -> Result<()> {
        let control = stage.join("DEBIAN");
        for script in SCRIPTS {
            if let Ok(text) = self.read(package, script) {
                write(&control.join(script), text)?;
                fs::set_permissions(control.join(script), Permissions::from_mode(0o755))?;
            }
        }
        let kib = size_bytes(stage)?.div_ceil(1024);
        let fields = self.fields.clone().with("installed-size", kib.to_string());
        write(&control.join("control"), fields.fill(&self.read(package, "control")?)?)?;
        write(&control.join("md5sums"), md5sums(stage)?)
    }

    /// The newest entry is enough: what changed is in CHANGELOG.md.
    fn changelog(&self, package: &str) -> Result<String> {
        let date =
            Cmd::new("date").args(["--utc", "--rfc-email"]).arg(format!("--date=@{}", self.epoch)).read()?;
        let (version, maintainer) = (self.fields.get("version")?, self.fields.get("maintainer")?);
        Ok(format!(
            "{package} ({version}) unstable; urgency=medium\n\n  * See changelog.gz.\n\n -- {maintainer}  {}\n",
            date.trim()
        ))
    }

    fn read(&self, package: &str, file: &str) -> Result<String> {
        let path = self.data(package).join(file);
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    name.into()
}

fn compress(job: &mut Job<'_>, from: &Path, to: &Path) -> Result<()> {
    job.tell(&format!("compress {}", from.display()))?;
    // -n: neither name nor time of the file inside.
    write(to, Cmd::new("gzip").args(["-9", "-n", "-c"]).arg(from).read_bytes()?)
}

/// Everything below `folder`, folders after what is in them.
fn walk(folder: &Path, visit: &mut impl FnMut(&Path, &fs::Metadata) -> Result<()>) -> Result<()> {
    for path in list(folder)? {
        let metadata = fs::symlink_metadata(&path)?;
        if metadata.is_dir() {
            walk(&path, visit)?;
        }
        visit(&path, &metadata)?;
    }
    Ok(())
}

/// Times and permissions that do not depend on who built it when.
fn normalise(stage: &Path, time: SystemTime) -> Result<()> {
    let times = FileTimes::new().set_modified(time).set_accessed(time);
    let mut set = |path: &Path, metadata: &fs::Metadata| {
        if metadata.is_symlink() {
            return Ok(()); // dpkg-deb clamps its time to SOURCE_DATE_EPOCH, and it was made just now
        }
        let is_open = metadata.is_dir() || metadata.mode() & 0o100 != 0;
        let mode = if is_open { 0o755 } else { 0o644 };
        fs::set_permissions(path, Permissions::from_mode(mode))
            .and_then(|()| fs::File::open(path)?.set_times(times))
            .with_context(|| format!("cannot set mode and time of {}", path.display()))
    };
    walk(stage, &mut set)?;
    set(stage, &fs::metadata(stage)?)
}

/// Size as dpkg counts it: files in whole KiB, everything else as one.
fn size_bytes(stage: &Path) -> Result<u64> {
    let mut sum = 0;
    walk(stage, &mut |_, metadata| {
        sum += if metadata.is_file() { metadata.len().next_multiple_of(1024) } else { 1024 };
        Ok(())
    })?;
    Ok(sum)
}

fn md5sums(stage: &Path) -> Result<String> {
    let mut files = Vec::new();
    walk(stage, &mut |path, metadata| {
        let inside = path.strip_prefix(stage).context("a file below a folder starts with the folder")?;
        if metadata.is_file() && !inside.starts_with("DEBIAN") {
            files.push(inside.to_path_buf());
        }
        Ok(())
    })?;
    if files.is_empty() {
        return Ok(String::new());
    }
    Cmd::new("md5sum").args(files).cwd(stage).read()
}
