//! The virtual machine as KVM sees it: [`Machine`], made of memory, an interrupt controller and vCPUs.

#![allow(unsafe_code, reason = "KVM's requests with addresses")]

use super::cpuid::{self, DeadlineTimer};
use super::idle::{self, Idle};
use super::kvm_error::kvm_error;
use super::release::Release;
use super::start;
use crate::error::IsleError;
use crate::isle::ram::Ram;
use abi::layout::LARGE_PAGE_SIZE;
use abi::trap::vector;
use core::ffi::{c_int, c_ulong};
use kvm_bindings::{
    CpuId, KVM_CAP_SET_GUEST_DEBUG2, KVM_CAP_SPLIT_IRQCHIP, KVM_CAP_X2APIC_API, KVM_GUESTDBG_BLOCKIRQ,
    KVM_MAX_CPUID_ENTRIES, KVM_VCPU_TSC_CTRL, KVM_VCPU_TSC_OFFSET, KVM_X2APIC_API_DISABLE_BROADCAST_QUIRK,
    KVM_X2APIC_API_USE_32BIT_IDS, kvm_device_attr, kvm_enable_cap, kvm_msi, kvm_userspace_memory_region,
};
use kvm_ioctls::{Cap, Kvm, VcpuFd, VmFd};
use rustix::io::Errno;
use std::os::fd::AsRawFd;
use std::sync::{Mutex, PoisonError};

/// `KVM_SET_DEVICE_ATTR` (linux/kvm.h): `_IOW(0xae, 0xe1, struct kvm_device_attr)`.
const KVM_SET_DEVICE_ATTR: c_ulong = 0x4018_aee1;

/// Where messages to local APICs are written (SDM vol. 3, 10.11.1).
const MESSAGE_BASE: u32 = 0xfee0_0000;

/// Most vCPUs whose ids have eight bits; 255 means all of them.
const MOST_SHORT_IDS: usize = 255;

/// A virtual machine without devices.
#[derive(Debug)]
pub struct Machine {
    /// The device.
    pub kvm: Kvm,
    vm: VmFd,
    slots: Mutex<Slots>,
    release: Release,
    cpuid: CpuId,
    timer: DeadlineTimer,
    nr_cpus: usize,
}

impl Machine {
    /// Makes a machine with this RAM, as far as it lies below `usable_end`, for `nr_cpus` vCPUs.
    pub fn create(
        kvm: Kvm,
        ram: &Ram,
        usable_end: u64,
        nr_cpus: usize,
        idle: Idle,
    ) -> Result<Self, IsleError> {
        let cpuid = kvm
            .get_supported_cpuid(KVM_MAX_CPUID_ENTRIES)
            .map_err(|error| kvm_error("ask KVM for the CPU's features", error))?;
        let bits = cpuid::physical_address_bits(&cpuid);
        check_reach(ram.end(), bits)?;
        let vm = kvm.create_vm().map_err(|error| kvm_error("make a virtual machine", error))?;
        if idle == Idle::InGuest {
            idle::stay_in_guest(&vm);
        }
        // Local APICs in Linux, where they are fast, and no other device.
        let split = kvm_enable_cap { cap: KVM_CAP_SPLIT_IRQCHIP, ..kvm_enable_cap::default() };
        vm.enable_cap(&split).map_err(|error| kvm_error("give the vCPUs interrupt controllers", error))?;
        if nr_cpus > MOST_SHORT_IDS {
            use_long_ids(&vm).map_err(|error| kvm_error("number so many vCPUs", error))?;
        }
        let mut slots = Slots::default();
        slots.extend(&vm, ram, usable_end).map_err(|error| IsleError::Host {
            what: "give the virtual machine its RAM",
            errno: Errno::from_raw_os_error(error.errno()),
            cure: "lower HERMIT_MEM",
        })?;
        let offered = kvm.check_extension(Cap::TscDeadlineTimer);
        let timer = if offered { DeadlineTimer::Offered } else { DeadlineTimer::Missing };
        Ok(Self { kvm, vm, slots: Mutex::new(slots), release: Release::new(), cpuid, timer, nr_cpus })
    }

    /// Makes vCPU `cpu`, which will enter the image at `entry`.
    pub fn create_vcpu(&self, cpu: usize, entry: u64) -> Result<VcpuFd, IsleError> {
        let vcpu = self.vm.create_vcpu(cpu as u64).map_err(|error| kvm_error("make a vCPU", error))?;
        let leaves = cpuid::of_vcpu(&self.cpuid, self.timer, cpu, self.nr_cpus);
        vcpu.set_cpuid2(&leaves).map_err(|error| kvm_error("tell a vCPU its features", error))?;
        start::set_registers(&vcpu, cpu, entry)?;
        start::set_vector_state(&vcpu, &self.cpuid)?;
        Ok(vcpu)
    }

