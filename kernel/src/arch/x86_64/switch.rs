//! Leaving one thread for another.
//!
//! A switch is a function call, so only what a callee must preserve is saved (psABI 3.2.1): six registers, the control
//! words of x87 and SSE, and the stack pointer. Threads that are interrupted are sent here by a call, too.

use core::cell::Cell;

use super::float;

/// Where a thread continues: its stack pointer, with everything else on the stack.
#[repr(transparent)]
pub struct Context {
    stack_pointer: Cell<u64>,
}

// SAFETY: only the core that owns the thread touches its context, with interrupts off.
unsafe impl Sync for Context {}

/// Bytes that [`Context::prepare`] needs at the top of a stack.
const FRAME_BYTES: u64 = 9 * 8;

impl Context {
    /// A context that has not run and has nowhere to go.
    pub const fn empty() -> Self {
        Self { stack_pointer: Cell::new(0) }
    }

    /// Makes the context start `entry` on the stack that ends at `stack_top` (16-byte aligned), computing as the caller does.
    ///
    /// # Safety
    /// At least 4 KiB below `stack_top` are writable and belong to nobody else.
    pub unsafe fn prepare(&self, stack_top: u64, entry: extern "C" fn() -> !) {
        let (mxcsr, x87_control) = float::inherited();
        let frame = [
            u64::from(mxcsr) | u64::from(x87_control) << 32,
            0, // r15
            0, // r14
            0, // r13
            0, // r12
            0, // rbx
            0, // rbp: end of the frame chain
            entry as usize as u64,
            0, // the return address of `entry`, which has none
        ];
        let bottom = stack_top - FRAME_BYTES;
        for (i, word) in frame.into_iter().enumerate() {
            // SAFETY: within FRAME_BYTES below the top, which the caller gave us.
            unsafe { (bottom as *mut u64).add(i).write(word) };
        }
        self.stack_pointer.set(bottom);
    }
}

/// Saves the caller in `from` and continues `to`; returns when somebody switches back.
///
/// # Safety
/// Interrupts are off; `from` is the context of the running thread, `to` one that was prepared or switched from, on
/// this core; FS base already belongs to the thread of `to`.
pub unsafe fn switch(from: &Context, to: &Context) {
    // SAFETY: the contexts are valid as the caller says; the assembly keeps the ABI's promises.
    unsafe { switch_stacks(from.stack_pointer.as_ptr(), to.stack_pointer.get()) }
}

#[unsafe(naked)]
unsafe extern "C" fn switch_stacks(from: *mut u64, to: u64) {
    core::arch::naked_asm!(
        "push rbp",
        "push rbx",
        "push r12",
        "push r13",
        "push r14",
        "push r15",
        "sub rsp, 8",
        "stmxcsr [rsp]",
        "fnstcw [rsp + 4]",
        "mov [rdi], rsp",
        "mov rsp, rsi",
        "ldmxcsr [rsp]",
        "fldcw [rsp + 4]",
        "add rsp, 8",
        "pop r15",
        "pop r14",
        "pop r13",
        "pop r12",
        "pop rbx",
        "pop rbp",
        "ret",
    )
}

/// Calls `function(argument)` on the stack that ends at `stack_top`, and comes back to the caller's own.
///
/// # Safety
/// Enough for `function` below `stack_top` is writable and belongs to nobody else until it returns.
pub unsafe fn call_on<T>(stack_top: u64, function: extern "C" fn(&mut T), argument: &mut T) {
    // SAFETY: the stack is as the caller says; a reference is passed as a pointer.
    unsafe { call_on_stack(stack_top, function as usize, core::ptr::from_mut(argument).cast()) }
}

