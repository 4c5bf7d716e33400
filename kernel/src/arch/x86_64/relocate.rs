//! IRELATIVE relocations: the only kind a static image has. Applied before anything else, because `memcpy` itself may
//! be an IFUNC.

#[repr(C)]
struct Rela {
    offset: u64,
    info: u64,
    addend: u64,
}

/// `R_X86_64_IRELATIVE` (psABI, table 4.9).
#[cfg(panic = "abort")]
const R_X86_64_IRELATIVE: u32 = 37;

#[cfg(panic = "abort")]
unsafe extern "C" {
    static __rela_iplt_start: [Rela; 0];
    static __rela_iplt_end: [Rela; 0];
}

/// Calls every IFUNC resolver and stores its choice.
///
/// # Safety
/// Call once, on the boot processor, before any function that may be an IFUNC. Resolvers must use CPUID only.
#[cfg(panic = "abort")]
pub unsafe fn apply() {
    // SAFETY: the linker script defines both symbols around the table of relocations.
    let mut rela = unsafe { __rela_iplt_start.as_ptr() };
    // SAFETY: the linker script defines the symbol behind the table of relocations.
    let end = unsafe { __rela_iplt_end.as_ptr() };
    while rela < end {
        // SAFETY: `rela` lies between the two symbols, where the linker put whole entries.
        let Rela { offset, info, addend } = unsafe { &*rela };
        if *info as u32 == R_X86_64_IRELATIVE {
            // SAFETY: the addend of an IRELATIVE relocation is the address of a resolver of this type.
            let resolve: extern "C" fn() -> u64 = unsafe { core::mem::transmute(*addend) };
            // SAFETY: the offset is the address of the GOT slot that waits for the answer; nobody else uses it yet.
            unsafe { (*offset as *mut u64).write(resolve()) };
        }
        // SAFETY: stays within the table or one past it.
        rela = unsafe { rela.add(1) };
    }
}