    /// The same vCPU once more, for another thread, which must not let it go: the descriptor is the first
    /// one's.
    pub fn same_vcpu(&self, vcpu: &VcpuFd) -> Result<VcpuFd, IsleError> {
        // SAFETY: a vCPU's descriptor of this machine, open as long as the process lives; the caller never
        // closes it.
        unsafe { self.vm.create_vcpu_from_rawfd(vcpu.as_raw_fd()) }
            .map_err(|error| kvm_error("share a vCPU with the debugger", error))
    }

    /// What KVM needs to be told so that a step of a debugger leads into no interrupt's handler, where it can
    /// do that.
    pub fn flags_of_steps(&self) -> u32 {
        self.vm.check_extension_raw(c_ulong::from(KVM_CAP_SET_GUEST_DEBUG2)) as u32 & KVM_GUESTDBG_BLOCKIRQ
    }

    /// Gives the guest more of `ram`, up to `wanted_end` at least. Returns where it ends now.
    pub fn extend(&self, ram: &Ram, wanted_end: u64) -> Result<u64, abi::errno::Errno> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(end) = extended_end(slots.usable_end, wanted_end, ram.end())? {
            slots.extend(&self.vm, ram, end).map_err(|_| abi::errno::Errno::ENOMEM)?;
        }
        Ok(slots.usable_end)
    }

    /// The process is about to end, and need not wait for the machine's end.
    pub fn hand_over(&self) {
        idle::give_back(&self.kvm);
        self.release.hand_over(&self.kvm, &self.vm);
    }

    /// Interrupts vCPU `cpu` with `vector`; safe in a signal handler.
    pub fn interrupt(&self, cpu: usize, vector: u64) {
        let (address_lo, address_hi) = message_address(cpu as u32);
        let message = kvm_msi { address_lo, address_hi, data: vector as u32, ..kvm_msi::default() };
        // A vCPU that has not switched its APIC on yet takes no interrupt, and will look by itself.
        let _ = self.vm.signal_msi(message);
    }
}

/// RAM as KVM knows it.
#[derive(Debug, Default)]
pub struct Slots {
    count: u32,
    /// Guest address behind it.
    usable_end: u64,
}

impl Slots {
    /// Adds what of `ram` lies between the end and `end`.
    pub fn extend(&mut self, vm: &VmFd, ram: &Ram, end: u64) -> Result<(), kvm_ioctls::Error> {
        for region in ram.regions_in(self.usable_end..end) {
            let slot = kvm_userspace_memory_region {
                slot: self.count,
                flags: 0,
                guest_phys_addr: region.guest,
                memory_size: region.len_bytes,
                userspace_addr: region.host,
            };
            // SAFETY: the mapping lives as long as the process, and what lies in it is the guest's.
            unsafe { vm.set_user_memory_region(slot)? };
            self.count += 1;
            self.usable_end = region.guest + region.len_bytes;
        }
        Ok(())
    }
}

/// RAM must lie where the CPU's addresses of so many bits reach.
fn check_reach(ram_end: u64, bits: u32) -> Result<(), IsleError> {
    if ram_end > 1 << bits { Err(IsleError::RamTooLarge { bits }) } else { Ok(()) }
}

/// Where usable RAM is to end if the guest wants it up to `wanted_end` and has it up to `usable_end`; `None`: it has all that
/// it wants. `EINVAL`: there is no so much RAM.
fn extended_end(usable_end: u64, wanted_end: u64, ram_end: u64) -> Result<Option<u64>, abi::errno::Errno> {
    if wanted_end > ram_end {
        return Err(abi::errno::Errno::EINVAL);
    }
    // Twice as much each time: KVM looks through all slots.
    let end = || wanted_end.max(2 * usable_end).next_multiple_of(LARGE_PAGE_SIZE).min(ram_end);
    Ok((wanted_end > usable_end).then(end))
}

/// Where a message for vCPU `cpu` is written: the lower eight bits of its id as on a PC, the others in the upper half
/// (KVM's api.rst, KVM_CAP_X2APIC_API).
const fn message_address(cpu: u32) -> (u32, u32) {
    (MESSAGE_BASE | (cpu & 0xff) << 12, cpu & !0xff)
}

