//! What the kernel finds when it is entered.
//!
//! ELF entry, 64-bit (process, uhyve): `extern "C" fn(boot_info: u64, cpu: u64, doorbell_context: u64) -> !` with
//! interrupts off and any stack that can hold one frame: the kernel switches to its own at once. Every vCPU enters
//! here, each with its own number.
//!
//! PVH entry, 32-bit (qemu): the boot info, if a proxy is there, lies at [`crate::layout::BOOT_INFO`]; without its
//! magic number the kernel was started bare and makes one from PVH's own start info.

use crate::layout::PAGE_SIZE;

/// "HERMIT\0\x01" read as a little-endian integer.
pub const MAGIC: u64 = u64::from_le_bytes(*b"HERMIT\0\x01");

/// Most memory ranges that a boot info can name.
pub const MAX_MEMORY_RANGES: usize = 8;

/// Most shared segments (memory that several isles see) that a boot info can name.
pub const MAX_SHARED_SEGMENTS: usize = 4;

/// Most vCPUs of an isle: as many as the C library's `cpu_set_t` names (`CPU_SETSIZE`), and the host's.
pub const MAX_CPUS: usize = 1024;

/// Most vCPUs that an image of ABI `version` takes.
pub const fn max_cpus(version: u32) -> usize {
    match version {
        ..=1 => 64,
        _ => MAX_CPUS,
    }
}

/// Requests that an isle can have in flight: one slot each in [`DoorbellSlots`].
pub const NR_SLOTS: usize = 64;

/// `BootInfo::umask` where nobody has one.
pub const DEFAULT_UMASK: u32 = 0o022;

/// Which host interface the isle has: `BootInfo::isle`.
pub mod isle {
    /// A Linux process; the doorbell is a function.
    pub const PROCESS: u32 = 1;
    /// Our own KVM hypervisor; the doorbell is a port.
    pub const UHYVE: u32 = 2;
    /// QEMU with the proxy beside it; the doorbell is the serial line.
    pub const QEMU: u32 = 3;
    /// A virtual machine with nobody to ask: no files, console on the serial line.
    pub const BARE: u32 = 4;
}

/// Bits of `BootInfo::flags`.
pub mod flag {
    /// `HERMIT_VERBOSE=1`: the kernel sends its log to the host.
    pub const VERBOSE: u64 = 1 << 0;
    /// `wrfsbase` and friends may be executed (process isle: AT_HWCAP2 bit 1; VM isles look at CPUID instead).
    pub const FSGSBASE: u64 = 1 << 1;
    /// The memory ranges read as zero (fresh from the host), so first use needs no clearing.
    pub const MEMORY_IS_ZERO: u64 = 1 << 2;
    /// `HERMIT_TMPFS=1`: /tmp is the isle's own, in memory.
    pub const TMPFS: u64 = 1 << 3;
    /// Process isle: there are more vCPUs than CPUs of the host for them. Who waits in a loop calls `YieldCpu`.
    pub const SHARED_CPUS: u64 = 1 << 4;
    /// The boot info says what the program inherits: [`super::Inherited`].
    pub const INHERITS: u64 = 1 << 5;
    /// `HERMIT_JIT=1`: the program may make pages executable that it cannot write.
    pub const JIT: u64 = 1 << 6;
}

/// What the CPU can, as far as the C library chooses its ways by it.
///
/// In the process isle the proxy says so in `BootInfo::flags`, from bit [`cpu::FLAGS_SHIFT`] on: it has been told by its own C library,
/// and asking CPUID costs microseconds in a virtual machine. In other isles the kernel asks the CPU.
pub mod cpu {
    /// AVX2.
    pub const AVX2: u64 = 1 << 0;
    /// AVX-512 (F, BW, VL) on a CPU that does not slow down for it: those also move short blocks fast (FSRM).
    pub const WIDE: u64 = 1 << 1;
    /// `rep stosb` is fast (ERMS).
    pub const ERMS: u64 = 1 << 2;
    /// AVX2 and FMA.
    pub const FMA: u64 = 1 << 3;

    /// The state of registers that kernels of virtual machines switch on and save, by the bits of XCR0: x87, SSE, AVX, the three
    /// parts of AVX-512, and APX (r16 to r31). Not AMX: its 8 KiB would be saved at every trap of every thread.
    pub const XCR0_WANTED: u64 = 0b1110_0111 | 1 << 19;

