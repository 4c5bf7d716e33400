//! A path by which the proxy can read the image: [`readable`]. One that may be executed and not read writes itself into a
//! file in memory, as far as Linux has loaded it.

use super::system::{self, Name};
use abi::start::COPY_PREFIX;
use core::ffi::CStr;

/// A path by which the proxy can read the image that Linux, told to execute `path`, has loaded. That is not `path` where it
/// names a script whose interpreter the image is, or a descriptor (fexecve(3)) that was closed meanwhile.
pub fn readable(path: &CStr) -> Option<Name> {
    const RUNNING: &CStr = c"/proc/self/exe";
    // Where there is no /proc, nothing contradicts.
    let running = system::identity(RUNNING);
    let fits =
        |path: &CStr| (running.is_none() || system::identity(path) == running) && system::may_read(path);
    if fits(path) {
        // What begins with a dash is an option for the proxy.
        let here: &[u8] = if path.to_bytes().starts_with(b"-") { b"./" } else { b"" };
        return Some(Name::of(&[here, path.to_bytes()]));
    }
    if let Some(name) = system::target_of(RUNNING).filter(|name| name.as_c_str().is_some_and(fits)) {
        return Some(name);
    }
    let file = copy()?;
    let mut name = Name::of(&[COPY_PREFIX.as_bytes()]);
    name.push_number(file);
    name.as_c_str().is_some_and(system::may_read).then_some(name)
}

/// The image as far as it was loaded: without symbols and debug information, which the header must not promise either.
fn copy() -> Option<u64> {
    /// Offsets in the ELF header (ELF-64 object file format, figure 2) of e_shoff, and of e_shnum with e_shstrndx.
    const SECTION_TABLE: u64 = 40;
    const NR_SECTIONS: u64 = 60;
    let file = system::memory_file(c"image")?;
    let loaded = crate::image::segments()
        .all(|segment| system::write_at(file, segment.start, segment.file_bytes, segment.file_offset));
    let zero = [0_u8; 8];
    let zeros = zero.as_ptr() as u64;
    let forgets =
        system::write_at(file, zeros, 8, SECTION_TABLE) && system::write_at(file, zeros, 4, NR_SECTIONS);
    (loaded && forgets).then_some(file)
}
