//! Asking the host for something and waiting for it: the kernel's half of `abi::hypercall`. What the host does at once
//! [`crate::platform`] asks for by itself.

mod answer;

use crate::{platform, sched};
use abi::errno::Errno;
use abi::hypercall::{MAY_PEND, Number, Request, state};

pub use crate::platform::slice;
pub use answer::wake_answered;

/// Makes the request and waits for its answer. Other threads of the core run meanwhile where the isle allows.
pub fn call(number: Number, args: [u64; 6]) -> Result<u64, Errno> {
    let may_pend = if sched::has_other_threads() { MAY_PEND } else { 0 };
    let mut request = Request { state: state::POSTED, number: number as u32 | may_pend, args, result: 0 };
    platform::post(&mut request);
    if !platform::is_done(&mut request) {
        answer::wait_for(&mut request);
    }
    Errno::from_wire(request.result)
}