    /// Where these bits begin in `BootInfo::flags`.
    pub const FLAGS_SHIFT: u32 = 16;
    /// The bits that are used there.
    pub const FLAGS_MASK: u64 = 0xf;

    /// The bits, from CPUID leaf 1 (ECX) and leaf 7, subleaf 0 (EBX, EDX), where features are left out whose registers the
    /// operating system does not save.
    pub const fn features(leaf_1_ecx: u32, leaf_7_ebx: u32, leaf_7_edx: u32) -> u64 {
        const LEAF_1_ECX_FMA: u32 = 1 << 12;
        const LEAF_7_EBX_AVX2: u32 = 1 << 5;
        const LEAF_7_EBX_ERMS: u32 = 1 << 9;
        const LEAF_7_EBX_AVX512: u32 = 1 << 16 | 1 << 30 | 1 << 31;
        const LEAF_7_EDX_FSRM: u32 = 1 << 4;
        let mut features = 0;
        if leaf_7_ebx & LEAF_7_EBX_ERMS != 0 {
            features |= ERMS;
        }
        if leaf_7_ebx & LEAF_7_EBX_AVX2 != 0 {
            features |= AVX2;
            if leaf_1_ecx & LEAF_1_ECX_FMA != 0 {
                features |= FMA;
            }
        }
        if leaf_7_ebx & LEAF_7_EBX_AVX512 == LEAF_7_EBX_AVX512 && leaf_7_edx & LEAF_7_EDX_FSRM != 0 {
            features |= WIDE;
        }
        features
    }
}

/// The boot info, written by the proxy and read-only for the kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct BootInfo {
    /// [`MAGIC`].
    pub magic: u64,
    /// [`crate::elf::ABI_VERSION`] of the proxy.
    pub version: u32,
    /// Size of this structure in bytes, so that it can grow at its end.
    pub size_bytes: u32,
    /// One of [`isle`].
    pub isle: u32,
    /// Number of vCPUs that will enter, at least 1, at most [`max_cpus`] of the image's version.
    pub nr_cpus: u32,
    /// Bits from [`flag`], and from [`cpu`] further up.
    pub flags: u64,
    /// The program's arguments and environment.
    pub arguments: Arguments,
    /// Usable RAM without the image, the boot info and the strings; page-aligned, ascending, `nr_memory_ranges` of them.
    pub memory: [Range; MAX_MEMORY_RANGES],
    /// Memory shared with other isles, `nr_shared_segments` of them.
    pub shared: [Range; MAX_SHARED_SEGMENTS],
    /// Valid entries in `memory`.
    pub nr_memory_ranges: u32,
    /// Valid entries in `shared`.
    pub nr_shared_segments: u32,
    /// Frequency of the time-stamp counter in Hz. In the qemu isle the proxy measures it while QEMU starts and
    /// fills it in last: 0 means "not yet", and the kernel waits for it before it first reads a clock.
    pub tsc_hz: u64,
    /// Time-stamp counter at the moment that `wall_clock_ns` tells.
    pub tsc_at_boot: u64,
    /// Nanoseconds since 1970-01-01 UTC at `tsc_at_boot`.
    pub wall_clock_ns: u64,
    /// Nanoseconds of the host's CLOCK_MONOTONIC at `tsc_at_boot`.
    pub monotonic_ns: u64,
    /// Process isle: address of `extern "C" fn(clock: i32, timespec: *mut [i64; 2]) -> i32`, Linux's vDSO
    /// `clock_gettime`, which needs no thread-local storage; 0 if there is none, or in other isles.
    pub clock_gettime: u64,
    /// Process isle: address of `extern "C" fn(context: u64, request: *mut Request)`, callable on any guest stack of
    /// which 512 bytes are free, with any FS base, by any vCPU with its own context. uhyve: the first I/O port
    /// ([`crate::layout::UHYVE_PORT`]). qemu: the serial port. Bare: 0.
    pub doorbell: u64,
    /// qemu: address of the [`DoorbellSlots`]. uhyve: address of the first of these only, which tells the signals of the
    /// host's user that wait for the program: bit n - 1 is signal n. The host sets bits (atomically) and interrupts with
    /// vector HOST_SIGNAL; the kernel takes them out. Other isles: 0.
    pub doorbell_slots: u64,
    /// The vCPU's host process id, as `getpid()` answers: the proxy's.
    pub pid: u64,
    /// Mode bits that the program's files shall not have until it says otherwise (umask(2)). The host takes off none itself.
    pub umask: u32,
    /// CPUs of the host that the vCPUs have, if those are more: of them only so many run at a time. 0: one each.
    pub nr_host_cpus: u32,
    /// uhyve: where usable RAM ends as yet, a guest address: the parts of `memory` behind it wait for `Extend`. Other isles: 0, all
    /// is usable.
    pub usable_end: u64,
    /// What a parent gives a program, valid with [`flag::INHERITS`]: see [`Self::inheritance`].
    pub inherited: Inherited,
    /// Process isle: page-aligned addresses outside of RAM where nothing is. The program may reserve them; `Move` brings pages there.
    /// Other isles: none.
    pub reservable: Range,
}

