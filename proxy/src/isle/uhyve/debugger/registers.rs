//! Registers of a vCPU as gdb wants them: [`Registers`], and [`X86_64`], the description of them.
//!
//! gdbstub_arch's core registers, and behind them the bases of FS and GS, by which gdb finds the isle's
//! threads (docs/reference/010-debugger.md).

use core::fmt::Write as _;
use gdbstub::arch::{self, Arch};
use gdbstub_arch::x86::reg::id::X86_64CoreRegId;
use gdbstub_arch::x86::reg::{X86_64CoreRegs, X86SegmentRegs, X87FpuInternalRegs};
use kvm_bindings::{kvm_fpu, kvm_regs};
use kvm_ioctls::{Error, VcpuFd};
use std::sync::LazyLock;

/// Bytes of [`X86_64CoreRegs`] in gdb's protocol: 16 words, rip, eflags, 6 segments, 8 of the x87's, its 8
/// control registers, 16 of SSE's and mxcsr.
const CORE_BYTES: usize = 16 * 8 + 8 + 4 + 6 * 4 + 8 * 10 + 8 * 4 + 16 * 16 + 4;

/// 64-bit x86 with SSE.
#[derive(Debug)]
pub enum X86_64 {}

impl Arch for X86_64 {
    type Usize = u64;
    type Registers = Registers;
    type RegId = X86_64CoreRegId;
    type BreakpointKind = usize;

    fn target_description_xml() -> Option<&'static str> {
        static TEXT: LazyLock<String> = LazyLock::new(description);
        Some(&TEXT)
    }
}

/// The registers of a vCPU.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Registers {
    core: X86_64CoreRegs,
    fs_base: u64,
    gs_base: u64,
}

impl arch::Registers for Registers {
    type ProgramCounter = u64;

    fn pc(&self) -> u64 {
        self.core.rip
    }

    fn gdb_serialize(&self, mut write_byte: impl FnMut(Option<u8>)) {
        self.core.gdb_serialize(&mut write_byte);
        let bases = [self.fs_base, self.gs_base];
        bases.iter().flat_map(|base| base.to_le_bytes()).for_each(|byte| write_byte(Some(byte)));
    }

    fn gdb_deserialize(&mut self, bytes: &[u8]) -> Result<(), ()> {
        let (core, bases) = bytes.split_at_checked(CORE_BYTES).ok_or(())?;
        self.core.gdb_deserialize(core)?;
        let (fs_base, gs_base) = bases.split_first_chunk().ok_or(())?;
        self.fs_base = u64::from_le_bytes(*fs_base);
        self.gs_base = u64::from_le_bytes(*gs_base.first_chunk().ok_or(())?);
        Ok(())
    }
}

/// Reads the registers of a vCPU that does not run.
pub fn read(vcpu: &VcpuFd) -> Result<Registers, Error> {
    let (mut general, special, fpu) = (vcpu.get_regs()?, vcpu.get_sregs()?, vcpu.get_fpu()?);
    let selector = |segment: kvm_bindings::kvm_segment| u32::from(segment.selector);
    let core = X86_64CoreRegs {
        regs: in_gdbs_order(&mut general).map(|register| *register),
        eflags: general.rflags as u32,
        rip: general.rip,
        segments: X86SegmentRegs {
            cs: selector(special.cs),
            ss: selector(special.ss),
            ds: selector(special.ds),
            es: selector(special.es),
            fs: selector(special.fs),
            gs: selector(special.gs),
        },
        st: fpu.fpr.map(|register| *register.first_chunk().expect("a register has 16 bytes")),
        fpu: X87FpuInternalRegs {
            fctrl: fpu.fcw.into(),
            fstat: fpu.fsw.into(),
            ftag: fpu.ftwx.into(),
            fioff: fpu.last_ip as u32,
            fooff: fpu.last_dp as u32,
            fop: fpu.last_opcode.into(),
            ..X87FpuInternalRegs::default()
        },
        xmm: fpu.xmm.map(u128::from_le_bytes),
        mxcsr: fpu.mxcsr,
    };
    Ok(Registers { core, fs_base: special.fs.base, gs_base: special.gs.base })
}

/// Writes what a debugger may change: all but the segments' selectors.
pub fn write(vcpu: &VcpuFd, registers: &Registers) -> Result<(), Error> {
    let core = &registers.core;
    let mut general = kvm_regs { rip: core.rip, rflags: core.eflags.into(), ..kvm_regs::default() };
    for (to, from) in in_gdbs_order(&mut general).into_iter().zip(core.regs) {
        *to = from;
    }
    vcpu.set_regs(&general)?;
    let mut special = vcpu.get_sregs()?;
    if (special.fs.base, special.gs.base) != (registers.fs_base, registers.gs_base) {
        (special.fs.base, special.gs.base) = (registers.fs_base, registers.gs_base);
        vcpu.set_sregs(&special)?;
    }
    let before = vcpu.get_fpu()?;
    let mut fpr = before.fpr;
    for (to, from) in fpr.iter_mut().zip(core.st) {
        to[..from.len()].copy_from_slice(&from);
    }
    vcpu.set_fpu(&kvm_fpu {
        fpr,
        fcw: core.fpu.fctrl as u16,
        fsw: core.fpu.fstat as u16,
        ftwx: core.fpu.ftag as u8,
        xmm: core.xmm.map(u128::to_le_bytes),
        mxcsr: core.mxcsr,
        ..before
    })
}

