//! The isles: [`process`], [`uhyve`] and [`qemu`]; this page chooses. [`ram`] and [`backing`] are the memory of the isles.

mod backing;
pub mod process;
pub mod qemu;
mod ram;
pub mod uhyve;

use crate::command_line::Program;
use crate::error::{Failed, IsleError};
use crate::image::ImageFile;
use crate::options::{DebuggerChoice, IsleChoice, Options};
use crate::pinning;

/// Runs `image` in the isle that the user chose, and returns the exit status.
pub fn run(options: &Options, image: &ImageFile, program: &Program<'_>) -> Result<u8, Failed> {
    let most = image.image.max_cpus();
    pinning::check_count(options, most, "the kernel in this image", "link it again, or lower HERMIT_CPUS")?;
    match options.isle {
        // Debuggers know the process isle.
        IsleChoice::Auto if options.debug == DebuggerChoice::None && uhyve::probe::works() => {
            Ok(uhyve::run(options, image, program)?)
        }
        IsleChoice::Auto | IsleChoice::Process => Ok(process::run(options, image, program)?),
        IsleChoice::Uhyve => Ok(uhyve::run(options, image, program)?),
        IsleChoice::Qemu => Ok(qemu::run(options, image, program)?),
        choice @ IsleChoice::Node(_) => Err(IsleError::NotThereYet(choice).into()),
    }
}
