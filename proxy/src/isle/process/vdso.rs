//! Finds Linux's vDSO `clock_gettime`: [`clock_gettime`]. It needs no thread-local storage, so the guest may call it.

use core::ffi::CStr;
use object::LittleEndian;
use object::elf::{Dyn64, DynamicTag, FileHeader64, ProgramHeader64, Sym64};

const LE: LittleEndian = LittleEndian;
const NAME: &CStr = c"__vdso_clock_gettime";

/// Its address, or 0 if there is none.
pub fn clock_gettime() -> u64 {
    // SAFETY: reads the auxiliary vector.
    match unsafe { libc::getauxval(libc::AT_SYSINFO_EHDR) } {
        0 => 0,
        // SAFETY: Linux says that its vDSO is there.
        base => unsafe { find(base) }.unwrap_or(0),
    }
}

/// # Safety
/// An ELF object that Linux mapped as a whole, first byte at `base`, must be there.
unsafe fn find(base: u64) -> Option<u64> {
    // SAFETY (all reads below): tables of the object itself, found through its own headers, which Linux wrote.
    let header = unsafe { &*(base as *const FileHeader64<LittleEndian>) };
    let programs = (base + header.e_phoff.get(LE)) as *const ProgramHeader64<LittleEndian>;
    let program = |index: u16| unsafe { &*programs.add(usize::from(index)) };
    let mut entries = (0..header.e_phnum.get(LE)).map(program);
    let load = entries.clone().find(|entry| entry.p_type.get(LE) == object::elf::PT_LOAD)?;
    let dynamic = entries.find(|entry| entry.p_type.get(LE) == object::elf::PT_DYNAMIC)?;
    // What to add to the addresses that the object was linked for.
    let shift = base.wrapping_add(load.p_offset.get(LE)).wrapping_sub(load.p_vaddr.get(LE));
    let table = shift.wrapping_add(dynamic.p_vaddr.get(LE)) as *const Dyn64<LittleEndian>;
    let tag = |wanted: DynamicTag| {
        (0..64)
            .map(|index| unsafe { &*table.add(index) })
            .take_while(|entry| entry.d_tag.get(LE) != object::elf::DT_NULL)
            .find(|entry| entry.d_tag.get(LE) == wanted)
            .map(|entry| shift.wrapping_add(entry.d_val.get(LE)))
    };
    let symbols = tag(object::elf::DT_SYMTAB)? as *const Sym64<LittleEndian>;
    let strings = tag(object::elf::DT_STRTAB)?;
    // The ELF hash table's second word is the number of symbols; without it they end where the strings begin.
    let count = match tag(object::elf::DT_HASH) {
        Some(hash) => u64::from(unsafe { *(hash as *const u32).add(1) }),
        None => strings.checked_sub(symbols as u64)? / size_of::<Sym64<LittleEndian>>() as u64,
    };
    (0..count as usize).map(|index| unsafe { &*symbols.add(index) }).find_map(|symbol| {
        let name = (strings + u64::from(symbol.st_name.get(LE))) as *const core::ffi::c_char;
        let found =
            symbol.st_shndx.get(LE) != object::elf::SHN_UNDEF && unsafe { CStr::from_ptr(name) } == NAME;
        found.then(|| shift.wrapping_add(symbol.st_value.get(LE)))
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn tells_the_time() {
        let address = super::clock_gettime();
        assert_ne!(address, 0, "this Linux has no vDSO");
        // SAFETY: the vDSO's function of that name, with the arguments of clock_gettime(2).
        let (status, now) = unsafe {
            let function: extern "C" fn(i32, *mut [i64; 2]) -> i32 = core::mem::transmute(address);
            let mut now = [0_i64; 2];
            (function(libc::CLOCK_REALTIME, &mut now), now)
        };
        assert_eq!(status, 0);
        let expected =
            std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs() as i64;
        assert!((expected - now[0]).abs() <= 1, "{now:?}");
    }
}
