//! The tree itself, the compilers it drives, and a program that goes all the way.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result};
use sysroot::Prefix;

use super::Finding;
use crate::components::COMPILERS;
use crate::tool::first_line;

/// A program whose exit status nobody has by chance.
const SOURCE: &str = "int main(void) { return 42; }\n";
const STATUS: i32 = 42;

/// Files without which nothing goes, and the packages that bring them.
pub fn tree(prefix: &Prefix) -> Vec<Finding> {
    let needed = [
        (prefix.driver(), "binutils-hermit"),
        (prefix.specs(), "gcc-hermit"),
        (prefix.lib().join("libc.a"), "newlib-hermit"),
        (prefix.lib().join("libhermit.a"), "libhermit"),
        (prefix.proxy(), "libhermit"),
    ];
    let missing: Vec<_> = needed.iter().filter(|(path, _)| !path.is_file()).collect();
    if missing.is_empty() {
        return vec![Finding::works("tree", prefix.root().display().to_string())];
    }
    let fails = |(path, package): &&(std::path::PathBuf, &str)| {
        Finding::fails("tree", format!("no {}", path.display()), format!("apt install {package}"))
    };
    missing.iter().map(fails).collect()
}

/// Which compilers the host has for us.
pub fn compilers(prefix: &Prefix) -> Vec<Finding> {
    let finding = |name: &&str| {
        let tool = prefix.tool(name);
        match first_line(&tool, &["--version"]) {
            Some(version) if *name == "gcc" => gcc(&tool, version),
            Some(version) => Finding::works(name, version),
            None if *name == "gcc" => Finding::fails(name, "the host has no gcc", "apt install gcc"),
            None => Finding::lacks(name, "the host has none", ""),
        }
    };
    COMPILERS.iter().map(finding).collect()
}

/// The runtime libraries in the tree are those of one version of gcc.
fn gcc(tool: &std::path::Path, version: String) -> Finding {
    let major = first_line(tool, &["-dumpversion"]).unwrap_or_default();
    if major.split('.').next() == Some(sysroot::GCC_MAJOR) {
        return Finding::works("gcc", version);
    }
    let cure = format!(
        "the tree's runtime libraries are gcc {0}'s; C works with others, for C++ and Fortran: apt install g++-{0} \
         gfortran-{0}, which are taken unless HERMIT_HOST_GCC or a file chooses another",
        sysroot::GCC_MAJOR
    );
    Finding::lacks("gcc", version, cure)
}

/// Compiles a program and runs it in every isle.
pub fn isles(prefix: &Prefix) -> Result<Vec<Finding>> {
    // One that is nobody else's: what is compiled there is run.
    let owner_s = Permissions::from_mode(0o700);
    let folder = tempfile::Builder::new().prefix("hermit-doctor-").permissions(owner_s).tempdir();
    let folder = folder.context("cannot make a temporary folder (TMPDIR says where)")?;
    compile_and_run(prefix, folder.path())
}

fn compile_and_run(prefix: &Prefix, folder: &std::path::Path) -> Result<Vec<Finding>> {
    let (source, image) = (folder.join("doctor.c"), folder.join("doctor"));
    std::fs::write(&source, SOURCE).with_context(|| format!("cannot write {}", source.display()))?;
    let output = Command::new(prefix.tool("gcc")).arg(&source).arg("-o").arg(&image).output();
    match output {
        Ok(output) if output.status.success() => {}
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr).lines().next().unwrap_or_default().to_owned();
            return Ok(vec![Finding::fails("compile and link", said, "see the tree and gcc above")]);
        }
        Err(error) => {
            return Ok(vec![Finding::fails("compile and link", error.to_string(), "apt install gcc-hermit")]);
        }
    }
    let mut findings = vec![Finding::works("compile and link", "a C program")];
    let run = |isle: &str| {
        let mut command = Command::new(prefix.proxy());
        command.arg("--isle").arg(isle).arg(&image).stdin(Stdio::null()).stdout(Stdio::null());
        match command.output() {
            Ok(output) if output.status.code() == Some(STATUS) => Ok(()),
            Ok(output) => {
                Err(String::from_utf8_lossy(&output.stderr).lines().next().unwrap_or("it fails").to_owned())
            }
            Err(error) => Err(error.to_string()),
        }
    };
    findings.push(match run("process") {
        Ok(()) => Finding::works("isle process", "runs"),
        Err(said) => Finding::fails("isle process", said, "HERMIT_VERBOSE=1 shows the kernel's log"),
    });
    findings.push(match run("qemu") {
        Ok(()) => Finding::works("isle qemu", "runs"),
        Err(said) => Finding::lacks("isle qemu", said, "apt install qemu-system-x86"),
    });
    findings.push(kvm(prefix));
    Ok(findings)
}

/// Whether KVM works is the proxy's to find out: a /dev/kvm that opens may still be software.
fn kvm(prefix: &Prefix) -> Finding {
    let probe = Command::new(prefix.proxy()).arg("--probe").stdin(Stdio::null()).output();
    let Ok(output) = probe else { return Finding::lacks("isle uhyve", "no proxy", "apt install libhermit") };
    let said = String::from_utf8_lossy(&output.stdout).lines().next().unwrap_or_default().to_owned();
    match said.split_once(": ") {
        Some((found, _)) if output.status.success() => Finding::works("isle uhyve", found),
        Some((found, cure)) => Finding::lacks("isle uhyve", found, cure),
        None => Finding::lacks("isle uhyve", "this proxy has no uhyve isle", ""),
    }
}
