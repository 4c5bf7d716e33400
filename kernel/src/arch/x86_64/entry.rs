//! The entry points of an image: assembly, the boot stacks, and the notes by which loaders find them.

#[cfg(panic = "abort")]
core::arch::global_asm!(include_str!("entry.s"), options(att_syntax, raw));

// What entry.s uses of a core's data.
#[cfg(panic = "abort")]
core::arch::global_asm!(
    ".set hermit_percpu_boot_stack, {}",
    const super::percpu::BOOT_STACK_OFFSET,
);

// The assembly spells the notes out; this fails to compile when it must be changed.
const _: () = assert!(abi::elf::ABI_VERSION == 2 && abi::elf::NOTE_ABI == 1);
const _: () = assert!(abi::elf::NOTE_PREFIX == 2 && abi::elf::PREFIX_BYTES == 1024);
const _: () = assert!(abi::elf::XEN_NOTE_PHYS32_ENTRY == 18);
