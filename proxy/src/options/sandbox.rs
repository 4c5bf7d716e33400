//! How much the program may reach, and the lists that name it: [`Level`], [`Files`], [`Variables`],
//! [`Descriptors`].

use core::fmt;
use core::str::FromStr;
use std::ffi::{OsStr, OsString};
use std::os::fd::RawFd;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

/// Value of `--sandbox` and `HERMIT_SANDBOX`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Level {
    /// What any program of the user may: all files, the whole environment, inherited descriptors.
    #[default]
    User,
    /// Only what is named.
    Strict,
}

/// The word is no level.
#[derive(Debug, thiserror::Error)]
#[error("give user or strict")]
pub struct UnknownLevel;

impl FromStr for Level {
    type Err = UnknownLevel;

    fn from_str(word: &str) -> Result<Self, UnknownLevel> {
        match word {
            "user" => Ok(Self::User),
            "strict" => Ok(Self::Strict),
            _ => Err(UnknownLevel),
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::User => "user",
            Self::Strict => "strict",
        })
    }
}

/// What may be done with a file, or with everything below a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileAccess {
    /// `ro:`
    Read,
    /// `rw:`
    ReadWrite,
}

/// Value of `--files` and `HERMIT_FILES`, written as `ro:/data,rw:.`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files(pub Vec<(FileAccess, PathBuf)>);

/// The text names no files.
#[derive(Debug, thiserror::Error)]
#[error("give ro:PATH or rw:PATH, several with commas between them, such as ro:/data,rw:.")]
pub struct BadFiles;

impl Files {
    /// Paths are bytes.
    pub fn parse(text: &OsStr) -> Result<Self, BadFiles> {
        let one = |item: &[u8]| {
            let (access, path) = match item.split_at_checked(3).ok_or(BadFiles)? {
                (b"ro:", path) => (FileAccess::Read, path),
                (b"rw:", path) => (FileAccess::ReadWrite, path),
                _ => return Err(BadFiles),
            };
            if path.is_empty() { Err(BadFiles) } else { Ok((access, OsStr::from_bytes(path).into())) }
        };
        text.as_bytes().split(|&byte| byte == b',').map(one).collect::<Result<_, _>>().map(Self)
    }
}

/// Value of `--env` and `HERMIT_ENV`: names of variables.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Variables(Vec<OsString>);

/// The text names no variables.
#[derive(Debug, thiserror::Error)]
#[error("give names of variables with commas between them, such as LANG,OMP_NUM_THREADS")]
pub struct BadVariables;

impl Variables {
    /// Names are bytes.
    pub fn parse(text: &OsStr) -> Result<Self, BadVariables> {
        let one = |name: &[u8]| match name.is_empty() || name.contains(&b'=') {
            true => Err(BadVariables),
            false => Ok(OsStr::from_bytes(name).to_owned()),
        };
        text.as_bytes().split(|&byte| byte == b',').map(one).collect::<Result<_, _>>().map(Self)
    }

    /// Whether `entry`, as in `environ`, is one of them.
    pub fn name(&self, entry: &[u8]) -> bool {
        let name = entry.split(|&byte| byte == b'=').next().unwrap_or_default();
        self.0.iter().any(|known| known.as_bytes() == name)
    }
}

/// Value of `--fds` and `HERMIT_FDS`: inherited descriptors beside the standard streams, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Descriptors(pub Vec<RawFd>);

/// The text names no descriptors.
#[derive(Debug, thiserror::Error)]
#[error("give numbers of descriptors from 3 on with commas between them, such as 3,5")]
pub struct BadDescriptors;

impl FromStr for Descriptors {
    type Err = BadDescriptors;

    fn from_str(text: &str) -> Result<Self, BadDescriptors> {
        let one = |number: &str| match number.parse() {
            Ok(fd @ 3..) if !number.starts_with('+') => Ok(fd),
            _ => Err(BadDescriptors),
        };
        let mut all = text.split(',').map(one).collect::<Result<Vec<RawFd>, _>>()?;
        all.sort_unstable();
        all.dedup();
        Ok(Self(all))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_have_a_word_each() {
        for level in [Level::User, Level::Strict] {
            assert_eq!(level.to_string().parse::<Level>().ok(), Some(level));
        }
        assert!(["", "Strict", "none"].iter().all(|word| word.parse::<Level>().is_err()));
    }

    #[test]
    fn files_have_an_access_and_a_path() {
        let files = Files::parse(OsStr::new("ro:/data,rw:.,ro:a b:c")).unwrap();
        let expected = [
            (FileAccess::Read, "/data".into()),
            (FileAccess::ReadWrite, ".".into()),
            (FileAccess::Read, "a b:c".into()),
        ];
        assert_eq!(files.0, expected);
        for text in ["", "/data", "ro:", "rw:.,", "wo:.", "ro", ",", "RO:/"] {
            assert!(Files::parse(OsStr::new(text)).is_err(), "{text}");
        }
        assert!(Files::parse(OsStr::from_bytes(b"rw:\xff")).is_ok());
    }

    #[test]
    fn variables_are_known_by_their_whole_names() {
        let variables = Variables::parse(OsStr::new("HOME,LANG")).unwrap();
        assert!(variables.name(b"HOME=/root") && variables.name(b"LANG=") && variables.name(b"HOME"));
        assert!(!variables.name(b"HOMES=1") && !variables.name(b"HOM=1") && !variables.name(b""));
        assert!(["", "A,", "A=1"].iter().all(|text| Variables::parse(OsStr::new(text)).is_err()));
    }

    #[test]
    fn descriptors_are_those_behind_the_standard_streams() {
        assert_eq!("7,3,7".parse::<Descriptors>().unwrap().0, [3, 7]);
        for text in ["", "2", "3,", "-1", "+3", "x", "99999999999"] {
            assert!(text.parse::<Descriptors>().is_err(), "{text}");
        }
    }
}
