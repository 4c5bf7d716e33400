//! Which extension of the instruction set an instruction belongs to, for the report of one that the CPU does not know: [`missing_for`].
//!
//! Prefixes and opcode decide (SDM vol. 2, 2.1 to 2.7 and appendix A; AMD's vol. 6 for XOP). Of AVX-512's parts only those are told
//! apart whose opcodes are all theirs; no claim is made of what CPUID says is there.

use super::cpu;
use core::arch::x86_64::__cpuid_count;

/// Longest instruction, in bytes.
pub const MOST_BYTES: usize = 15;

/// An extension, and where CPUID has its bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Extension {
    name: &'static str,
    leaf: u32,
    subleaf: u32,
    register: Register,
    bit: u32,
    /// The registers that it works on, by the bits of XCR0: a CPU has the extension where they are switched on and kept.
    state: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Register {
    A,
    B,
    C,
    D,
}

const fn of(name: &'static str, (leaf, subleaf): (u32, u32), register: Register, bit: u32) -> Extension {
    Extension { name, leaf, subleaf, register, bit, state: 0 }
}

impl Extension {
    const fn on(self, state: u64) -> Self {
        Self { state, ..self }
    }
}

const SSSE3: Extension = of("SSSE3", (1, 0), Register::C, 9);
const SSE41: Extension = of("SSE4.1", (1, 0), Register::C, 19);
const SSE42: Extension = of("SSE4.2", (1, 0), Register::C, 20);
const MOVBE: Extension = of("MOVBE", (1, 0), Register::C, 22);
const POPCNT: Extension = of("POPCNT", (1, 0), Register::C, 23);
const PCLMUL: Extension = of("PCLMULQDQ", (1, 0), Register::C, 1);
const AES: Extension = of("AES", (1, 0), Register::C, 25);
const FMA: Extension = of("FMA", (1, 0), Register::C, 12);
const AVX: Extension = of("AVX", (1, 0), Register::C, 28).on(0b110);
const F16C: Extension = of("F16C", (1, 0), Register::C, 29);
const RDRAND: Extension = of("RDRAND", (1, 0), Register::C, 30);
const BMI1: Extension = of("BMI1", (7, 0), Register::B, 3);
const AVX2: Extension = of("AVX2", (7, 0), Register::B, 5);
const BMI2: Extension = of("BMI2", (7, 0), Register::B, 8);
const AVX512: Extension = of("AVX-512", (7, 0), Register::B, 16).on(0b1110_0110);
const AVX512_DQ: Extension = of("AVX-512DQ", (7, 0), Register::B, 17);
const RDSEED: Extension = of("RDSEED", (7, 0), Register::B, 18);
const ADX: Extension = of("ADX", (7, 0), Register::B, 19);
const AVX512_IFMA: Extension = of("AVX-512IFMA", (7, 0), Register::B, 21);
const SHA: Extension = of("SHA", (7, 0), Register::B, 29);
const AVX512_BW: Extension = of("AVX-512BW", (7, 0), Register::B, 30);
const AVX512_VL: Extension = of("AVX-512VL", (7, 0), Register::B, 31);
const AVX512_VNNI: Extension = of("AVX-512VNNI", (7, 0), Register::C, 11);
const AVX512_FP16: Extension = of("AVX-512FP16", (7, 0), Register::D, 23);
const AMX: Extension = of("AMX", (7, 0), Register::D, 24).on(0b11 << 17);
const AVX_VNNI: Extension = of("AVX-VNNI", (7, 1), Register::A, 4);
const APX: Extension = of("APX", (7, 1), Register::D, 21).on(1 << 19);
const XOP: Extension = of("XOP", (0x8000_0001, 0), Register::C, 11);
const FMA4: Extension = of("FMA4", (0x8000_0001, 0), Register::C, 16);

impl Extension {
    /// Whether the isle's CPU has it. Leaves that it does not know are zero.
    fn is_there(self) -> bool {
        let last = __cpuid_count(self.leaf & 0x8000_0000, 0).eax;
        if self.leaf > last {
            return false;
        }
        let leaf = __cpuid_count(self.leaf, self.subleaf);
        let register = match self.register {
            Register::A => leaf.eax,
            Register::B => leaf.ebx,
            Register::C => leaf.ecx,
            Register::D => leaf.edx,
        };
        register & 1 << self.bit != 0 && self.state & !cpu::kept_state() == 0
    }
}

