//! Hypercalls that only the process isle has: sleeping, waking, access to pages, traps.

#![allow(unsafe_code, reason = "changes the access to guest RAM, and the segment base that is the guest's")]

use super::address_space::wire;
use super::enter::enter;
use super::vcpu::{ARCH_SET_GS, Vcpu};
use super::{signals, timer};
use crate::host_signals::interrupt::Moment;
use crate::host_signals::{self, CAUGHT_SIGNALS};
use crate::server::workers::Workers;
use crate::server::{Control, Pending};
use abi::errno::Errno;
use abi::hypercall::Number;
use core::sync::atomic::Ordering;
use rustix::thread::futex;
use rustix::time::Timespec;

/// First vector that is not an exception of the CPU's.
const FIRST_VECTOR: u64 = abi::trap::vector::NR_EXCEPTIONS;

/// Where the addresses of Linux's programs end.
const ADDRESSES_END: u64 = 1 << 47;

impl Control for Vcpu {
    fn control(&self, _cpu: usize, number: Number, args: &[u64; 6]) -> Result<i64, Errno> {
        match number {
            Number::Wait => self.wait(args[0]),
            Number::Kick => self.kick(args[0], args[1]),
            Number::StartCpu => self.start_cpu(args[0]),
            Number::SetTimer => timer::set(self, args[0]),
            Number::YieldCpu => {
                rustix::thread::sched_yield();
                Ok(0)
            }
            Number::SetTrapEntry => self.set_trap_entry(args[0], args[1]),
            Number::CatchSignal => host_signals::catch(args[0], args[1], signals::on_host_signal),
            Number::Cancel => self.isle().workers.get().ok_or(Errno::ESRCH)?.cancel(args[0]),
            Number::SetSegmentBase => self.set_segment_base(args[0], args[1]),
            Number::Protect => self.protect(args[0], args[1], args[2]),
            Number::Discard => self.discard(args[0], args[1]),
            Number::Move => self.move_pages(args[0], args[1], args[2]),
            Number::MapShared => self.map_shared(args),
            Number::UnmapShared => self.unmap_shared(args[0], args[1]),
            _ => Err(Errno::ENOSYS),
        }
    }

    fn hand_over(&self, cpu: usize, pending: Pending, since: Moment) -> Result<(), Pending> {
        self.attention.store(0, Ordering::Relaxed);
        let isle = self.isle();
        let tell = |cpu| {
            if let Some(vcpu) = isle.vcpu(cpu as u64) {
                vcpu.answered();
            }
        };
        isle.workers.get_or_init(|| Workers::new(&isle.server, tell)).take(cpu, pending, since)
    }
}

impl Vcpu {
    fn wait(&self, deadline_ns: u64) -> Result<i64, Errno> {
        let time = Timespec {
            tv_sec: (deadline_ns / 1_000_000_000) as i64,
            tv_nsec: (deadline_ns % 1_000_000_000) as _,
        };
        let deadline = (deadline_ns != u64::MAX).then_some(time);
        self.waiting.store(1, Ordering::SeqCst);
        while self.kicked.swap(0, Ordering::SeqCst) == 0 && CAUGHT_SIGNALS.load(Ordering::SeqCst) == 0 {
            let everybody = core::num::NonZeroU32::MAX;
            // FUTEX_WAIT_BITSET: the deadline is absolute, on CLOCK_MONOTONIC.
            let woken =
                futex::wait_bitset(&self.kicked, futex::Flags::PRIVATE, 0, deadline.as_ref(), everybody);
            // Else woken, kicked before sleeping, or interrupted: look again.
            if woken == Err(rustix::io::Errno::TIMEDOUT) {
                break;
            }
        }
        self.waiting.store(0, Ordering::SeqCst);
        Ok(0)
    }

    /// A vCPU that waits just wakes; one that runs takes `vector` as a trap.
    fn kick(&self, cpu: u64, vector: u64) -> Result<i64, Errno> {
        let target = self.isle().vcpu(cpu).ok_or(Errno::ESRCH)?;
        let bit = vector
            .checked_sub(FIRST_VECTOR)
            .filter(|&bit| bit < u64::from(u64::BITS))
            .ok_or(Errno::EINVAL)?;
        target.kicked.store(1, Ordering::SeqCst);
        if target.waiting.load(Ordering::SeqCst) == 1 {
            futex::wake(&target.kicked, futex::Flags::PRIVATE, 1).map_err(|_| Errno::EIO)?;
            return Ok(0);
        }
        target.kicks.fetch_or(1 << bit, Ordering::SeqCst);
        target.interrupt();
        Ok(0)
    }

    /// Interrupts this vCPU, from another thread, because a request that pended is done.
    fn answered(&self) {
        const ANSWER: u64 = 1 << (abi::trap::vector::ANSWER - FIRST_VECTOR);
        // Where the kernel looks when `Wait` returns; if it has looked already, the signal below tells it.
        signals::note_interrupts(self, ANSWER);
        if self.waiting.load(Ordering::SeqCst) == 1 {
            // Of no use only if it has woken meanwhile, on its way to the guest.
            let _ = futex::wake(&self.kicked, futex::Flags::PRIVATE, 1);
            return;
        }
        self.kicks.fetch_or(ANSWER, Ordering::SeqCst);
        self.interrupt();
    }

