//! The program's file descriptors.

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::file::File;
use crate::sync::SpinLock;
use abi::errno::Errno;

/// Most descriptors at a time: Linux's usual hard limit is far away, but a leak should be found.
pub const MAX_DESCRIPTORS: usize = 65536;

#[derive(Clone)]
struct Descriptor {
    file: Arc<dyn File>,
    /// FD_CLOEXEC: kept for the program; nothing is ever executed.
    close_on_exec: bool,
}

/// Descriptor numbers and their files. Pure logic but for the files.
pub struct FdTable {
    slots: Vec<Option<Descriptor>>,
    /// RLIMIT_NOFILE: new descriptors are below it.
    limit: usize,
    /// Below it all numbers are taken.
    all_taken: usize,
}

static TABLE: SpinLock<FdTable> = SpinLock::new(FdTable::new());

impl FdTable {
    const fn new() -> Self {
        Self { slots: Vec::new(), limit: MAX_DESCRIPTORS, all_taken: 0 }
    }

    /// Gives `file` the lowest free number that is at least `lowest`. `EMFILE` if there is none, `EINVAL` if
    /// `lowest` cannot be a descriptor.
    fn insert(&mut self, lowest: usize, file: Arc<dyn File>, close_on_exec: bool) -> Result<usize, Errno> {
        if lowest >= self.limit {
            return Err(Errno::EINVAL);
        }
        let first = lowest.max(self.all_taken);
        let free = (first..self.slots.len()).find(|&fd| self.slots[fd].is_none());
        let fd = free.unwrap_or(self.slots.len().max(first));
        if fd >= self.limit {
            return Err(Errno::EMFILE);
        }
        self.put(fd, Descriptor { file, close_on_exec });
        if lowest <= self.all_taken {
            self.all_taken = fd + 1;
        }
        Ok(fd)
    }

    /// Frees `fd`, and gives back what it was. `EBADF`.
    fn take(&mut self, fd: i32) -> Result<Option<Descriptor>, Errno> {
        let old = self.get_mut(fd)?.take();
        self.all_taken = self.all_taken.min(fd as usize);
        Ok(old)
    }

    /// Makes `descriptor` number `fd`, below [`MAX_DESCRIPTORS`], and returns what was it before.
    fn put(&mut self, fd: usize, descriptor: Descriptor) -> Option<Descriptor> {
        if fd >= self.slots.len() {
            self.slots.resize(fd + 1, None);
        }
        self.slots[fd].replace(descriptor)
    }

    fn get(&self, fd: i32) -> Result<&Descriptor, Errno> {
        let slot = usize::try_from(fd).ok().and_then(|fd| self.slots.get(fd));
        slot.and_then(Option::as_ref).ok_or(Errno::EBADF)
    }

    fn get_mut(&mut self, fd: i32) -> Result<&mut Option<Descriptor>, Errno> {
        let slot = usize::try_from(fd).ok().and_then(|fd| self.slots.get_mut(fd));
        slot.filter(|slot| slot.is_some()).ok_or(Errno::EBADF)
    }
}

/// The file behind `fd`. `EBADF` if it is not open.
pub fn descriptor(fd: i32) -> Result<Arc<dyn File>, Errno> {
    Ok(TABLE.lock().get(fd)?.file.clone())
}

/// The files behind many descriptors; `None` for negative ones.
pub fn descriptors(fds: impl ExactSizeIterator<Item = i32>) -> Vec<Option<Result<Arc<dyn File>, Errno>>> {
    // Memory is not for the lock.
    let mut files = Vec::with_capacity(fds.len());
    let table = TABLE.lock();
    files.extend(fds.map(|fd| (fd >= 0).then(|| table.get(fd).map(|descriptor| descriptor.file.clone()))));
    files
}

/// All open descriptors, ascending.
pub fn numbers() -> Vec<i32> {
    loop {
        let slots = TABLE.lock().slots.len();
        // Memory is not for the lock.
        let mut numbers = Vec::with_capacity(slots);
        let table = TABLE.lock();
        if table.slots.len() <= numbers.capacity() {
            let open = table.slots.iter().enumerate().filter(|(_, slot)| slot.is_some());
            numbers.extend(open.map(|(fd, _)| fd as i32));
            return numbers;
        }
    }
}

/// Makes `file` descriptor `fd`, which is free, whatever the limit says: the program has it from its parent.
pub fn inherit(fd: usize, file: Arc<dyn File>) {
    if fd < MAX_DESCRIPTORS {
        TABLE.lock().put(fd, Descriptor { file, close_on_exec: false });
    }
}

