//! Variables that look like the proxy's and are not: [`warn`].
//!
//! A misspelt `HERMIT_CPU=4` would else be nothing, and the user wonder for a week. It is a warning and no
//! error: variables outlive the versions that know them.

use super::definitions::DEFINITIONS;
use core::ffi::CStr;
use core::fmt::Write;

/// Those of our other tools, and of an image that looks for its proxy.
const OF_OTHERS: [&str; 11] = [
    "HERMIT_BLESS",
    "HERMIT_COMPILERS",
    "HERMIT_DIR",
    "HERMIT_FAILED",
    "HERMIT_MAINTAINER",
    "HERMIT_PREFIX",
    "HERMIT_PROXY",
    "HERMIT_SIGNING_KEY",
    "HERMIT_SKIPPED",
    "HERMIT_TARGET",
    "HERMIT_TOOL",
];

/// Beginnings of those of the compiler driver.
const OF_THE_DRIVER: [&str; 2] = ["HERMIT_DRIVER_", "HERMIT_HOST_"];

/// How many changes of one letter a name may be away from the one that was meant.
const FEW_CHANGES: usize = 3;

/// Names what nobody knows on stderr, in one line.
pub fn warn(environment: &[&CStr]) {
    if let Some(text) = warning(environment) {
        eprintln!("proxy: {text}");
    }
}

fn warning(environment: &[&CStr]) -> Option<String> {
    let mut text = String::new();
    for entry in
        environment.iter().map(|entry| entry.to_bytes()).filter(|entry| entry.starts_with(b"HERMIT_"))
    {
        let name = entry.split(|&byte| byte == b'=').next().unwrap_or_default();
        if is_known(name) {
            continue;
        }
        let name = String::from_utf8_lossy(name);
        let meant = nearest(&name).map(|known| format!(" (meant {known}?)")).unwrap_or_default();
        let comma = if text.is_empty() { "" } else { ", " };
        // A string takes any text.
        let _ = write!(text, "{comma}{}{meant}", name.escape_default());
    }
    (!text.is_empty()).then(|| format!("unknown in the environment: {text}; see proxy --help"))
}

fn is_known(name: &[u8]) -> bool {
    let ours = DEFINITIONS.iter().map(|definition| definition.variable);
    ours.chain(OF_OTHERS).any(|known| known.as_bytes() == name)
        || OF_THE_DRIVER.iter().any(|start| name.starts_with(start.as_bytes()))
}

/// The variable of the proxy that is spelt most like `name`, if any is at all.
fn nearest(name: &str) -> Option<&'static str> {
    let distances = DEFINITIONS
        .iter()
        .map(|definition| (strsim::damerau_levenshtein(name, definition.variable), definition.variable));
    let (distance, variable) = distances.min_by_key(|(distance, _)| *distance)?;
    // A short name is near to many.
    let letters = variable.len() - "HERMIT_".len();
    (distance <= FEW_CHANGES.min(letters / 2)).then_some(variable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_knows_is_named_once_with_the_nearest() {
        let environment = [c"HOME=/", c"HERMIT_CPU=4", c"HERMIT_MEM=1G", c"HERMIT_VERBSOE=1", c"HERMIT_QQQQ"];
        let expected = "unknown in the environment: HERMIT_CPU (meant HERMIT_CPUS?), \
                        HERMIT_VERBSOE (meant HERMIT_VERBOSE?), HERMIT_QQQQ; see proxy --help";
        assert_eq!(warning(&environment).as_deref(), Some(expected));
        assert!(warning(&[c"HERMIT_\xff\n=1"]).is_some_and(|text| !text.contains('\n')));
    }

    #[test]
    fn nothing_is_said_of_what_somebody_knows() {
        let others =
            [c"HERMIT_HOST_GCC=gcc-13", c"HERMIT_DRIVER_VERBOSE=1", c"HERMIT_DIR=/opt", c"HERMITAGE=1"];
        assert_eq!(warning(&others), None);
        for definition in &DEFINITIONS {
            assert!(is_known(definition.variable.as_bytes()));
            assert_eq!(nearest(definition.variable), Some(definition.variable));
        }
    }
}