/// Descriptors that can be inherited: 0 to 1023.
pub const MAX_INHERITED_DESCRIPTORS: usize = 1024;

/// Kinds of resource limits (setrlimit(2)).
pub const NR_LIMITS: usize = 16;

/// What a Linux process has of its parent, beside arguments, environment, working directory and umask.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct Inherited {
    /// Signals that are ignored: bit n - 1 is signal n.
    pub ignored_signals: u64,
    /// Signals that are blocked. The host keeps each to itself until `CatchSignal` names it.
    pub blocked_signals: u64,
    /// Bytes of the main thread's stack that the user wants, or `u64::MAX`: as much as makes sense.
    pub stack_bytes: u64,
    /// Open descriptors, which are the handles of the same number: bit `n % 64` of element `n / 64` is descriptor n.
    pub descriptors: [u64; MAX_INHERITED_DESCRIPTORS / 64],
    /// Soft and hard limit of each resource, by Linux's numbers; `u64::MAX`: none.
    pub limits: [[u64; 2]; NR_LIMITS],
}

/// argv and envp, flattened: `argc` strings and then `envc` strings follow one another, each ends with a NUL.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct Arguments {
    /// Number of argument strings; argv\[0\] is the program as the user named it.
    pub argc: u64,
    /// Number of environment strings (`NAME=value`).
    pub envc: u64,
    /// Address of the first string.
    pub strings: u64,
    /// Bytes in all strings together, NULs included.
    pub strings_len_bytes: u64,
}

/// A range of guest memory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct Range {
    /// First address.
    pub start: u64,
    /// Length in bytes.
    pub len_bytes: u64,
}

/// qemu isle: where the kernel leaves the address of a request before it rings with the slot's number as the byte. 0 is
/// a free slot; the host takes the address out (writes 0) when it has seen the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct DoorbellSlots {
    /// Guest addresses of `hypercall::Request`s.
    pub slots: [u64; NR_SLOTS],
}

/// Bytes that the host sends over the serial line (qemu isle).
pub mod ring {
    /// At least one request has been answered: look at their states.
    pub const ANSWERED: u8 = 0;
    /// Signal `byte - SIGNAL` (1..=64) from the host's user for the program.
    pub const SIGNAL: u8 = 0x80;
}

impl BootInfo {
    /// A boot info with valid magic, version and size, and nothing else.
    pub const fn new(isle: u32) -> Self {
        const NOWHERE: Range = Range { start: 0, len_bytes: 0 };
        Self {
            magic: MAGIC,
            version: crate::elf::ABI_VERSION,
            size_bytes: size_of::<Self>() as u32,
            isle,
            nr_cpus: 1,
            flags: 0,
            arguments: Arguments { argc: 0, envc: 0, strings: 0, strings_len_bytes: 0 },
            memory: [NOWHERE; MAX_MEMORY_RANGES],
            shared: [NOWHERE; MAX_SHARED_SEGMENTS],
            nr_memory_ranges: 0,
            nr_shared_segments: 0,
            tsc_hz: 0,
            tsc_at_boot: 0,
            wall_clock_ns: 0,
            monotonic_ns: 0,
            clock_gettime: 0,
            doorbell: 0,
            doorbell_slots: 0,
            pid: 1,
            umask: DEFAULT_UMASK,
            nr_host_cpus: 0,
            usable_end: 0,
            inherited: Inherited {
                ignored_signals: 0,
                blocked_signals: 0,
                stack_bytes: 0,
                descriptors: [0; MAX_INHERITED_DESCRIPTORS / 64],
                limits: [[0; 2]; NR_LIMITS],
            },
            reservable: NOWHERE,
        }
    }

