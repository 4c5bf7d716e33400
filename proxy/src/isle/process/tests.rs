//! How much of guest RAM the program's strings may take.

use super::*;
use crate::command_line::CommandLine;
use crate::options::MemorySize;
use std::ffi::CString;

/// Half of RAM is the program's own, whatever it was started with. execve(2) takes at most 6 MiB of strings
/// today, which always fit.
#[test]
fn strings_take_at_most_half_of_ram() {
    let ram = Ram::map(MemorySize::from_bytes(16 << 20).ok(), 0, Content::Data).unwrap();
    let half = ram.len_bytes() as usize / 2;
    let written = |len_bytes: usize| {
        let long = CString::new(vec![b'x'; len_bytes - 1]).unwrap();
        let mut line = CommandLine { arguments: vec![&long], ..CommandLine::default() };
        let program = line.program(0);
        write_boot_info(&Options::default(), &program, &ram, 1, false)
    };
    assert!(written(half).is_ok());
    for len_bytes in [half + 1, 2 * half] {
        let refused = matches!(written(len_bytes), Err(IsleError::StringsTooLong { len_bytes: len }) if len == len_bytes);
        assert!(refused, "{len_bytes} bytes");
    }
}