/// Lets new descriptors be below `limit` only (RLIMIT_NOFILE); those that are open stay.
pub fn set_limit(limit: u64) {
    TABLE.lock().limit = usize::try_from(limit).unwrap_or(MAX_DESCRIPTORS).min(MAX_DESCRIPTORS);
}

/// Gives `file` the lowest free descriptor.
pub fn insert(file: Arc<dyn File>, close_on_exec: bool) -> Result<usize, Errno> {
    TABLE.lock().insert(0, file, close_on_exec)
}

/// Another descriptor, at least `lowest`, for the file behind `fd`.
pub fn duplicate(fd: i32, lowest: i64, close_on_exec: bool) -> Result<usize, Errno> {
    let lowest = usize::try_from(lowest).map_err(|_| Errno::EINVAL)?;
    let mut table = TABLE.lock();
    let file = table.get(fd)?.file.clone();
    table.insert(lowest, file, close_on_exec)
}

/// Makes `new` another descriptor for the file behind `fd`, closing what it was.
pub fn duplicate_to(fd: i32, new: i32) -> Result<usize, Errno> {
    let index = usize::try_from(new).map_err(|_| Errno::EBADF)?;
    let old;
    {
        let mut table = TABLE.lock();
        let file = table.get(fd)?.file.clone();
        if fd == new {
            return Ok(index);
        }
        if index >= table.limit {
            return Err(Errno::EBADF);
        }
        old = table.put(index, Descriptor { file, close_on_exec: false });
    }
    // Closing asks the host: not under the lock.
    drop(old);
    Ok(index)
}

/// Closes `fd`. The file itself is closed with its last descriptor.
pub fn close(fd: i32) -> Result<(), Errno> {
    let old = TABLE.lock().take(fd)?;
    // Asks the host: not under the lock.
    drop(old);
    Ok(())
}

/// FD_CLOEXEC of `fd`.
pub fn close_on_exec(fd: i32) -> Result<bool, Errno> {
    Ok(TABLE.lock().get(fd)?.close_on_exec)
}

/// Sets FD_CLOEXEC of `fd`.
pub fn set_close_on_exec(fd: i32, value: bool) -> Result<(), Errno> {
    if let Some(descriptor) = TABLE.lock().get_mut(fd)? {
        descriptor.close_on_exec = value;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fs::device::Device;

    #[test]
    fn lowest_free_number() {
        let mut table = FdTable::new();
        let file = Arc::new(Device::Null);
        for expected in 0..4 {
            assert_eq!(table.insert(0, file.clone(), false), Ok(expected));
        }
        assert!(table.take(1).unwrap().is_some());
        assert_eq!(table.insert(2, file.clone(), false), Ok(4));
        assert_eq!(table.insert(0, file.clone(), true), Ok(1));
        assert!(table.get(1).unwrap().close_on_exec);
        assert_eq!(table.insert(10, file.clone(), false), Ok(10));
        assert_eq!(table.insert(0, file.clone(), false), Ok(5));
        // What is free above does not hide what is free below.
        assert!(table.take(3).unwrap().is_some() && table.take(0).unwrap().is_some());
        let numbers: [_; 4] = core::array::from_fn(|_| table.insert(0, file.clone(), false));
        assert_eq!(numbers, [Ok(0), Ok(3), Ok(6), Ok(7)]);
    }

    #[test]
    fn limits() {
        let mut table = FdTable::new();
        let file = Arc::new(Device::Null);
        assert_eq!(table.insert(MAX_DESCRIPTORS, file.clone(), false), Err(Errno::EINVAL));
        assert_eq!(table.insert(MAX_DESCRIPTORS - 1, file.clone(), false), Ok(MAX_DESCRIPTORS - 1));
        assert_eq!(table.insert(MAX_DESCRIPTORS - 1, file, false), Err(Errno::EMFILE));
        table.limit = 3;
        let file = Arc::new(Device::Null);
        assert_eq!(
            [0; 4].map(|lowest| table.insert(lowest, file.clone(), false)),
            [Ok(0), Ok(1), Ok(2), Err(Errno::EMFILE)]
        );
        assert_eq!(table.insert(3, file.clone(), false), Err(Errno::EINVAL));
        // What the parent left open above the limit.
        assert!(table.put(7, Descriptor { file, close_on_exec: false }).is_none() && table.get(7).is_ok());
        assert!(table.take(0).unwrap().is_some());
        assert!(table.get(-1).is_err() && table.get(i32::MAX).is_err() && table.get(0).is_err());
    }
}
