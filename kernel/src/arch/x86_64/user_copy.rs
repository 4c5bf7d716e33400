//! The only instructions that touch a program's memory, and what happens when one of them faults.
//!
//! An address from a program may be unmapped, `PROT_NONE`, read-only or no address at all, and may become so
//! while it is used. When an instruction here faults, the trap's handler lets it go on where
//! [`resume_address`] says, and the function returns how much is left. [`crate::user`] is what the rest of
//! the kernel uses.

use core::arch::naked_asm;

/// A label that this file alone knows.
macro_rules! mark {
    ($name:literal) => {
        concat!(".hidden ", $name, "\n.globl ", $name, "\n", $name, ":")
    };
}

/// Declares labels of the assembly below.
macro_rules! labels {
    ($($name:ident)*) => { unsafe extern "C" { $(static $name: u8;)* } };
}

labels! {
    hermit_copy_begins hermit_copy_repeats hermit_copy_repeated hermit_copy_repeat_faults hermit_copy_bytes hermit_copy_ends
    hermit_zero_begins hermit_zero_repeated hermit_zero_bytes hermit_zero_ends
    hermit_load_begins hermit_load_ends hermit_load_faults
}

/// Copies `len` bytes, the first ones first, and returns how many were *not* copied because of a fault.
///
/// # Safety
/// What is mapped of the two ranges may be read and written by the caller, and they do not overlap. A fault
/// is survived once traps arrive at the kernel.
#[unsafe(naked)]
pub unsafe extern "C" fn copy(to: *mut u8, from: *const u8, len: usize) -> usize {
    // Wherever something can fault, rcx (with rax, where it repeats) says what is left from rsi and rdi on.
    naked_asm!(
        "mov rcx, rdx",
        mark!("hermit_copy_begins"),
        "cmp rcx, 512",
        "jae 5f",
        // By words: structures have just been written field by field, and a wider load would wait for those
        // stores.
        "2: cmp rcx, 32",
        "jb 3f",
        "mov rax, [rsi]",
        "mov rdx, [rsi + 8]",
        "mov r8, [rsi + 16]",
        "mov r9, [rsi + 24]",
        "mov [rdi], rax",
        "mov [rdi + 8], rdx",
        "mov [rdi + 16], r8",
        "mov [rdi + 24], r9",
        "add rsi, 32",
        "add rdi, 32",
        "sub rcx, 32",
        "jmp 2b",
        "3: cmp rcx, 8",
        "jb 4f",
        "mov rax, [rsi]",
        "mov [rdi], rax",
        "add rsi, 8",
        "add rdi, 8",
        "sub rcx, 8",
        "jmp 3b",
        "4: test rcx, rcx",
        "jz 6f",
        "7: mov al, [rsi]",
        "mov [rdi], al",
        "inc rsi",
        "inc rdi",
        "dec rcx",
        "jnz 7b",
        "6: xor eax, eax",
        "ret",
        // Words, since a CPU that is emulated takes a step for each.
        "5: mov eax, ecx",
        "and eax, 7",
        "shr rcx, 3",
        mark!("hermit_copy_repeats"),
        "rep movsq",
        mark!("hermit_copy_repeated"),
        "mov ecx, eax",
        "jmp 4b",
        // After a fault, byte by byte: to the one that cannot be copied.
        mark!("hermit_copy_repeat_faults"),
        "lea rcx, [rcx * 8 + rax]",
        mark!("hermit_copy_bytes"),
        "rep movsb",
        mark!("hermit_copy_ends"),
        "mov rax, rcx",
        "ret",
    )
}