    /// The valid memory ranges.
    pub fn memory_ranges(&self) -> &[Range] {
        &self.memory[..(self.nr_memory_ranges as usize).min(MAX_MEMORY_RANGES)]
    }

    /// What a parent gives the program, where somebody says that.
    pub fn inheritance(&self) -> Option<&Inherited> {
        (self.flags & flag::INHERITS != 0).then_some(&self.inherited)
    }
}

impl Inherited {
    /// The open descriptors, ascending.
    pub fn descriptors(&self) -> impl Iterator<Item = usize> + '_ {
        (0..MAX_INHERITED_DESCRIPTORS)
            .filter(|&number| self.descriptors[number / 64] & 1 << (number % 64) != 0)
    }
}

impl Range {
    /// First address behind the range; saturates.
    pub const fn end(&self) -> u64 {
        self.start.saturating_add(self.len_bytes)
    }
}

const _: () = assert!(size_of::<BootInfo>() == 768);
const _: () = assert!(size_of::<BootInfo>() + size_of::<DoorbellSlots>() <= PAGE_SIZE as usize);
const _: () = assert!(core::mem::offset_of!(BootInfo, arguments) == 32);
const _: () = assert!(core::mem::offset_of!(BootInfo, memory) == 64);
const _: () = assert!(core::mem::offset_of!(BootInfo, tsc_hz) == 264);

#[cfg(test)]
mod tests {
    use super::cpu::{AVX2, ERMS, FLAGS_MASK, FMA, WIDE, features};
    use super::{MAX_CPUS, Range, flag, max_cpus};

    #[test]
    fn images_take_as_many_vcpus_as_their_version_says() {
        assert_eq!([0, 1, 2, u32::MAX].map(max_cpus), [64, 64, MAX_CPUS, MAX_CPUS]);
        assert_eq!(MAX_CPUS, 1024, "CPU_SETSIZE of <sched.h>");
    }

    /// Kernels that were linked long ago meet proxies of today: these numbers stay.
    #[test]
    fn numbers_of_flags() {
        let flags = [
            flag::VERBOSE,
            flag::FSGSBASE,
            flag::MEMORY_IS_ZERO,
            flag::TMPFS,
            flag::SHARED_CPUS,
            flag::INHERITS,
            flag::JIT,
        ];
        assert_eq!(flags, [1, 2, 4, 8, 16, 32, 64]);
        assert_eq!([AVX2, WIDE, ERMS, FMA], [1, 2, 4, 8]);
        assert_eq!(FLAGS_MASK, 15);
    }

    #[test]
    fn a_range_ends_behind_its_last_byte() {
        let end = |start, len_bytes| Range { start, len_bytes }.end();
        assert_eq!(end(0x1000, 0x234), 0x1234);
        assert_eq!(end(u64::MAX, 2), u64::MAX);
    }

    #[test]
    fn features_of_cpus() {
        assert_eq!(features(0, 0, 0), 0, "an old CPU");
        assert_eq!(features(1 << 12, 1 << 5, 0), AVX2 | FMA, "Haswell without ERMS");
        assert_eq!(features(1 << 12, 0, 0), 0, "FMA without AVX2 is of no use");
        let avx512 = 1 << 16 | 1 << 30 | 1 << 31;
        assert_eq!(features(0, avx512 | 1 << 9, 0), ERMS, "Skylake slows down for AVX-512");
        assert_eq!(features(0, avx512, 1 << 4), WIDE);
        assert_eq!(features(0, avx512 | 1 << 9, 1 << 4), ERMS | WIDE, "other features do not hide AVX-512");
        for part in [16, 30, 31] {
            assert_eq!(features(0, avx512 & !(1 << part), 1 << 4), 0, "AVX-512 without bit {part}");
        }
    }
}
