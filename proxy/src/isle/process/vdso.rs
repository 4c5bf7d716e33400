//! Finds Linux's vDSO `clock_gettime`: [`clock_gettime`]. It needs no thread-local storage, so the guest may
//! call it.

#![allow(unsafe_code, reason = "reads the vDSO's tables where Linux has mapped them")]

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
        base => Vdso { base }.find(NAME).unwrap_or(0),
    }
}

/// The ELF object that Linux says is at `base`, mapped as a whole; its tables are Linux's own and in order.
#[derive(Clone, Copy)]
struct Vdso {
    base: u64,
}

impl Vdso {
    /// The element `index` of the table at `address`, found through the object's own headers.
    fn element<T>(self, address: u64, index: u64) -> &'static T {
        // SAFETY: see `Vdso`: the tables are where the headers say, as long as the headers say, and never
        // change.
        unsafe { &*(address as *const T).add(index as usize) }
    }

    fn find(self, name: &CStr) -> Option<u64> {
        let header: &FileHeader64<LittleEndian> = self.element(self.base, 0);
        let programs = self.base + header.e_phoff.get(LE);
        let mut entries = (0..u64::from(header.e_phnum.get(LE)))
            .map(|index| self.element::<ProgramHeader64<LittleEndian>>(programs, index));
        let load = entries.clone().find(|entry| entry.p_type.get(LE) == object::elf::PT_LOAD)?;
        let dynamic = entries.find(|entry| entry.p_type.get(LE) == object::elf::PT_DYNAMIC)?;
        // What to add to the addresses that the object was linked for.
        let shift = self.base.wrapping_add(load.p_offset.get(LE)).wrapping_sub(load.p_vaddr.get(LE));
        let table = shift.wrapping_add(dynamic.p_vaddr.get(LE));
        let tag = |wanted: DynamicTag| {
            (0..)
                .map(|index| self.element::<Dyn64<LittleEndian>>(table, index))
                .take_while(|entry| entry.d_tag.get(LE) != object::elf::DT_NULL)
                .find(|entry| entry.d_tag.get(LE) == wanted)
                .map(|entry| shift.wrapping_add(entry.d_val.get(LE)))
        };
        let (symbols, strings) = (tag(object::elf::DT_SYMTAB)?, tag(object::elf::DT_STRTAB)?);
        // The ELF hash table's second word is the number of symbols; without it they end where the strings
        // begin.
        let count = match tag(object::elf::DT_HASH) {
            Some(hash) => u64::from(*self.element::<u32>(hash, 1)),
            None => strings.checked_sub(symbols)? / size_of::<Sym64<LittleEndian>>() as u64,
        };
        (0..count).map(|index| self.element::<Sym64<LittleEndian>>(symbols, index)).find_map(|symbol| {
            let found = symbol.st_shndx.get(LE) != object::elf::SHN_UNDEF
                && self.string(strings + u64::from(symbol.st_name.get(LE))) == name;
            found.then(|| shift.wrapping_add(symbol.st_value.get(LE)))
        })
    }

    fn string(self, address: u64) -> &'static CStr {
        // SAFETY: see `Vdso`: a name in the string table, which ends with a NUL.
        unsafe { CStr::from_ptr(address as *const core::ffi::c_char) }
    }
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