/// The extension that the isle's CPU lacks for the instruction at the beginning of `code`.
pub fn missing_for(code: &[u8]) -> Option<&'static str> {
    missing(code, Extension::is_there)
}

fn missing(code: &[u8], is_there: impl Fn(Extension) -> bool) -> Option<&'static str> {
    // The most basic first: who lacks AVX-512 lacks its parts, too.
    needed(code).into_iter().flatten().find(|&extension| !is_there(extension)).map(|extension| extension.name)
}

/// What an instruction needs, the most basic first.
type Needed = [Option<Extension>; 3];

const fn only(extension: Extension) -> Needed {
    [Some(extension), None, None]
}

const fn with(basis: Extension, extension: Extension) -> Needed {
    [Some(basis), Some(extension), None]
}

/// An opcode's table: the bytes 0F, 0F 38, 0F 3A, and what newer prefixes have instead.
type Map = u8;

fn needed(code: &[u8]) -> Needed {
    const NONE: Needed = [None; 3];
    let is_prefix =
        |byte: &&u8| matches!(byte, 0x66 | 0xf2 | 0xf3 | 0xf0 | 0x2e | 0x3e | 0x26 | 0x36 | 0x64 | 0x65);
    let prefixes = code.iter().take_while(is_prefix).count();
    let (prefixes, rest) = code.split_at(prefixes);
    match *rest {
        [0xc5, second, opcode, ..] => vex(1, second, opcode),
        [0xc4, first, second, opcode, ..] => vex(first & 0x1f, second, opcode),
        [0x62, first, _, third, opcode, ..] => evex(first & 7, third, opcode),
        [0xd5, ..] => only(APX),
        // With a lower map this is POP.
        [0x8f, first, ..] if first & 0x1f >= 8 => only(XOP),
        [0x40..=0x4f, 0x0f, ref rest @ ..] | [0x0f, ref rest @ ..] => legacy(prefixes, rest),
        _ => NONE,
    }
}

/// Without VEX or its like: SSE's successors and single instructions.
fn legacy(prefixes: &[u8], code: &[u8]) -> Needed {
    let has = |prefix: u8| prefixes.contains(&prefix);
    let extension = match *code {
        [0x38, 0x00..=0x0b | 0x1c..=0x1e, ..] | [0x3a, 0x0f, ..] => SSSE3,
        [0x38, 0x37, ..] | [0x3a, 0x60..=0x63, ..] => SSE42,
        [0x38, 0x10..=0x41, ..] | [0x3a, 0x08..=0x22 | 0x40..=0x42, ..] => SSE41,
        [0x3a, 0x44, ..] => PCLMUL,
        [0x38, 0xdb..=0xdf, ..] | [0x3a, 0xdf, ..] => AES,
        [0x38, 0xc8..=0xcd, ..] | [0x3a, 0xcc, ..] => SHA,
        [0x38, 0xf0 | 0xf1, ..] if has(0xf2) => SSE42,
        [0x38, 0xf0 | 0xf1, ..] => MOVBE,
        [0x38, 0xf6, ..] if has(0x66) || has(0xf3) => ADX,
        [0xb8, ..] if has(0xf3) => POPCNT,
        [0xc7, 0xf0..=0xf7, ..] => RDRAND,
        [0xc7, 0xf8..=0xff, ..] if !has(0xf3) => RDSEED,
        _ => return [None; 3],
    };
    only(extension)
}

/// Bits of VEX's last byte: 256-bit registers, and the prefix that it stands for (none, 66, F3, F2).
const VEX_L: u8 = 1 << 2;
const VEX_PP: u8 = 0b11;

