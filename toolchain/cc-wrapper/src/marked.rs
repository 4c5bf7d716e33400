//! Running a tool of the host, and marking the file that it wrote: [`run`], [`mark`].

use std::path::Path;

use crate::Error;
use crate::command::{self, Command};

/// Runs the command, marks its output if it succeeded, and returns the exit status to end with.
pub fn run(command: Command, output: &Path) -> Result<u8, Error> {
    let status = command.run()?;
    if status.success() {
        mark(output)?;
    }
    Ok(command::pass_on(status))
}

/// Marks what a tool has written, if it has. An output that cannot be marked (32-bit, say) is removed: half-made, it
/// would look finished to make(1).
pub fn mark(output: &Path) -> Result<(), Error> {
    if output.exists()
        && let Err(error) = elfedit::mark(output)
    {
        let _ = std::fs::remove_file(output);
        return Err(Error::Mark(error));
    }
    Ok(())
}