/// Makes [`message_address`] hold for ids of more than eight bits, and 255 one of them.
fn use_long_ids(vm: &VmFd) -> Result<(), kvm_ioctls::Error> {
    let mut cap = kvm_enable_cap { cap: KVM_CAP_X2APIC_API, ..kvm_enable_cap::default() };
    cap.args[0] = u64::from(KVM_X2APIC_API_USE_32BIT_IDS | KVM_X2APIC_API_DISABLE_BROADCAST_QUIRK);
    vm.enable_cap(&cap)
}

/// How the guest's time-stamp counter relates to the host's.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    /// What the guest reads when the host reads 0.
    pub offset: u64,
    /// Ticks in a second.
    pub hz: u64,
}

/// Lets the counter of `vcpu` be the host's; where KVM is too old for that (before Linux 5.16), tells by how
/// much it differs.
pub fn set_clock(vcpu: &VcpuFd) -> Result<Clock, IsleError> {
    let khz = vcpu.get_tsc_khz().map_err(|error| kvm_error("ask for the speed of the TSC", error))?;
    let hz = u64::from(khz) * 1000;
    let offset = 0_u64;
    let attribute = kvm_device_attr {
        flags: 0,
        group: KVM_VCPU_TSC_CTRL,
        attr: u64::from(KVM_VCPU_TSC_OFFSET),
        addr: &raw const offset as u64,
    };
    // SAFETY: the structure and the offset that it names live through the call.
    let result: c_int = unsafe { libc::ioctl(vcpu.as_raw_fd(), KVM_SET_DEVICE_ATTR, &raw const attribute) };
    if result == 0 {
        return Ok(Clock { offset, hz });
    }
    let mut tsc = kvm_bindings::Msrs::from_entries(&[kvm_bindings::kvm_msr_entry {
        index: IA32_TSC,
        ..Default::default()
    }])
    .map_err(|_| kvm_error("read a vCPU's TSC", kvm_ioctls::Error::new(libc::EINVAL)))?;
    vcpu.get_msrs(&mut tsc).map_err(|error| kvm_error("read a vCPU's TSC", error))?;
    let guest = tsc.as_slice().first().map_or(0, |entry| entry.data);
    Ok(Clock { offset: offset_of(guest, crate::clocks::time_stamp()), hz })
}

/// By how much the guest's counter is ahead of the host's, both read at the same time.
const fn offset_of(guest: u64, host: u64) -> u64 {
    guest.wrapping_sub(host)
}

/// The time-stamp counter as a model-specific register.
const IA32_TSC: u32 = 0x10;

const _: () = assert!(vector::ANSWER < 256 && vector::HOST_SIGNAL < 256);

#[cfg(test)]
mod tests {
    #[test]
    fn a_counter_that_started_later_is_behind() {
        let (guest, host) = (1_000_u64, 5_000_u64);
        let offset = super::offset_of(guest, host);
        assert_eq!((host + 250).wrapping_add(offset), guest + 250);
        assert_eq!(super::offset_of(host, guest), host - guest);
    }

    #[test]
    fn ram_ends_where_addresses_end() {
        super::check_reach(1 << 36, 36).unwrap();
        let error = super::check_reach((1 << 36) + 1, 36).unwrap_err();
        assert!(matches!(error, crate::error::IsleError::RamTooLarge { bits: 36 }));
    }

    #[test]
    fn ram_grows_by_twice_as_much_until_it_ends() {
        const MIB: u64 = 1 << 20;
        let of = |usable, wanted| super::extended_end(usable * MIB, wanted, 1001 * MIB);
        assert_eq!([of(100, 50 * MIB), of(100, 100 * MIB)], [Ok(None); 2]);
        assert_eq!(of(100, 100 * MIB + 1), Ok(Some(200 * MIB)));
        assert_eq!(of(100, 300 * MIB + 1), Ok(Some(302 * MIB)), "large pages");
        assert_eq!([of(600, 700 * MIB), of(100, 1001 * MIB)], [Ok(Some(1001 * MIB)); 2]);
        let none = abi::errno::Errno::EINVAL;
        assert_eq!([of(100, 1001 * MIB + 1), of(1001, u64::MAX)], [Err(none); 2]);
    }

    #[test]
    fn messages_name_vcpus_of_any_number() {
        let of = super::message_address;
        assert_eq!([of(0), of(254)], [(0xfee0_0000, 0), (0xfeef_e000, 0)]);
        assert_eq!([of(255), of(0x305)], [(0xfeef_f000, 0), (0xfee0_5000, 0x300)]);
    }
}
