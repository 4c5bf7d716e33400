//! What the tree takes from the checkout as it is: the linker script, the specs, the header of the system calls and gdb's
//! script.

use crate::context::Context;
use crate::files::copy;
use crate::step::Step;

/// Copies them.
pub fn step(context: &Context) -> Step {
    let workspace = &context.workspace;
    let prefix = workspace.prefix();
    let pairs = [
        (workspace.join("sysroot/ld/hermit.ld"), prefix.linker_script()),
        (workspace.join("sysroot/specs/hermit.specs"), prefix.specs()),
        (workspace.join("sysroot/gdb/hermit.py"), prefix.gdb_script()),
        (workspace.join("kernel/include/hermit/syscall.h"), prefix.include().join("hermit/syscall.h")),
    ];
    let copies = pairs.clone();
    let step = Step::new(
        "interface",
        "copy linker script, specs, the system calls' header and gdb's script",
        file!(),
        move |_| copies.iter().try_for_each(|(from, to)| copy(from, to)),
    );
    pairs.into_iter().fold(step, |step, (from, to)| step.file(from).output(to))
}
