//! What the CPU can, as the proxy's own C library has found out ([`flags`]) and Linux tells
//! ([`has_fsgsbase`]).

#![allow(unsafe_code, reason = "what the C library and the auxiliary vector tell")]

use abi::boot_info::cpu;

/// Bit of AT_HWCAP2 that says that user space may use `wrfsbase` (arch/x86/include/uapi/asm/hwcap2.h).
const HWCAP2_FSGSBASE: u64 = 1 << 1;

/// `struct cpuid_feature` of glibc's <sys/platform/x86.h>: EAX, EBX, ECX and EDX as CPUID tells them, and
/// without the features whose registers Linux does not save.
#[repr(C)]
struct CpuidFeature {
    cpuid: [u32; 4],
    active: [u32; 4],
}

/// `CPUID_INDEX_1` and `CPUID_INDEX_7` of that header.
const LEAF_1: u32 = 0;
const LEAF_7: u32 = 1;
const EBX: usize = 1;
const ECX: usize = 2;
const EDX: usize = 3;

unsafe extern "C" {
    /// glibc 2.33 and later.
    fn __x86_get_cpuid_feature_leaf(leaf: u32) -> *const CpuidFeature;
}

/// The bits of `abi::boot_info::cpu`, in their place in the boot info's flags. CPUID itself is not asked: in
/// a virtual machine that takes as long as ten system calls.
pub fn flags() -> u64 {
    // SAFETY: glibc answers any number with the address of a structure of its own that does not change any
    // more.
    let (leaf_1, leaf_7) =
        unsafe { (&*__x86_get_cpuid_feature_leaf(LEAF_1), &*__x86_get_cpuid_feature_leaf(LEAF_7)) };
    let wide = cpu::features(leaf_1.active[ECX], leaf_7.active[EBX], leaf_7.cpuid[EDX]);
    let erms = cpu::features(0, leaf_7.cpuid[EBX], 0) & cpu::ERMS;
    (wide | erms) << cpu::FLAGS_SHIFT
}

/// Whether user space may read and write FS by instructions.
pub fn has_fsgsbase() -> bool {
    // SAFETY: reads the auxiliary vector.
    unsafe { libc::getauxval(libc::AT_HWCAP2) & HWCAP2_FSGSBASE != 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_c_library_knows_what_the_cpu_can() {
        let features = flags() >> cpu::FLAGS_SHIFT;
        assert_eq!(features & !cpu::FLAGS_MASK, 0);
        assert_eq!(features & cpu::AVX2 != 0, std::is_x86_feature_detected!("avx2"));
        assert_eq!(
            features & cpu::FMA != 0,
            std::is_x86_feature_detected!("avx2") && std::is_x86_feature_detected!("fma")
        );
        assert_eq!(features & cpu::ERMS != 0, std::is_x86_feature_detected!("ermsb"));
    }
}
