//! Options and variables: [`run`]. An input is a list of lines: variables, an empty line, arguments.

use proxy::command_line::{CommandLine, OptionsBefore};
use proxy::options::{self, Parsed};
use std::ffi::{CStr, CString};

/// Reads them as the proxy does when it starts.
pub fn run(bytes: &[u8]) {
    let mut lines = bytes.split(|&byte| byte == b'\n').filter_map(|line| CString::new(line).ok());
    let environment: Vec<CString> = lines.by_ref().take_while(|line| !line.is_empty()).collect();
    let arguments: Vec<CString> = std::iter::once(c"proxy".to_owned()).chain(lines).collect();
    for options in [OptionsBefore::Possible, OptionsBefore::Never] {
        check(&strings(&environment), &strings(&arguments), options);
    }
}

fn strings(owned: &[CString]) -> Vec<&CStr> {
    owned.iter().map(CString::as_c_str).collect()
}

/// What is accepted names an image that is there, and can be said; so can what is not.
fn check(environment: &[&CStr], arguments: &[&CStr], options: OptionsBefore) {
    let (environment, arguments) = (environment.to_vec(), arguments.to_vec());
    let mut command_line = CommandLine { arguments, environment, argv_0: None, options };
    match options::understand(&command_line) {
        Ok(Parsed::Run(invocation)) => {
            let image = command_line.arguments[invocation.image_index];
            assert_eq!(command_line.program(invocation.image_index).arguments[0], image);
        }
        Ok(Parsed::Probe | Parsed::Shown) => {}
        Err(bad) => assert!(!bad.to_string().is_empty(), "refused without a word"),
    }
}