/// The general registers in the order of gdb's protocol.
fn in_gdbs_order(registers: &mut kvm_regs) -> [&mut u64; 16] {
    let kvm_regs { rax, rbx, rcx, rdx, rsi, rdi, rbp, rsp, .. } = registers;
    let kvm_regs { r8, r9, r10, r11, r12, r13, r14, r15, .. } = registers;
    [rax, rbx, rcx, rdx, rsi, rdi, rbp, rsp, r8, r9, r10, r11, r12, r13, r14, r15]
}

/// The registers' names and types, in the order of [`arch::Registers::gdb_serialize`] (gdb's manual, "i386
/// Features").
fn description() -> String {
    let mut core = String::new();
    let add = |to: &mut String, name: &str, bits: u32, kind: &str| {
        // A string takes any text.
        let _ = write!(to, r#"<reg name="{name}" bitsize="{bits}" type="{kind}"/>"#);
    };
    for name in ["rax", "rbx", "rcx", "rdx", "rsi", "rdi"] {
        add(&mut core, name, 64, "int64");
    }
    add(&mut core, "rbp", 64, "data_ptr");
    add(&mut core, "rsp", 64, "data_ptr");
    for number in 8..16 {
        add(&mut core, &format!("r{number}"), 64, "int64");
    }
    add(&mut core, "rip", 64, "code_ptr");
    for name in ["eflags", "cs", "ss", "ds", "es", "fs", "gs"] {
        add(&mut core, name, 32, "int32");
    }
    for number in 0..8 {
        add(&mut core, &format!("st{number}"), 80, "i387_ext");
    }
    for name in ["fctrl", "fstat", "ftag", "fiseg", "fioff", "foseg", "fooff", "fop"] {
        add(&mut core, name, 32, "int");
    }
    let mut sse = r#"<vector id="v4f" type="ieee_single" count="4"/><vector id="v2d" type="ieee_double" count="2"/>
<vector id="v16i8" type="int8" count="16"/><vector id="v8i16" type="int16" count="8"/>
<vector id="v4i32" type="int32" count="4"/><vector id="v2i64" type="int64" count="2"/>
<union id="vec128"><field name="v4_float" type="v4f"/><field name="v2_double" type="v2d"/>
<field name="v16_int8" type="v16i8"/><field name="v8_int16" type="v8i16"/><field name="v4_int32" type="v4i32"/>
<field name="v2_int64" type="v2i64"/><field name="uint128" type="uint128"/></union>"#
        .to_owned();
    for number in 0..16 {
        add(&mut sse, &format!("xmm{number}"), 128, "vec128");
    }
    add(&mut sse, "mxcsr", 32, "int");
    let mut segments = String::new();
    add(&mut segments, "fs_base", 64, "int64");
    add(&mut segments, "gs_base", 64, "int64");
    format!(
        r#"<?xml version="1.0"?><!DOCTYPE target SYSTEM "gdb-target.dtd">
<target version="1.0"><architecture>i386:x86-64</architecture>
<feature name="org.gnu.gdb.i386.core">{core}</feature>
<feature name="org.gnu.gdb.i386.sse">{sse}</feature>
<feature name="org.gnu.gdb.i386.segments">{segments}</feature></target>"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use gdbstub::arch::Registers as _;

    #[test]
    fn registers_survive_the_line() {
        let mut before = Registers { fs_base: 0x1234, gs_base: 0x5678, ..Registers::default() };
        before.core.regs[15] = 7;
        before.core.xmm[3] = 1 << 100;
        let mut bytes = Vec::new();
        before.gdb_serialize(|byte| bytes.extend(byte));
        assert_eq!(bytes.len(), CORE_BYTES + 16);
        let mut after = Registers::default();
        after.gdb_deserialize(&bytes).unwrap();
        assert_eq!(after, before);
        assert_eq!(after.gdb_deserialize(&bytes[1..]), Err(()));
    }

    /// The description has as many bits as the registers.
    #[test]
    fn every_register_is_described() {
        let text = X86_64::target_description_xml().unwrap();
        let sizes = text.split("bitsize=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
        let bits: usize = sizes.map(|size| size.parse::<usize>().unwrap()).sum();
        assert_eq!(bits, 8 * (CORE_BYTES + 16));
    }
}
