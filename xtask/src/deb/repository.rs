//! The apt repository `target/dist/repo`: pool, indices and signatures.

use std::fs::{self, Permissions};
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use tempfile::{NamedTempFile, TempDir};

use crate::files::{copy, create_parent, empty_folder, write};
use crate::step::Job;
use crate::tool::Cmd;

/// Name of the suite in `dists/`.
const SUITE: &str = "hermit";

/// Name of the keyring in the repository.
pub const KEYRING: &str = "hermit-archive-keyring.gpg";

/// The repository.
#[derive(Clone, Debug)]
pub struct Repository {
    /// Its root.
    pub root: PathBuf,
}

impl Repository {
    /// The repository of this build.
    pub fn new(dist: &Path) -> Self {
        Self { root: dist.join("repo") }
    }

    /// The keyring with the public key.
    pub fn keyring(&self) -> PathBuf {
        self.root.join(KEYRING)
    }

    /// The line for `/etc/apt/sources.list.d`, with the keyring at `keyring`.
    pub fn entry(&self, keyring: &Path) -> String {
        // apt's lines are separated by blanks; in an address they are written as %20.
        let address = self.root.display().to_string().replace('%', "%25").replace(' ', "%20");
        format!("deb [arch=amd64 signed-by={}] file:{address} {SUITE} main", keyring.display())
    }

    /// Puts packages into the pool, and indexes and signs it.
    pub fn fill(&self, job: &mut Job<'_>, packages: &[PathBuf], key: &SigningKey) -> Result<()> {
        empty_folder(&self.root)?;
        for package in packages {
            let name = package.file_name().context("a package is a file")?;
            copy(package, &self.root.join("pool/main").join(name))?;
        }
        job.tell("index the repository")?;
        let index = self.root.join("dists").join(SUITE).join("main/binary-amd64");
        let packages = Cmd::new("apt-ftparchive").args(["packages", "pool"]).cwd(&self.root).read_bytes()?;
        write(&index.join("Packages"), &packages)?;
        let packed = Cmd::new("gzip").args(["-9", "-n", "-c"]).arg(index.join("Packages")).read_bytes()?;
        write(&index.join("Packages.gz"), packed)?;
        let suite = self.root.join("dists").join(SUITE);
        let release = job.read(release_file(&suite))?;
        write(&suite.join("Release"), &release)?;
        key.sign(job, &suite, &self.keyring())
    }
}

fn release_file(suite: &Path) -> Cmd {
    let fields = [
        ("Origin", "HermitCore"),
        ("Label", "HermitCore"),
        ("Suite", SUITE),
        ("Codename", SUITE),
        ("Architectures", "amd64"),
        ("Components", "main"),
        ("Description", "HermitCore: library operating system and toolchain"),
    ];
    let cmd = fields.iter().fold(Cmd::new("apt-ftparchive"), |cmd, (name, value)| {
        cmd.arg("-o").arg(format!("APT::FTPArchive::Release::{name}={value}"))
    });
    cmd.args(["release", "."]).cwd(suite)
}

/// A secret key without passphrase.
#[derive(Clone, Debug)]
pub struct SigningKey {
    file: PathBuf,
}

impl SigningKey {
    /// The key in the file that `HERMIT_SIGNING_KEY` names (`gpg --export-secret-keys`), else one made for this
    /// checkout, kept in `target/dist/key`.
    pub fn find(job: &mut Job<'_>, dist: &Path) -> Result<Self> {
        if let Some(given) = std::env::var_os("HERMIT_SIGNING_KEY") {
            let file = PathBuf::from(given);
            fs::metadata(&file)
                .with_context(|| format!("HERMIT_SIGNING_KEY names no readable file: {}", file.display()))?;
            return Ok(Self { file });
        }
        let file = dist.join("key/secret.gpg");
        if !file.exists() {
            job.tell("make a signing key")?;
            let home = GpgHome::new()?;
            let make = home.gpg(&["--passphrase", "", "--quick-generate-key"]);
            job.run(make.args([
                "HermitCore, built here <hermitcore@localhost>",
                "ed25519",
                "sign",
                "never",
            ]))?;
            keep_secret(&file, &home.gpg(&["--export-secret-keys"]).read_bytes()?)?;
        }
        Ok(Self { file })
    }

    /// Where it is.
    pub fn file(&self) -> &Path {
        &self.file
    }

    fn sign(&self, job: &mut Job<'_>, suite: &Path, keyring: &Path) -> Result<()> {
        job.tell("sign the repository")?;
        let home = GpgHome::new()?;
        let note = "the key must be a secret key without passphrase, as gpg --export-secret-keys writes it";
        job.run(home.gpg(&["--import"]).arg(&self.file).note(note))?;
        let (release, note) = (suite.join("Release"), "does the key have a passphrase?");
        job.run(home.gpg(&["--clearsign", "-o"]).arg(suite.join("InRelease")).arg(&release).note(note))?;
        job.run(home.gpg(&["--armor", "--detach-sign", "-o"]).arg(suite.join("Release.gpg")).arg(&release))?;
        write(keyring, home.gpg(&["--export"]).read_bytes()?)
    }
}

/// A gpg of our own: nobody's keys, nobody's agent.
struct GpgHome {
    folder: TempDir,
}

impl GpgHome {
    fn new() -> Result<Self> {
        // The agent's socket lies in it, and a socket's path has at most 107 bytes: a checkout may be deeper.
        let owner_s = Permissions::from_mode(0o700);
        let folder = tempfile::Builder::new().prefix("hermit-gpg-").permissions(owner_s).tempdir();
        Ok(Self { folder: folder.context("cannot make a temporary folder for gpg (TMPDIR says where)")? })
    }

    fn gpg(&self, args: &[&str]) -> Cmd {
        let cmd = Cmd::new("gpg").args(["--batch", "--yes", "--quiet", "--pinentry-mode", "loopback"]);
        cmd.arg("--homedir").arg(self.folder.path()).args(args)
    }
}

impl Drop for GpgHome {
    /// Ends the agent, also after an error; the folder goes then. What fails here leaves one that only its owner can read.
    fn drop(&mut self) {
        let _ = Cmd::new("gpgconf").arg("--homedir").arg(self.folder.path()).args(["--kill", "all"]).read();
    }
}

/// Writes `secret` to `file`, which nobody but its owner can read at any time.
fn keep_secret(file: &Path, secret: &[u8]) -> Result<()> {
    create_parent(file)?;
    let folder = file.parent().unwrap_or(Path::new("."));
    let write = || -> Result<()> {
        let mut new = NamedTempFile::new_in(folder)?;
        new.write_all(secret)?;
        new.persist(file)?;
        Ok(())
    };
    write().with_context(|| format!("cannot write {}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_its_owner_s_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("key/secret.gpg");
        keep_secret(&file, b"secret").unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"secret");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        let home = GpgHome::new().unwrap();
        assert_eq!(fs::metadata(home.folder.path()).unwrap().permissions().mode() & 0o777, 0o700);
    }

    #[test]
    fn the_entry_is_one_line_that_apt_can_split() {
        let entry = Repository::new(Path::new("/home/a b/dist")).entry(Path::new("/k.gpg"));
        assert_eq!(entry, "deb [arch=amd64 signed-by=/k.gpg] file:/home/a%20b/dist/repo hermit main");
    }
}