#[unsafe(naked)]
unsafe extern "C" fn call_on_stack(stack_top: u64, function: usize, argument: *mut u8) {
    // Programs unwind through it, hence the notes on where the caller's registers are (6: rbp, 7: rsp).
    core::arch::naked_asm!(
        ".cfi_startproc",
        "push rbp",
        ".cfi_def_cfa_offset 16",
        ".cfi_offset 6, -16",
        "mov rbp, rsp",
        ".cfi_def_cfa_register 6",
        "and rdi, -16",
        "mov rsp, rdi",
        "mov rdi, rdx",
        "call rsi",
        "mov rsp, rbp",
        "pop rbp",
        ".cfi_def_cfa 7, 8",
        "ret",
        ".cfi_endproc",
    )
}

const _: () = assert!(FRAME_BYTES % 16 == 8, "entry must see the stack as after a call");

#[cfg(test)]
mod tests {
    use super::*;

    static MAIN: Context = Context::empty();
    static THREAD: Context = Context::empty();

    extern "C" fn entry() -> ! {
        let mut value = 0u128;
        loop {
            value += 1;
            std::hint::black_box(&value);
            // SAFETY: the two contexts alternate on one thread.
            unsafe { switch(&THREAD, &MAIN) };
        }
    }

    #[test]
    fn calls_on_another_stack() {
        extern "C" fn note(here: &mut u64) {
            let local = std::hint::black_box(0u128);
            *here = &raw const local as u64;
        }
        let mut stack = vec![0u128; 4096];
        let range = stack.as_mut_ptr_range();
        let mut here = 0;
        // SAFETY: the stack is large and nobody else uses it.
        unsafe { call_on(range.end as u64, note, &mut here) };
        assert!((range.start as u64..range.end as u64).contains(&here), "{here:#x}");
    }

    /// Switches as [`switch_stacks`] does, with 1 to 6 in the registers that a callee must preserve, and returns what is in them
    /// then: one hexadecimal digit each.
    #[unsafe(naked)]
    unsafe extern "C" fn registers_after_switch(from: *mut u64, to: u64) -> u64 {
        core::arch::naked_asm!(
            "push rbp",
            "push rbx",
            "push r12",
            "push r13",
            "push r14",
            "push r15",
            "sub rsp, 8",
            "mov ebp, 1",
            "mov ebx, 2",
            "mov r12d, 3",
            "mov r13d, 4",
            "mov r14d, 5",
            "mov r15d, 6",
            "call {switch_stacks}",
            "mov rax, rbp",
            ".irp register, rbx, r12, r13, r14, r15",
            "shl rax, 4",
            "add rax, \\register",
            ".endr",
            "add rsp, 8",
            "pop r15",
            "pop r14",
            "pop r13",
            "pop r12",
            "pop rbx",
            "pop rbp",
            "ret",
            switch_stacks = sym switch_stacks,
        )
    }

    #[test]
    fn registers_come_back() {
        static CALLER: Context = Context::empty();
        static OTHER: Context = Context::empty();

        extern "C" fn switch_back() -> ! {
            loop {
                // SAFETY: the two contexts alternate on one thread.
                unsafe { switch(&OTHER, &CALLER) };
            }
        }

        let mut stack = vec![0u128; 4096];
        let top = stack.as_mut_ptr_range().end as u64;
        // SAFETY: the stack is large and lives until the end of the test, whose thread is the only one to switch.
        let registers = unsafe {
            OTHER.prepare(top, switch_back);
            registers_after_switch(CALLER.stack_pointer.as_ptr(), OTHER.stack_pointer.get())
        };
        assert_eq!(registers, 0x12_3456);
    }

    #[test]
    fn switches_there_and_back() {
        let mut stack = vec![0u128; 4096];
        let top = stack.as_mut_ptr_range().end as u64;
        // SAFETY: the stack is large and lives until the end of the test.
        unsafe { THREAD.prepare(top, entry) };
        for _ in 0..1000 {
            // SAFETY: the stack lives until the end of the test, whose thread is the only one to switch.
            unsafe { switch(&MAIN, &THREAD) };
        }
    }
}