    /// The new thread inherits the sandbox.
    fn start_cpu(&self, cpu: u64) -> Result<i64, Errno> {
        let isle = self.isle();
        let started = isle.started(cpu).filter(|_| cpu > 0).ok_or(Errno::ESRCH)?;
        if started.swap(1, Ordering::SeqCst) == 1 {
            return Err(Errno::EEXIST);
        }
        let thread = std::thread::Builder::new().spawn(move || {
            let Err(error) = enter(isle, cpu as usize);
            eprintln!("proxy: {error}");
            std::process::exit(i32::from(abi::exit::Failure::Proxy as u8));
        });
        thread.map(|_| 0).map_err(|_| {
            started.store(0, Ordering::SeqCst);
            Errno::EAGAIN
        })
    }

    fn set_trap_entry(&self, entry: u64, pending: u64) -> Result<i64, Errno> {
        if !self.isle().image.is_code(entry) {
            return Err(Errno::EFAULT);
        }
        let pending = match pending {
            0 => 0,
            address if !address.is_multiple_of(8) => return Err(Errno::EINVAL),
            address => self.isle().server.memory.slice(address, 8)?.as_ptr() as u64,
        };
        self.guest_pending.store(pending, Ordering::Release);
        self.trap_entry.store(entry, Ordering::Release);
        Ok(0)
    }

    /// Bases where no program's memory is are refused, as by arch_prctl(2): an address that is not even
    /// canonical would be the proxy's fault, when it loads the register on the way back.
    fn set_segment_base(&self, which: u64, value: u64) -> Result<i64, Errno> {
        if value >= ADDRESSES_END {
            return Err(Errno::EINVAL);
        }
        match which {
            0 => self.set_guest_fs(value),
            1 => {
                // SAFETY: GS is the guest's alone.
                if unsafe { libc::syscall(libc::SYS_arch_prctl, ARCH_SET_GS, value) } != 0 {
                    return Err(Errno::EPERM);
                }
            }
            _ => return Err(Errno::EINVAL),
        }
        Ok(0)
    }

    fn protect(&self, address: u64, len_bytes: u64, access: u64) -> Result<i64, Errno> {
        if !self.isle().ram.allows(access) || !self.are_guest_s(address, len_bytes) {
            return Err(Errno::EINVAL);
        }
        let flags = self.isle().ram.flags(rustix::mm::MprotectFlags::from_bits_truncate(access as u32));
        // SAFETY: whole pages of guest RAM, where no Rust object lives; the server survives what it cannot
        // access.
        unsafe { rustix::mm::mprotect(address as *mut _, len_bytes as usize, flags) }.map_err(wire)?;
        Ok(0)
    }

    fn discard(&self, address: u64, len_bytes: u64) -> Result<i64, Errno> {
        if !self.are_guest_s(address, len_bytes) {
            return Err(Errno::EINVAL);
        }
        // SAFETY: as in `protect`; private anonymous memory reads as zero afterwards.
        unsafe {
            rustix::mm::madvise(address as *mut _, len_bytes as usize, rustix::mm::Advice::LinuxDontNeed)
        }
        .map_err(wire)?;
        Ok(0)
    }

    fn move_pages(&self, from: u64, to: u64, len_bytes: u64) -> Result<i64, Errno> {
        let ram = &self.isle().ram;
        let is_one_way = |ram_s: u64, reserved: u64| {
            ram.holds_pages(ram_s, len_bytes) && ram.can_reserve_pages(reserved, len_bytes)
        };
        if len_bytes == 0 || !(is_one_way(from, to) || is_one_way(to, from)) {
            return Err(Errno::EINVAL);
        }
        ram.move_pages(from, to, len_bytes).map(|()| 0)
    }

    fn map_shared(&self, args: &[u64; 6]) -> Result<i64, Errno> {
        let [handle, offset, address, len_bytes, access, _] = *args;
        self.check_guest_s(address, len_bytes)?;
        let file = self.isle().server.file(handle)?;
        self.isle().ram.map_shared(&file, offset, address, len_bytes, access).map(|()| 0)
    }

    fn unmap_shared(&self, address: u64, len_bytes: u64) -> Result<i64, Errno> {
        self.check_guest_s(address, len_bytes)?;
        self.isle().ram.unmap_shared(address, len_bytes).map(|()| 0)
    }

    /// `EINVAL` unless whole pages are RAM, or reservable.
    fn check_guest_s(&self, address: u64, len_bytes: u64) -> Result<(), Errno> {
        if self.are_guest_s(address, len_bytes) { Ok(()) } else { Err(Errno::EINVAL) }
    }

    /// Whether whole pages are RAM, or reservable.
    fn are_guest_s(&self, address: u64, len_bytes: u64) -> bool {
        let ram = &self.isle().ram;
        ram.holds_pages(address, len_bytes) || ram.can_reserve_pages(address, len_bytes)
    }
}