/// Makes `len` bytes zero, the first ones first, and returns how many it did *not* because of a fault.
///
/// # Safety
/// What is mapped of the range may be written by the caller. A fault is survived once traps arrive at the
/// kernel.
#[unsafe(naked)]
pub unsafe extern "C" fn zero(to: *mut u8, len: usize) -> usize {
    naked_asm!(
        "mov rdx, rsi",
        "and edx, 7",
        "mov rcx, rsi",
        "shr rcx, 3",
        "xor eax, eax",
        mark!("hermit_zero_begins"),
        "rep stosq",
        mark!("hermit_zero_repeated"),
        "lea rcx, [rcx * 8 + rdx]",
        mark!("hermit_zero_bytes"),
        "rep stosb",
        mark!("hermit_zero_ends"),
        "mov rax, rcx",
        "ret",
    )
}

/// Reads a word in one go. The upper half of what it returns is not zero after a fault.
///
/// # Safety
/// What is mapped of the word may be read by the caller. A fault is survived once traps arrive at the kernel.
#[unsafe(naked)]
pub unsafe extern "C" fn load_u32(from: *const u32) -> u64 {
    naked_asm!(
        mark!("hermit_load_begins"),
        "mov eax, [rdi]",
        mark!("hermit_load_ends"),
        "ret",
        mark!("hermit_load_faults"),
        "mov rax, -1",
        "ret",
    )
}

/// Where code goes on that faulted at `rip`, if it may.
pub fn resume_address(rip: u64) -> Option<u64> {
    let regions = [
        [
            &raw const hermit_copy_repeats,
            &raw const hermit_copy_repeated,
            &raw const hermit_copy_repeat_faults,
        ],
        [&raw const hermit_copy_bytes, &raw const hermit_copy_ends, &raw const hermit_copy_ends],
        [&raw const hermit_copy_begins, &raw const hermit_copy_bytes, &raw const hermit_copy_bytes],
        [&raw const hermit_zero_begins, &raw const hermit_zero_repeated, &raw const hermit_zero_repeated],
        [&raw const hermit_zero_bytes, &raw const hermit_zero_ends, &raw const hermit_zero_ends],
        [&raw const hermit_load_begins, &raw const hermit_load_ends, &raw const hermit_load_faults],
    ];
    let holds = |region: &&[*const u8; 3]| (region[0] as u64..region[1] as u64).contains(&rip);
    regions.iter().find(holds).map(|region| region[2] as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length_and_alignment() {
        let from: Vec<u8> = (0..2000u32).map(|i| (i * 7 % 251) as u8).collect();
        for len in (0..130).chain(500..530).chain([1024, 1999]) {
            for offset in [0, 1, 7] {
                let len = len.min(from.len() - offset);
                let mut to = vec![0xee; len + 9];
                // SAFETY: live vectors that are long enough.
                let left = unsafe { copy(to[offset..].as_mut_ptr(), from[offset..].as_ptr(), len) };
                assert_eq!((left, &to[offset..offset + len]), (0, &from[offset..offset + len]));
                assert!(to[..offset].iter().chain(&to[offset + len..]).all(|&byte| byte == 0xee));
                // SAFETY: a live vector that is long enough.
                let left = unsafe { zero(to[offset..].as_mut_ptr(), len) };
                assert!(left == 0 && to[offset..offset + len].iter().all(|&byte| byte == 0));
                assert!(to[..offset].iter().chain(&to[offset + len..]).all(|&byte| byte == 0xee));
            }
        }
    }

    #[test]
    fn words() {
        // SAFETY: a word of ours.
        assert_eq!(unsafe { load_u32(&0x8000_0001) }, 0x8000_0001);
    }

    #[test]
    fn only_what_touches_resumes() {
        let begin: unsafe extern "C" fn(*mut u8, *const u8, usize) -> usize = copy;
        assert_eq!(resume_address(begin as usize as u64), None);
        let bytes = &raw const hermit_copy_bytes as u64;
        let ends = &raw const hermit_copy_ends as u64;
        assert_eq!(resume_address(bytes), Some(ends));
        assert_eq!(resume_address(ends), None);
        assert_eq!(
            resume_address(&raw const hermit_copy_repeats as u64),
            Some(&raw const hermit_copy_repeat_faults as u64)
        );
    }
}
