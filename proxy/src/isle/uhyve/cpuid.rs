//! What the CPU tells of itself in the guest: as the host has it, with this machine's topology: [`of_vcpu`].

use abi::boot_info::MAX_CPUS;
use kvm_bindings::{CpuId, kvm_cpuid_entry2};

/// CPUID.1:ECX.TSC_DEADLINE: KVM's local APIC has the timer whatever the host's CPU has.
const TSC_DEADLINE: u32 = 1 << 24;
/// CPUID.1:ECX.X2APIC, likewise.
const X2APIC: u32 = 1 << 21;
/// CPUID.1:ECX, "a hypervisor is here" (AMD APM vol. 3, E.3.2).
const HYPERVISOR: u32 = 1 << 31;
/// CPUID.1:EDX.HTT: more than one logical processor.
const HTT: u32 = 1 << 28;
/// CPUID.80000007:EDX: the time-stamp counter runs always and at the same speed.
const INVARIANT_TSC: u32 = 1 << 8;

/// Leaves that describe KVM to its guests: what they offer is not used here.
const PARAVIRTUAL: std::ops::RangeInclusive<u32> = 0x4000_0000..=0x4fff_ffff;

/// Levels of the topology leaf (SDM vol. 2, CPUID, leaf 0BH).
const LEVEL_THREAD: u32 = 1;
const LEVEL_CORE: u32 = 2;

/// Whether the timer by deadline is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeadlineTimer {
    /// `KVM_CAP_TSC_DEADLINE_TIMER`.
    Offered,
    /// Only the counting timer.
    Missing,
}

/// The leaves of vCPU `cpu` among `nr_cpus`, all on one package with one thread in each core. `supported` is
/// what KVM offers.
pub fn of_vcpu(supported: &CpuId, timer: DeadlineTimer, cpu: usize, nr_cpus: usize) -> CpuId {
    let (id, count) = (cpu as u32, nr_cpus as u32);
    let mut leaves: Vec<_> =
        supported.as_slice().iter().copied().filter(|leaf| !PARAVIRTUAL.contains(&leaf.function)).collect();
    for leaf in &mut leaves {
        match leaf.function {
            1 => identify(leaf, timer, id, count),
            // Caches: the number of APIC ids that share them, and of cores in the package, both less one.
            4 => leaf.eax = leaf.eax & 0x3fff | share(leaf.eax, count) << 14 | (count - 1).min(63) << 26,
            0xb | 0x1f => describe_level(leaf, id, count),
            0x8000_0007 => leaf.edx |= supported_invariant(leaf.edx),
            // AMD: threads in the package, less one, and bits of their ids.
            0x8000_0008 => leaf.ecx = leaf.ecx & !0xf0ff | (count - 1) & 0xff | bits(count) << 12,
            // AMD: the whole id, and one thread in each core.
            0x8000_001e => (leaf.eax, leaf.ebx, leaf.ecx) = (id, id, 0),
            _ => {}
        }
    }
    // KVM offers at most as many leaves as the structure takes, and none was added.
    CpuId::from_entries(&leaves).unwrap_or_else(|_| supported.clone())
}

/// How long physical addresses are; 36 bits where the CPU does not say (SDM vol. 2, CPUID, leaf 80000008H).
pub fn physical_address_bits(supported: &CpuId) -> u32 {
    let leaf = supported.as_slice().iter().find(|leaf| leaf.function == 0x8000_0008);
    leaf.map_or(36, |leaf| (leaf.eax & 0xff).clamp(32, 52))
}

fn identify(leaf: &mut kvm_cpuid_entry2, timer: DeadlineTimer, id: u32, count: u32) {
    leaf.ebx = leaf.ebx & 0xffff | count.min(255) << 16 | id << 24;
    leaf.ecx |= X2APIC | HYPERVISOR;
    if timer == DeadlineTimer::Offered {
        leaf.ecx |= TSC_DEADLINE;
    }
    if count > 1 {
        leaf.edx |= HTT;
    }
}

/// A cache of one core stays so; one of several is shared by the whole machine.
fn share(eax: u32, count: u32) -> u32 {
    let level = eax >> 5 & 7;
    if level >= 3 { (count - 1).min(0xfff) } else { 0 }
}

fn describe_level(leaf: &mut kvm_cpuid_entry2, id: u32, count: u32) {
    // EAX: how far an id is shifted for the next level; EBX: logical processors at this level.
    (leaf.eax, leaf.ebx, leaf.ecx) = match leaf.index {
        0 => (0, 1, LEVEL_THREAD << 8),
        1 => (bits(count), count, LEVEL_CORE << 8 | 1),
        other => (0, 0, other),
    };
    leaf.edx = id;
}

/// Bits of an id below `count`.
const fn bits(count: u32) -> u32 {
    u32::BITS - (count - 1).leading_zeros()
}

/// The host's own word on its counter, which KVM leaves out because a guest might move: ours never does.
fn supported_invariant(offered: u32) -> u32 {
    let host = core::arch::x86_64::__cpuid(0x8000_0000).eax >= 0x8000_0007
        && core::arch::x86_64::__cpuid(0x8000_0007).edx & INVARIANT_TSC != 0;
    if host { INVARIANT_TSC } else { offered & INVARIANT_TSC }
}

const _: () = assert!(MAX_CPUS <= 255, "an id fits into the old APIC's eight bits");

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf(function: u32, index: u32) -> kvm_cpuid_entry2 {
        kvm_cpuid_entry2 { function, index, ..Default::default() }
    }

    #[test]
    fn every_vcpu_finds_its_place() {
        let offered =
            [leaf(0, 0), leaf(1, 0), leaf(0xb, 0), leaf(0xb, 1), leaf(0x4000_0000, 0), leaf(0x8000_001e, 0)];
        let offered = CpuId::from_entries(&offered).unwrap();
        for cpu in 0..6 {
            let leaves = of_vcpu(&offered, DeadlineTimer::Offered, cpu, 6);
            let find = |function, index| {
                *leaves
                    .as_slice()
                    .iter()
                    .find(|leaf| (leaf.function, leaf.index) == (function, index))
                    .unwrap()
            };
            assert_eq!(find(1, 0).ebx >> 24, cpu as u32);
            assert_eq!(find(1, 0).ecx & TSC_DEADLINE, TSC_DEADLINE);
            assert_eq!((find(0xb, 1).eax, find(0xb, 1).ebx, find(0xb, 1).edx), (3, 6, cpu as u32));
            assert_eq!(find(0x8000_001e, 0).eax, cpu as u32);
            assert_eq!(leaves.as_slice().len(), 5, "nothing of KVM's own");
        }
    }

    #[test]
    fn addresses_are_as_long_as_the_cpu_says() {
        let says = kvm_cpuid_entry2 { eax: 48 << 8 | 40, ..leaf(0x8000_0008, 0) };
        let of = |leaves: &[_]| physical_address_bits(&CpuId::from_entries(leaves).unwrap());
        assert_eq!([of(&[leaf(1, 0), says]), of(&[leaf(1, 0)])], [40, 36]);
    }

    #[test]
    fn ids_have_as_many_bits_as_they_need() {
        assert_eq!([1, 2, 3, 4, 5, 64].map(bits), [0, 1, 2, 2, 3, 6]);
    }
}
