//! What this CPU can do, and how it is switched on.

use core::arch::asm;
use core::arch::x86_64::{__cpuid, __cpuid_count, _xgetbv};
use core::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use abi::boot_info::cpu::{ERMS, WIDE, XCR0_WANTED};

/// CPUID.1:ECX.XSAVE.
const CPUID1_ECX_XSAVE: u32 = 1 << 26;
/// CPUID.1:ECX.OSXSAVE: the operating system has switched XSAVE on.
const CPUID1_ECX_OSXSAVE: u32 = 1 << 27;
/// CPUID.1:ECX.RDRAND.
const CPUID1_ECX_RDRAND: u32 = 1 << 30;
/// The leaf in which every 64-bit CPU says that it is one.
const EXTENDED_1: u32 = 0x8000_0001;
/// CPUID.80000001:EDX.Page1GB.
const CPUID_EXTENDED1_EDX_HUGE_PAGES: u32 = 1 << 26;
/// CPUID.7.0:EBX.FSGSBASE.
const CPUID7_EBX_FSGSBASE: u32 = 1 << 0;

const CR4_FSGSBASE: u64 = 1 << 16;
const CR4_OSXSAVE: u64 = 1 << 18;

/// End of the legacy area and the header of an XSAVE image, in bytes.
const XSAVE_HEADER_END: u32 = 512 + 64;

/// What CPUID says of features, asked once: in a virtual machine it leaves to the hypervisor. All cores have the same.
#[derive(Clone, Copy)]
struct Leaves {
    leaf_1_ecx: u32,
    leaf_1_edx: u32,
    leaf_7_ebx: u32,
    leaf_7_edx: u32,
}

static KNOWN: AtomicBool = AtomicBool::new(false);
static LEAVES: [AtomicU32; 4] = [const { AtomicU32::new(0) }; 4];

impl Leaves {
    fn get() -> Self {
        if KNOWN.load(Ordering::Acquire) {
            let [leaf_1_ecx, leaf_1_edx, leaf_7_ebx, leaf_7_edx] =
                LEAVES.each_ref().map(|leaf| leaf.load(Ordering::Relaxed));
            return Self { leaf_1_ecx, leaf_1_edx, leaf_7_ebx, leaf_7_edx };
        }
        let leaf_1 = __cpuid(1);
        let has_leaf_7 = __cpuid(0).eax >= 7;
        let (leaf_7_ebx, leaf_7_edx) = if has_leaf_7 {
            let leaf = __cpuid_count(7, 0);
            (leaf.ebx, leaf.edx)
        } else {
            (0, 0)
        };
        let leaves = Self { leaf_1_ecx: leaf_1.ecx, leaf_1_edx: leaf_1.edx, leaf_7_ebx, leaf_7_edx };
        leaves.keep();
        leaves
    }

    /// Whoever else asks at the same time keeps the same.
    fn keep(self) {
        let all = [self.leaf_1_ecx, self.leaf_1_edx, self.leaf_7_ebx, self.leaf_7_edx];
        for (kept, leaf) in LEAVES.iter().zip(all) {
            kept.store(leaf, Ordering::Relaxed);
        }
        KNOWN.store(true, Ordering::Release);
    }
}

/// CPUID.1:ECX.
pub fn leaf_1_ecx() -> u32 {
    Leaves::get().leaf_1_ecx
}

/// VM isles: switches on XSAVE and FSGSBASE.
///
/// # Safety
/// Ring 0, once per core, before threads run on it.
pub unsafe fn init() {
    let mut leaves = Leaves::get();
    let mut cr4: u64;
    // SAFETY: reading CR4 in ring 0.
    unsafe { asm!("mov {}, cr4", out(reg) cr4, options(nomem, nostack, preserves_flags)) };
    if leaves.leaf_1_ecx & CPUID1_ECX_XSAVE != 0 {
        cr4 |= CR4_OSXSAVE;
    }
    if has_fsgsbase() {
        cr4 |= CR4_FSGSBASE;
    }
    // SAFETY: only sets bits whose features CPUID reports.
    unsafe { asm!("mov cr4, {}", in(reg) cr4, options(nomem, nostack, preserves_flags)) };
    if leaves.leaf_1_ecx & CPUID1_ECX_XSAVE != 0 {
        // As CPUID says from now on.
        leaves.leaf_1_ecx |= CPUID1_ECX_OSXSAVE;
        leaves.keep();
    }
}

/// VM isles: switches on AVX and AVX-512 as far as the CPU has them. Not in uhyve, whose host has done that: it would leave the
/// guest twice.
///
/// # Safety
/// Ring 0, after [`init`].
pub unsafe fn init_vector_state() {
    if leaf_1_ecx() & CPUID1_ECX_OSXSAVE == 0 {
        return;
    }
    let supported = __cpuid_count(0xd, 0);
    let mask = (supported.eax as u64 | (supported.edx as u64) << 32) & XCR0_WANTED;
    // SAFETY: OSXSAVE is set, and the mask holds only components that CPUID 0xD lists, x87 and SSE among them.
    unsafe {
        asm!("xsetbv", in("ecx") 0, in("eax") mask as u32, in("edx") (mask >> 32) as u32,
            options(nomem, nostack, preserves_flags));
    }
}

/// The vector state that a trap saves: components (a mask for XSAVE) and bytes of its image in the standard format; zeroes
/// where only FXSAVE works.
pub fn vector_state() -> (u32, u32) {
    let mask = kept_state() as u32;
    if mask == 0 {
        return (0, 0);
    }
    let bytes = vector_state_bytes(mask, |component| {
        let leaf = __cpuid_count(0xd, component);
        (leaf.eax, leaf.ebx)
    });
    (mask, bytes)
}