fn vex(map: Map, last: u8, opcode: u8) -> Needed {
    let (is_long, prefix) = (last & VEX_L != 0, last & VEX_PP);
    match (map, opcode) {
        (2, 0xf2 | 0xf3) => only(BMI1),
        (2, 0xf7) if prefix == 0 => only(BMI1),
        (2, 0xf5..=0xf7) | (3, 0xf0) => only(BMI2),
        (2, 0x49 | 0x4b | 0x5c | 0x5e | 0x6c) => only(AMX),
        (1, 0x41..=0x4b | 0x90..=0x93 | 0x98 | 0x99) | (3, 0x30..=0x33) => only(AVX512),
        (2, 0x96..=0x9f | 0xa6..=0xaf | 0xb6..=0xbf) => with(AVX, FMA),
        (2, 0x13) | (3, 0x1d) => with(AVX, F16C),
        (2, 0x50..=0x53) => with(AVX2, AVX_VNNI),
        (3, 0x5c..=0x5f | 0x68..=0x6f | 0x78..=0x7f) => with(AVX, FMA4),
        (2, 0x16 | 0x36 | 0x45..=0x47 | 0x58..=0x5a | 0x78 | 0x79 | 0x8c | 0x8e | 0x90..=0x93)
        | (3, 0x00 | 0x01 | 0x02 | 0x38 | 0x39 | 0x46) => with(AVX, AVX2),
        _ if is_long && is_integer(map, prefix, opcode) => with(AVX, AVX2),
        (1..=3, _) => only(AVX),
        _ => [None; 3],
    }
}

/// Operations on integers: AVX has them for 128 bits only. VPTEST and what looks at all bits alike is not among them.
fn is_integer(map: Map, prefix: u8, opcode: u8) -> bool {
    match (map, opcode) {
        (
            1,
            0x60..=0x6d | 0x70..=0x76 | 0xd1..=0xd5 | 0xd7..=0xe5 | 0xe8..=0xef | 0xf1..=0xf6 | 0xf8..=0xfe,
        ) => prefix != 0,
        (2, 0x00..=0x0b | 0x1c..=0x1e | 0x20..=0x2b | 0x30..=0x40) | (3, 0x0e | 0x0f | 0x42 | 0x4c) => true,
        _ => false,
    }
}

/// Bits of EVEX's last byte that say how long registers are: 10 is 512 bits.
const EVEX_LENGTH: u8 = 0b110_0000;
const EVEX_512: u8 = 0b100_0000;
/// Bit of the same byte: rounding or broadcast; with rounding the length is 512 bits whatever it says.
const EVEX_B: u8 = 1 << 4;

