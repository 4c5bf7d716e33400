//! The qemu isle.

use super::IsleError;
use crate::command_line::Program;
use crate::image::ImageFile;
use crate::options::Options;

/// Runs `image` in QEMU.
pub fn run(options: &Options, _image: &ImageFile, _program: &Program<'_>) -> Result<u8, IsleError> {
    Err(IsleError::NotThereYet(options.isle))
}