/// The registers that are switched on and saved at a trap, by the bits of XCR0.
pub fn kept_state() -> u64 {
    if leaf_1_ecx() & CPUID1_ECX_OSXSAVE == 0 {
        return 0;
    }
    // SAFETY: CPUID.1:ECX.OSXSAVE says that XGETBV works.
    unsafe { xgetbv0() & XCR0_WANTED }
}

/// Bytes of an XSAVE image with the components in `mask`, each of which from 2 on tells its size and offset (SDM vol. 1, 13.4.3); the
/// first two are FXSAVE's 512 bytes.
fn vector_state_bytes(mask: u32, size_and_offset: impl Fn(u32) -> (u32, u32)) -> u32 {
    let ends = (2..32).filter(|component| mask & 1 << component != 0).map(|component| {
        let (size, offset) = size_and_offset(component);
        offset + size
    });
    ends.fold(XSAVE_HEADER_END, u32::max)
}

/// XCR0's bits of SSE and AVX, and of AVX-512.
const XCR0_AVX: u64 = 0b110;
const XCR0_AVX512: u64 = 0b1110_0110;

/// Bits of `abi::boot_info::cpu`, from CPUID.
pub fn features() -> u64 {
    let Leaves { leaf_1_ecx, leaf_7_ebx, leaf_7_edx, .. } = Leaves::get();
    if leaf_1_ecx & CPUID1_ECX_OSXSAVE == 0 {
        return 0;
    }
    let mut features = abi::boot_info::cpu::features(leaf_1_ecx, leaf_7_ebx, leaf_7_edx);
    let saved = kept_state();
    if saved & XCR0_AVX != XCR0_AVX {
        features &= ERMS;
    }
    if saved & XCR0_AVX512 != XCR0_AVX512 {
        features &= !WIDE;
    }
    features
}

#[target_feature(enable = "xsave")]
fn xgetbv0() -> u64 {
    // SAFETY: register 0 exists wherever XGETBV does.
    unsafe { _xgetbv(0) }
}

/// What CPUID's leaf 1 says in EDX: x86's AT_HWCAP.
pub fn basic_features() -> u64 {
    u64::from(Leaves::get().leaf_1_edx)
}

/// Whether the CPU has RDFSBASE and friends (the operating system must allow them, too).
pub fn has_fsgsbase() -> bool {
    Leaves::get().leaf_7_ebx & CPUID7_EBX_FSGSBASE != 0
}

/// Whether the CPU has pages of 1 GiB. Asks it: in a virtual machine that leaves to the hypervisor.
pub fn has_huge_pages() -> bool {
    __cpuid(EXTENDED_1).edx & CPUID_EXTENDED1_EDX_HUGE_PAGES != 0
}

/// Tells the CPU that this is a spin loop.
#[inline]
pub fn relax() {
    core::hint::spin_loop();
}

/// 64 random bits from the CPU, if it has RDRAND and the generator answers.
pub fn random() -> Option<u64> {
    if leaf_1_ecx() & CPUID1_ECX_RDRAND == 0 {
        return None;
    }
    // The manual's advice: ten tries, then the generator is broken (SDM vol. 1, 7.3.17.1).
    for _ in 0..10 {
        let value: u64;
        let ok: u8;
        // SAFETY: CPUID reports RDRAND; it writes registers only.
        unsafe { asm!("rdrand {}", "setc {}", out(reg) value, out(reg_byte) ok, options(nomem, nostack)) };
        if ok != 0 {
            return Some(value);
        }
    }
    None
}

/// Reads a model-specific register.
///
/// # Safety
/// Ring 0, and the CPU has the register.
#[inline]
pub unsafe fn read_msr(register: u32) -> u64 {
    let (low, high): (u32, u32);
    // SAFETY: the caller vouches for ring 0 and for the register.
    unsafe {
        asm!("rdmsr", in("ecx") register, out("eax") low, out("edx") high, options(nomem, nostack, preserves_flags));
    }
    low as u64 | (high as u64) << 32
}

/// Writes a model-specific register.
///
/// # Safety
/// Ring 0, the CPU has the register, and the value keeps what Rust relies on.
#[inline]
pub unsafe fn write_msr(register: u32, value: u64) {
    // SAFETY: the caller vouches for ring 0, register and value.
    unsafe {
        asm!("wrmsr", in("ecx") register, in("eax") value as u32, in("edx") (value >> 32) as u32,
            options(nostack, preserves_flags));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sizes and offsets as Intel's CPUs have them; APX lies where MPX was.
    #[test]
    fn the_image_ends_where_its_last_component_does() {
        let leaves = |component| match component {
            2 => (256, 576),
            5 => (64, 1088),
            6 => (512, 1152),
            7 => (1024, 1664),
            19 => (128, 960),
            other => panic!("component {other} was not asked for"),
        };
        let of = |mask: u32| vector_state_bytes(mask & XCR0_WANTED as u32, leaves);
        assert_eq!([of(0b11), of(0b111), of(0b1110_0111)], [576, 832, 2688]);
        assert_eq!([of(1 << 19 | 0b111), of(u32::MAX)], [1088, 2688], "AMX is not saved");
    }

    /// What CPUID says of all that is switched on here, protection keys and AMX included, bounds what is saved of it.
    #[test]
    fn the_image_fits_into_the_hosts() {
        let (mask, bytes) = vector_state();
        assert!(
            mask == 0 || (XSAVE_HEADER_END..=__cpuid_count(0xd, 0).ebx).contains(&bytes),
            "{mask:#x} {bytes}"
        );
    }
}