fn evex(map: Map, third: u8, opcode: u8) -> Needed {
    let part = match (map, opcode) {
        (4, _) => return only(APX),
        (5 | 6, _) => Some(AVX512_FP16),
        (2, 0xb4 | 0xb5) => Some(AVX512_IFMA),
        (2, 0x50..=0x53) => Some(AVX512_VNNI),
        (3, 0x50 | 0x51 | 0x56 | 0x57 | 0x66 | 0x67) => Some(AVX512_DQ),
        (1, 0xf1 | 0xfc | 0xfd | 0xd5 | 0xf8 | 0xf9) | (2, 0x66 | 0x7a | 0x7b) => Some(AVX512_BW),
        _ => None,
    };
    let is_short = third & EVEX_LENGTH != EVEX_512 && third & EVEX_B == 0;
    [Some(AVX512), part, is_short.then_some(AVX512_VL)]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As gas assembles them.
    #[test]
    fn instructions_name_what_they_need() {
        let of = |code: &[u8]| missing(code, |_| false);
        for (code, name) in [
            (&[0xc5, 0xf4, 0x58, 0xc2][..], "AVX"),    // vaddps %ymm2,%ymm1,%ymm0
            (&[0xc5, 0xf1, 0xfe, 0xc2], "AVX"),        // vpaddd %xmm2,%xmm1,%xmm0
            (&[0xc4, 0xe2, 0x70, 0xf2, 0xc2], "BMI1"), // andn %edx,%ecx,%eax
            (&[0xc4, 0xe2, 0x70, 0xf5, 0xc2], "BMI2"), // bzhi %ecx,%edx,%eax
            (&[0xc4, 0xe3, 0x7b, 0xf0, 0xc1, 0x03], "BMI2"), // rorx $3,%ecx,%eax
            (&[0xc4, 0xe2, 0x78, 0x49, 0xc0], "AMX"),  // tilerelease
            (&[0xc5, 0xf8, 0x92, 0xc8], "AVX-512"),    // kmovw %eax,%k1
            (&[0x62, 0xf1, 0x74, 0x48, 0x58, 0xc2], "AVX-512"), // vaddps %zmm2,%zmm1,%zmm0
            (&[0xd5, 0x10, 0x01, 0xc0], "APX"),        // add %eax,%r16d
            (&[0x8f, 0xe8, 0x78, 0xa2, 0xc1, 0x20], "XOP"), // vpcmov %xmm2,%xmm1,%xmm0,%xmm0
            (&[0xf3, 0x0f, 0xb8, 0xc1], "POPCNT"),     // popcnt %ecx,%eax
            (&[0xf3, 0x48, 0x0f, 0xb8, 0xc1], "POPCNT"), // popcnt %rcx,%rax
            (&[0x66, 0x0f, 0x38, 0x00, 0xc1], "SSSE3"), // pshufb %xmm1,%xmm0
            (&[0x66, 0x0f, 0x38, 0x40, 0xc1], "SSE4.1"), // pmulld %xmm1,%xmm0
            (&[0xf2, 0x0f, 0x38, 0xf1, 0xc1], "SSE4.2"), // crc32l %ecx,%eax
            (&[0x0f, 0x38, 0xcb, 0xca], "SHA"),        // sha256rnds2 %xmm0,%xmm2,%xmm1
            (&[0x66, 0x0f, 0x3a, 0x44, 0xc1, 0x00], "PCLMULQDQ"), // pclmullqlqdq %xmm1,%xmm0
            (&[0x0f, 0xc7, 0xf0], "RDRAND"),           // rdrand %eax
            (&[0x0f, 0xc7, 0xf8], "RDSEED"),           // rdseed %eax
        ] {
            assert_eq!(of(code), Some(name), "{code:x?}");
        }
        for code in [&[0x0f, 0x0b][..], &[0x8f, 0xc0], &[0x0f, 0xb8, 0xc1], &[0x90], &[0xc5], &[]] {
            assert_eq!(of(code), None, "{code:x?}");
        }
    }

    #[test]
    fn what_is_there_is_not_missed() {
        let without = |lacked: Extension, code: &[u8]| missing(code, |extension| extension != lacked);
        let long = [0xc5, 0xf5, 0xfe, 0xc2]; // vpaddd %ymm2,%ymm1,%ymm0
        assert_eq!([without(AVX2, &long), without(FMA, &long)], [Some("AVX2"), None]);
        let fused = [0xc4, 0xe2, 0x75, 0xb8, 0xc2]; // vfmadd231ps %ymm2,%ymm1,%ymm0
        assert_eq!([without(FMA, &fused), without(AVX2, &fused)], [Some("FMA"), None]);
        let short = [0x62, 0xf1, 0x74, 0x28, 0x58, 0xc2]; // {evex} vaddps %ymm2,%ymm1,%ymm0
        assert_eq!([without(AVX512_VL, &short), without(AVX512_DQ, &short)], [Some("AVX-512VL"), None]);
        assert_eq!(missing(&short, |_| true), None);
        assert_eq!(without(AVX512_FP16, &[0x62, 0xf5, 0x74, 0x48, 0x58, 0xc2]), Some("AVX-512FP16")); // vaddph
        assert_eq!(without(FMA4, &[0xc4, 0xe3, 0xf1, 0x69, 0xc2, 0x30]), Some("FMA4")); // vfmaddpd
    }

    /// A CPU of 64 bits that runs these tests. AMX's registers are kept by no isle, whatever the CPU has.
    #[test]
    fn cpuid_is_asked() {
        assert!(of("SSE2", (1, 0), Register::D, 26).is_there());
        assert!(!of("none", (0x7fff_ffff, 0), Register::A, 0).is_there());
        assert!(!of("SSE2", (1, 0), Register::D, 26).on(AMX.state).is_there());
    }
}
