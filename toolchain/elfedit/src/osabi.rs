//! [`Osabi`]: the byte at offset 7 of an ELF header, and its names.

use std::fmt;
use std::str::FromStr;

/// Value of EI_OSABI: which operating system's conventions an ELF file follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Osabi(pub u8);

/// Names as binutils' elfedit has them, plus ours; where two share a number, the first is what we print.
const NAMES: &[(u8, &str)] = &[
    (0, "none"),
    (1, "HPUX"),
    (2, "NetBSD"),
    (3, "GNU"),
    (3, "Linux"),
    (6, "Solaris"),
    (7, "AIX"),
    (8, "Irix"),
    (9, "FreeBSD"),
    (10, "TRU64"),
    (11, "Modesto"),
    (12, "OpenBSD"),
    (13, "OpenVMS"),
    (14, "NSK"),
    (15, "AROS"),
    (16, "FenixOS"),
    (abi::elf::OSABI, abi::elf::OSABI_NAME),
    (255, "Standalone"),
];

/// A name or number that is no OSABI.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown OSABI '{0}'\nnote: known are {known}, and numbers from 0 to 255", known = Osabi::known_names())]
pub struct UnknownOsabi(String);

impl Osabi {
    /// The mark of HermitCore's objects and images.
    pub const HERMIT: Self = Self(abi::elf::OSABI);

    /// Every name that [`Osabi::from_str`] takes, separated by `|`.
    pub fn known_names() -> String {
        NAMES.iter().map(|&(_, name)| name).collect::<Vec<_>>().join("|")
    }
}

impl FromStr for Osabi {
    type Err = UnknownOsabi;

    /// Takes a name in any case, or a number: decimal, or hexadecimal after `0x`.
    fn from_str(text: &str) -> Result<Self, UnknownOsabi> {
        let named = NAMES.iter().find(|(_, name)| name.eq_ignore_ascii_case(text)).map(|&(value, _)| value);
        let number = || match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
            Some(digits) if !digits.starts_with('+') => u8::from_str_radix(digits, 16).ok(),
            None if !text.starts_with('+') => text.parse().ok(),
            _ => None,
        };
        named.or_else(number).map(Self).ok_or_else(|| UnknownOsabi(text.to_owned()))
    }
}

impl fmt::Display for Osabi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match NAMES.iter().find(|&&(value, _)| value == self.0) {
            Some((_, name)) => f.write_str(name),
            None => write!(f, "{:#04x}", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_are_understood() {
        for (text, value) in [
            ("HermitCore", 0x42),
            ("hermitcore", 0x42),
            ("linux", 3),
            ("GNU", 3),
            ("none", 0),
            ("Standalone", 255),
        ] {
            assert_eq!(text.parse(), Ok(Osabi(value)), "{text}");
        }
        for (text, value) in [("66", 66), ("0x42", 66), ("0XfF", 255), ("0", 0)] {
            assert_eq!(text.parse(), Ok(Osabi(value)), "{text}");
        }
        for text in ["", "256", "-1", "0x", "0x100", "+3", "0x+3", "Plan9"] {
            assert!(text.parse::<Osabi>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_name_is_printed_where_there_is_one() {
        assert_eq!(Osabi::HERMIT.to_string(), "HermitCore");
        assert_eq!(Osabi(3).to_string(), "GNU");
        assert_eq!(Osabi(5).to_string(), "0x05");
    }
}
