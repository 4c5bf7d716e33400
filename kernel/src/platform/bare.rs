//! A machine without a proxy: a console, and nothing else. Also how every VM isle sleeps and stops.

#![allow(unsafe_code, reason = "devices")]

use core::arch::asm;
use core::hint;

use crate::arch::{apic, interrupts, percpu, port, smp};
use crate::{cores, time};
use abi::errno::Errno;
use abi::hypercall::{MAY_PEND, Number, Request, state};
use abi::layout::SERIAL_PORT;

/// Line status register and its "can send" bit.
const LINE_STATUS: u16 = 5;
const CAN_SEND: u8 = 1 << 5;

/// Nobody is there to ask: writes to the standard streams go to the console, everything else is `ENOSYS`.
pub fn ring(request: &mut Request) {
    let [handle, buffer, len, ..] = request.args;
    request.result = match Number::from_u32(request.number & !MAY_PEND) {
        Some(Number::Write) if handle == 1 || handle == 2 => {
            // SAFETY: the kernel made the request from a slice that is still borrowed.
            console(unsafe { core::slice::from_raw_parts(buffer as *const u8, len as usize) });
            len as i64
        }
        Some(Number::Read) if handle == 0 => 0,
        _ => Errno::ENOSYS.to_wire(),
    };
    request.state = state::DONE;
}

/// Writes to the serial line.
pub fn console(bytes: &[u8]) {
    for &byte in bytes {
        // SAFETY: a 16550, or nothing at all, whose status then reads as all ones.
        unsafe {
            while port::read_u8(SERIAL_PORT + LINE_STATUS) & CAN_SEND == 0 {
                hint::spin_loop();
            }
            port::write_u8(SERIAL_PORT, byte);
        }
    }
}

/// Sleeps until an interrupt; the timer is one if there is a deadline.
pub fn idle(deadline_ns: Option<u64>) {
    if let Some(deadline) = deadline_ns {
        let now = time::monotonic_ns();
        if deadline <= now {
            return;
        }
        apic::set_timer(deadline - now);
    }
    interrupts::wait();
}

/// Starts a further core, whose stack is ready.
pub fn start_core(core: usize) -> Result<(), Errno> {
    let percpu = percpu::of(core).ok_or(Errno::EINVAL)?;
    smp::start(core, cores::stack_top(core), &percpu.online)
}

/// Stops the machine by a triple fault: virtual machines end (or, without `-no-reboot`, start again).
pub fn stop() -> ! {
    let nowhere = [0u8; 10];
    // SAFETY: an empty interrupt table makes the breakpoint a triple fault, which is the aim.
    unsafe {
        asm!("cli", "lidt [{}]", "int3", "2: hlt", "jmp 2b", in(reg) &raw const nowhere, options(noreturn))
    }
}
