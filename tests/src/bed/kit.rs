//! Programs of this machine in the bed, where there are none: the files that they need, [`program`] and [`gdb`].

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use crate::limited;

/// What gdb's Python has loaded: its modules, and what they were compiled to.
const MODULES: &str = "python import sys; print('\\n'.join(path for module in list(sys.modules.values()) \
                       for path in (getattr(module, '__file__', None), getattr(module, '__cached__', None)) if path))";

/// And what it has mapped: extensions, tables.
const MAPPINGS: &str = "python print(open('/proc/self/maps').read())";

/// A dynamically linked program, its loader and libraries.
///
/// # Errors
/// When ldd(1) does not know it.
pub fn program(path: &Path) -> Result<Vec<PathBuf>> {
    let output = limited::output(Command::new("ldd").arg(path), limited::PROBE).context("cannot run ldd")?;
    ensure!(output.status.success(), "ldd does not know {}", path.display());
    let mut files = of_ldd(&String::from_utf8_lossy(&output.stdout));
    files.push(path.to_owned());
    Ok(files)
}

/// Paths in `NAME => PATH (ADDRESS)` and `PATH (ADDRESS)`.
fn of_ldd(text: &str) -> Vec<PathBuf> {
    text.split_whitespace().filter(|word| word.starts_with('/')).map(PathBuf::from).collect()
}

/// gdb, with what its Python needs to load our `script`, and the shell by which that starts the proxy.
///
/// # Errors
/// When there is no gdb with Python, or no ldd.
pub fn gdb(script: &Path) -> Result<Vec<PathBuf>> {
    let arguments = ["-nx", "-batch", "-ex", MODULES, "-ex", MAPPINGS, "-ix"];
    // As it will run there: another locale loads other modules.
    let mut gdb = Command::new("gdb");
    gdb.args(arguments).arg(script).env("LC_ALL", "C");
    let output = limited::output(&mut gdb, limited::PROBE).context("cannot run gdb")?;
    ensure!(output.status.success(), "gdb fails: {}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8_lossy(&output.stdout);
    let paths = said.split_whitespace().filter(|word| word.starts_with('/')).map(PathBuf::from);
    let mut files: BTreeSet<PathBuf> = paths.filter(|path| path.is_file()).collect();
    for name in ["/usr/bin/gdb", "/bin/sh"] {
        files.extend(program(Path::new(name))?);
    }
    files.insert(script.to_owned());
    Ok(files.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ldd_is_read() {
        let text = "\tlinux-vdso.so.1 (0x1)\n\tlibc.so.6 => /lib/libc.so.6 (0x2)\n\t/lib64/ld.so (0x3)\n";
        assert_eq!(of_ldd(text), ["/lib/libc.so.6", "/lib64/ld.so"].map(PathBuf::from));
    }
}
