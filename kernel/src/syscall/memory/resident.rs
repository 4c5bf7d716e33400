//! mincore(2).

use super::check_mapped;
use crate::mm::reserve;
use crate::syscall::done;
use crate::user::UserSlice;
use abi::errno::Errno;
use abi::layout::PAGE_SIZE;

/// mincore(2): what is mapped is resident, but for reserved pages that have not been made accessible. `ENOMEM`: not all is mapped.
#[unsafe(no_mangle)]
extern "C" fn sys_mincore(address: *const u8, size: usize, resident: *mut u8) -> i32 {
    done(tell_resident(address as u64, size as u64, resident as u64))
}

fn tell_resident(start: u64, len_bytes: u64, told: u64) -> Result<(), Errno> {
    if !start.is_multiple_of(PAGE_SIZE) {
        return Err(Errno::EINVAL);
    }
    check_mapped(start, len_bytes)?;
    let nr_pages = |bytes: u64| bytes.div_ceil(PAGE_SIZE);
    let tell = |first: u64, count: u64, resident: u8| {
        let bytes = [resident; 512];
        let mut left = UserSlice::new(told + first, count)?;
        while left.len_bytes() > 0 {
            let step = left.len_bytes().min(bytes.len() as u64);
            left.write_all(&bytes[..step as usize])?;
            left = left.skip(step);
        }
        Ok(())
    };
    let is_reserved = reserve::concerns(start);
    tell(0, nr_pages(len_bytes), u8::from(!is_reserved))?;
    if !is_reserved {
        return Ok(());
    }
    reserve::for_committed(start, nr_pages(len_bytes) * PAGE_SIZE, |part| {
        tell(nr_pages(part.start - start), nr_pages(part.end - part.start), 1)
    })
}
