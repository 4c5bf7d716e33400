//! The throw-away guest: a loop of vector instructions, timed: [`run`].

#![allow(unsafe_code, reason = "writes the probe's code to its RAM")]

use crate::error::{NoKvm, Symptom};
use crate::isle::ram::Ram;
use crate::isle::uhyve::debug_registers::{DebugRegisters, Trigger, Watch};
use crate::isle::uhyve::machine::Slots;
use crate::isle::uhyve::start;
use abi::layout::{AP_START, UHYVE_PORT};
use kvm_bindings::{KVM_MAX_CPUID_ENTRIES, kvm_xcr, kvm_xcrs};
use kvm_ioctls::{Kvm, VcpuExit, VcpuFd, VmFd};
use rustix::io::Errno;
use rustix::time::{ClockId, clock_gettime};

/// RAM of the guest, in bytes: page tables and a page of code.
const RAM_BYTES: u64 = 64 * 1024;

/// CPU time within which the loop ends on any hardware, in nanoseconds: it needs some 3 us. Emulation takes a
/// microsecond for each of its 8000 instructions.
const PATIENCE_NS: u64 = 1_000_000;

/// The first run is slow for other reasons (nothing is mapped, nothing is in caches), and on a busy host others
/// may be, whose time is counted as ours where Linux is a guest itself.
const TRIES: usize = 10;

/// `mov ecx, 2000; 1: (two instructions); dec ecx; jnz 1b; out dx, al; jmp back to the start`.
const SSE: &[u8] = &[
    0xb9, 0xd0, 0x07, 0x00, 0x00, // mov ecx, 2000
    0x66, 0x0f, 0xfe, 0xc1, // paddd xmm0, xmm1
    0x66, 0x0f, 0xef, 0xd0, // pxor xmm2, xmm0
    0xff, 0xc9, // dec ecx
    0x75, 0xf4, // jnz -12
    0xee, // out dx, al
    0xeb, 0xec, // jmp -20
];

/// The same with AVX, which emulators like least.
const AVX: &[u8] = &[
    0xb9, 0xd0, 0x07, 0x00, 0x00, // mov ecx, 2000
    0xc5, 0xfc, 0x58, 0xc1, // vaddps ymm0, ymm0, ymm1
    0xc5, 0xfc, 0x57, 0xd0, // vxorps ymm2, ymm0, ymm0
    0xff, 0xc9, // dec ecx
    0x75, 0xf4, // jnz -12
    0xee, // out dx, al
    0xeb, 0xec, // jmp -20
];

/// Length of both loops' first instruction.
const MOV_BYTES: u64 = 5;

/// CR4.OSXSAVE.
const CR4_OSXSAVE: u64 = 1 << 18;
/// x87, SSE and AVX in XCR0.
const XCR0_AVX: u64 = 0b111;

/// Runs the loop until it was fast once.
pub fn run(kvm: &Kvm) -> Result<(), NoKvm> {
    let broken = |error: kvm_ioctls::Error| NoKvm::Broken(Errno::from_raw_os_error(error.errno()));
    let vm = kvm.create_vm().map_err(broken)?;
    let ram = Ram::private(RAM_BYTES).map_err(|_| NoKvm::Broken(Errno::NOMEM))?;
    let mut vcpu = prepare(kvm, &vm, &ram).map_err(broken)?;
    for _ in 0..TRIES {
        let before = cpu_time_ns();
        loop {
            match vcpu.run() {
                Ok(VcpuExit::IoOut(..)) => break,
                Ok(_) => return Err(NoKvm::Emulates(Symptom::Unable)),
                Err(error) if error.errno() == libc::EINTR => {}
                Err(error) => return Err(broken(error)),
            }
        }
        if cpu_time_ns() - before < PATIENCE_NS {
            return Ok(());
        }
    }
    Err(NoKvm::Emulates(Symptom::Slow))
}

/// Whether a breakpoint in a debug register, on the loop's second instruction, stops a guest before the
/// loop's end.
pub fn stops_at_breakpoint(kvm: &Kvm) -> Result<bool, kvm_ioctls::Error> {
    let vm = kvm.create_vm()?;
    let ram = Ram::private(RAM_BYTES).map_err(|_| kvm_ioctls::Error::new(libc::ENOMEM))?;
    let mut vcpu = prepare(kvm, &vm, &ram)?;
    let mut registers = DebugRegisters::default();
    registers.add(Watch { address: AP_START + MOV_BYTES, len_bytes: 1, trigger: Trigger::Execute });
    vcpu.set_guest_debug(&registers.for_kvm(None))?;
    loop {
        match vcpu.run() {
            Ok(exit) => return Ok(matches!(exit, VcpuExit::Debug(_))),
            Err(error) if error.errno() == libc::EINTR => {}
            Err(error) => return Err(error),
        }
    }
}

fn prepare(kvm: &Kvm, vm: &VmFd, ram: &Ram) -> Result<VcpuFd, kvm_ioctls::Error> {
    start::write_tables(ram);
    let has_avx = std::arch::is_x86_feature_detected!("avx");
    let code = if has_avx { AVX } else { SSE };
    // SAFETY: a page of fresh RAM that no table uses (`abi::layout`); the guest does not run yet.
    unsafe { ram.host_address(AP_START).copy_from_nonoverlapping(code.as_ptr(), code.len()) };
    Slots::default().extend(vm, ram, ram.end())?;
    let vcpu = vm.create_vcpu(0)?;
    vcpu.set_cpuid2(&kvm.get_supported_cpuid(KVM_MAX_CPUID_ENTRIES)?)?;
    start::set_special(&vcpu)?;
    let mut registers = vcpu.get_regs()?;
    (registers.rip, registers.rflags, registers.rdx) = (AP_START, 1 << 1, u64::from(UHYVE_PORT));
    vcpu.set_regs(&registers)?;
    if has_avx {
        let mut special = vcpu.get_sregs()?;
        special.cr4 |= CR4_OSXSAVE;
        vcpu.set_sregs(&special)?;
        let mut xcrs = kvm_xcrs { nr_xcrs: 1, ..kvm_xcrs::default() };
        xcrs.xcrs[0] = kvm_xcr { xcr: 0, reserved: 0, value: XCR0_AVX };
        vcpu.set_xcrs(&xcrs)?;
    }
    Ok(vcpu)
}

/// Other processes may have the CPU meanwhile: only what this thread used counts.
fn cpu_time_ns() -> u64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}
