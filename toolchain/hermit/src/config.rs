//! `hermit config`: flags and paths for build systems.

use std::fmt::Write;
use std::path::Path;

use anyhow::{Result, bail};
use sysroot::Prefix;

use crate::options::ConfigOptions;

/// Variables that build systems know, and our tools for them.
const TOOLS: &[(&str, &str)] = &[
    ("CC", "gcc"),
    ("CXX", "g++"),
    ("FC", "gfortran"),
    ("F77", "gfortran"),
    ("AR", "ar"),
    ("RANLIB", "ranlib"),
    ("NM", "nm"),
    ("STRIP", "strip"),
    ("OBJCOPY", "objcopy"),
    ("PKG_CONFIG", "pkg-config"),
];

/// The answers, each on a line of its own.
pub fn answer(prefix: &Prefix, wanted: &ConfigOptions) -> Result<String> {
    let share = prefix.root().join("share");
    let answers = [
        (wanted.prefix, shown(prefix.root())?),
        (wanted.sysroot, shown(&prefix.target())?),
        (wanted.cflags, cflags(prefix)?),
        (wanted.ldflags, format!("-L{}", shown(&prefix.lib())?)),
        (wanted.libs, "-lc -lhermit -lgcc".to_owned()),
        (wanted.bindgen, format!("--target=x86_64-unknown-none -nostdlibinc {}", cflags(prefix)?)),
        (wanted.cmake, shown(&share.join("cmake/hermit-gcc.cmake"))?),
        (wanted.meson, shown(&share.join("meson/cross/x86_64-hermit-gcc"))?),
        (wanted.runner, shown(&prefix.proxy())?),
        (wanted.env, environment(prefix)?),
    ];
    let wanted = answers.into_iter().filter(|(asked, _)| *asked);
    Ok(wanted.fold(String::new(), |text, (_, answer)| text + answer.trim_end() + "\n"))
}

fn cflags(prefix: &Prefix) -> Result<String> {
    let include = shown(&prefix.include())?;
    Ok(format!("-I{include} -U__linux__ -U__linux -Ulinux -U__gnu_linux__ -D__hermit__"))
}

fn environment(prefix: &Prefix) -> Result<String> {
    let mut text = String::new();
    for (variable, tool) in TOOLS {
        let path = prefix.tool(tool);
        if path.exists() {
            writeln!(text, "export {variable}={}", shown(&path)?)?;
        }
    }
    writeln!(text, "export HERMIT_PREFIX={}", shown(prefix.root())?)?;
    writeln!(text, "export CONFIG_SITE={}", shown(&prefix.root().join("share/config.site"))?)?;
    Ok(text)
}

/// A path in a list of flags. Nobody who splits flags at blanks could read one with a blank.
fn shown(path: &Path) -> Result<String> {
    let text = path.display().to_string();
    if text.contains(|c: char| c.is_whitespace() || "'\"\\$`".contains(c)) {
        bail!("{text} has characters that flags cannot carry\nnote: move the tree to a plain path");
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_come_in_a_fixed_order() {
        let wanted = ConfigOptions { libs: true, prefix: true, ..ConfigOptions::default() };
        assert_eq!(answer(&Prefix::new("/p"), &wanted).unwrap(), "/p\n-lc -lhermit -lgcc\n");
    }

    #[test]
    fn blanks_in_the_prefix_are_refused() {
        let wanted = ConfigOptions { cflags: true, ..ConfigOptions::default() };
        assert!(answer(&Prefix::new("/a b"), &wanted).unwrap_err().to_string().contains("plain path"));
    }
}
