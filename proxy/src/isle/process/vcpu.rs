//! The state of a vCPU and the way between guest and host: [`Vcpu`], [`doorbell`].
//!
//! A vCPU is a thread of the host. It runs guest code on guest stacks with the guest's FS base, and host code
//! on its own stack with the host's. The doorbell is the only door; signal handlers (see `signals`) run on a
//! stack of their own with whichever FS base they meet, and learn from `in_host` on which side they are.

#![allow(unsafe_code, reason = "the way between guest and host, in assembly, and state that both share")]

use super::address_space::Ram;
use super::cpu_features::has_fsgsbase;
use super::signal_stack::{self, SIGNAL_STACK_BYTES};
use crate::error::IsleError;
use crate::host_signals::interrupt;
use crate::host_signals::{CAUGHT_SIGNALS, INTERRUPT_SIGNAL};
use crate::image::{Image, ImageFile, Original};
use crate::memory::Region;
use crate::report;
use crate::server::workers::Workers;
use crate::server::{Ending, Server};
use core::arch::naked_asm;
use core::convert::Infallible;
use core::mem::offset_of;
use core::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::OnceLock;

/// What all vCPUs of this process share.
#[derive(Debug)]
pub struct Isle {
    /// The CPU of the host on which each vCPU stays; empty: wherever Linux lets it run.
    pub host_cpus: Vec<usize>,
    /// Answers hypercalls.
    pub server: Server,
    /// Wait for the host in the place of vCPUs.
    pub workers: OnceLock<Workers>,
    /// Guest RAM.
    pub ram: Ram,
    /// Where the program's code is.
    pub image: Image,
    file: ImageFileRef,
    blocks: Blocks,
    pid: i32,
}

/// One block for each vCPU: its signal stack and, behind it, its state.
#[derive(Debug)]
pub struct Blocks {
    start: *mut u8,
    count: usize,
}

/// For the report.
#[derive(Debug)]
struct ImageFileRef {
    original: Option<Original>,
    name: String,
}

impl ImageFileRef {
    fn contents(&self) -> Option<&'static [u8]> {
        self.original.and_then(Original::contents)
    }
}

// SAFETY: `blocks` is a mapping that lives as long as the process; of a `Vcpu` in it other threads use only
// atomics.
unsafe impl Send for Isle {}
// SAFETY: as above.
unsafe impl Sync for Isle {}

/// State of a vCPU, at the end of its block; the context that the guest passes to the doorbell.
/// `share/gdb/hermit.py` knows the fields up to `trap_frame`, and what the doorbell pushes, to show a
/// debugger the guest's frames behind the host's.
#[derive(Debug)]
#[repr(C)]
pub struct Vcpu {
    /// Where host code starts on the host's stack.
    host_rsp: u64,
    /// FS base of the host's thread.
    host_fs: u64,
    /// FS base of the guest while the host runs. Without FSGSBASE: always, as `SetSegmentBase` says.
    guest_fs: u64,
    /// Stack pointer of the guest while the host runs.
    guest_rsp: u64,
    /// 1 from the moment at which the doorbell needs the host's state to that at which the guest's is back.
    in_host: AtomicU32,
    /// 1 if FS is read and written by instructions, 0 if by arch_prctl(2).
    fsgsbase: u32,
    /// Address of the innermost trap's frame while the guest's trap entry runs, or 0.
    pub trap_frame: AtomicU64,
    /// Vectors that other vCPUs kicked it with: bit n is vector 32 + n.
    pub kicks: AtomicU64,
    /// Address of the guest's `extern "C" fn(*mut TrapFrame)`, or 0.
    pub trap_entry: AtomicU64,
    /// Address of the guest's word for interrupts that come while the host runs, or 0.
    pub guest_pending: AtomicU64,
    /// One-shot timer of the host, plus 1; 0 before it is first used.
    pub timer: AtomicU32,
    /// Set by `StartCpu`.
    pub started: AtomicU32,
    /// The process and thread to signal.
    pid: i32,
    tid: AtomicU32,
    /// Set by `Kick`, taken by `Wait`; a futex.
    pub kicked: AtomicU32,
    /// 1 while in `Wait`.
    pub waiting: AtomicU32,
    /// 1 from the moment at which an interrupt or a signal comes while the host runs: calls that block end
    /// then.
    pub attention: AtomicU64,
    /// Traps that were begun.
    pub nr_traps: AtomicU64,
    /// Traps being handled.
    pub trap_depth: AtomicU32,
    /// Its number.
    pub cpu: u32,
    /// Where it belongs.
    isle: *const Isle,
}

const BLOCK_BYTES: usize = 256 * 1024;
const _: () = assert!(size_of::<Vcpu>() <= BLOCK_BYTES - SIGNAL_STACK_BYTES);

/// What entry code of the guest may use of the host's stack before it switches to its own, in bytes.
const ENTRY_STACK_BYTES: u64 = 8192;

impl Isle {
    /// An isle with a vCPU for each of `blocks`, which stay at `host_cpus`.
    pub fn new(server: Server, image: &ImageFile, ram: Ram, blocks: Blocks, host_cpus: Vec<usize>) -> Self {
        let file = ImageFileRef { original: image.original().ok(), name: image.path.display().to_string() };
        let image = image.image.clone();
        let pid = rustix::process::getpid().as_raw_pid();
        Self { host_cpus, server, workers: OnceLock::new(), ram, image, file, blocks, pid }
    }

    /// Number of vCPUs.
    pub const fn nr_cpus(&self) -> usize {
        self.blocks.count
    }

    /// vCPU `cpu`, if there is one and its thread has started.
    pub fn vcpu(&self, cpu: u64) -> Option<&Vcpu> {
        let vcpu = (cpu < self.nr_cpus() as u64).then(|| self.place(cpu as usize))?;
        // SAFETY: the place is inside the blocks, which start as zeros, a valid state; other threads change
        // atomics only.
        let vcpu = unsafe { &*vcpu };
        (vcpu.tid.load(Ordering::Acquire) != 0).then_some(vcpu)
    }

    /// Whether somebody has started vCPU `cpu`, if there is one.
    pub fn started(&self, cpu: u64) -> Option<&AtomicU32> {
        let vcpu = (cpu < self.nr_cpus() as u64).then(|| self.place(cpu as usize))?;
        // SAFETY: the place is inside the blocks, which start as zeros; this field is an atomic.
        Some(unsafe { &(*vcpu).started })
    }

    fn place(&self, cpu: usize) -> *mut Vcpu {
        // SAFETY: `cpu < nr_cpus`, and there is a block for each.
        unsafe { self.blocks.start.add(cpu * BLOCK_BYTES + SIGNAL_STACK_BYTES).cast() }
    }
}

impl Blocks {
    /// Blocks for `count` vCPUs.
    pub fn map(count: usize) -> Result<Self, IsleError> {
        use rustix::mm::{MapFlags, ProtFlags};
        let (len, access) = (count * BLOCK_BYTES, ProtFlags::READ | ProtFlags::WRITE);
        // SAFETY: a new mapping.
        let start =
            unsafe { rustix::mm::mmap_anonymous(core::ptr::null_mut(), len, access, MapFlags::PRIVATE) }
                .map_err(IsleError::host("map signal stacks", "raise ulimit -v"))?;
        Ok(Self { start: start.cast(), count })
    }

    /// The signal stacks, as guest memory: the guest's trap entry runs on them, with its requests and frames.
    pub fn signal_stacks(&self) -> impl Iterator<Item = Region> {
        let start = self.start as u64;
        (0..self.count as u64).map(move |cpu| {
            let stack = start + cpu * BLOCK_BYTES as u64;
            Region { guest: stack, len_bytes: SIGNAL_STACK_BYTES as u64, host: stack }
        })
    }
}

impl Vcpu {
    /// Makes the calling thread vCPU `cpu`, which must be one of the isle's.
    pub fn create(isle: &'static Isle, cpu: usize) -> Result<&'static Vcpu, IsleError> {
        let place = isle.place(cpu);
        let host_fs = host_fs_base();
        // SAFETY: each vCPU's thread writes its own place, once, before anybody is told its thread.
        let vcpu = unsafe {
            (*place).host_fs = host_fs;
            (*place).guest_fs = host_fs;
            (*place).fsgsbase = u32::from(has_fsgsbase());
            (*place).pid = isle.pid;
            (*place).cpu = cpu as u32;
            (*place).isle = isle;
            (*place).in_host = AtomicU32::new(1);
            &*place
        };
        let stack = libc::stack_t {
            ss_sp: (place as usize - SIGNAL_STACK_BYTES) as *mut _,
            ss_flags: 0,
            ss_size: SIGNAL_STACK_BYTES,
        };
        signal_stack::install(&stack)
            .map_err(IsleError::host("install a signal stack", "please report this"))?;
        interrupt::watch(&vcpu.attention, 0);
        vcpu.tid.store(rustix::thread::gettid().as_raw_pid() as u32, Ordering::Release);
        Ok(vcpu)
    }

    /// Enters the guest, for good.
    pub fn enter(&self, entry: u64, boot_info: u64) -> Result<Infallible, IsleError> {
        // SAFETY: `entry` lies in the code of the image (`Image` checked that); the state was prepared by
        // `create`.
        unsafe { enter_guest(self, entry, boot_info, u64::from(self.cpu)) }
    }

    /// The isle it belongs to.
    pub fn isle(&self) -> &'static Isle {
        // SAFETY: `create` put a `&'static` there.
        unsafe { &*self.isle }
    }

    /// Whether host code is what a signal interrupts.
    pub fn is_in_host(&self) -> bool {
        self.in_host.load(Ordering::Relaxed) != 0
    }

    /// Interrupts the vCPU; the handler looks at `kicks`.
    pub fn interrupt(&self) {
        // SAFETY: a signal to a thread of this process, with a handler.
        unsafe {
            libc::syscall(libc::SYS_tgkill, self.pid, self.tid.load(Ordering::Acquire), INTERRUPT_SIGNAL)
        };
    }

    /// Its thread's number, as signals take it.
    pub fn thread_id(&self) -> i32 {
        self.tid.load(Ordering::Acquire) as i32
    }

    /// Without FSGSBASE: what FS will be when the doorbell returns.
    pub fn set_guest_fs(&self, value: u64) {
        // SAFETY: only this vCPU's own thread uses the field, and it is here, in host code.
        unsafe { (&raw const self.guest_fs).cast_mut().write(value) };
    }
}

fn host_fs_base() -> u64 {
    let mut base = 0_u64;
    // SAFETY: ARCH_GET_FS stores a u64.
    unsafe { libc::syscall(libc::SYS_arch_prctl, ARCH_GET_FS, &raw mut base) };
    base
}

/// arch_prctl(2).
pub const ARCH_SET_GS: u64 = 0x1001;
const ARCH_SET_FS: u64 = 0x1002;
const ARCH_GET_FS: u64 = 0x1003;

/// # Safety
/// `entry` must be code of the guest; `vcpu` must be the calling thread's.
#[unsafe(naked)]
unsafe extern "C" fn enter_guest(vcpu: &Vcpu, entry: u64, boot_info: u64, cpu: u64) -> ! {
    naked_asm!(
        "mov rax, rsi",                        // entry
        "lea r8, [rsp - {entry_stack}]",       // host code starts below what the entry may use
        "and r8, -16",
        "mov [rdi + {host_rsp}], r8",
        "mov r8, rdi",
        "mov rdi, rdx",                        // boot info
        "mov rsi, rcx",                        // number of the vCPU
        "mov rdx, r8",                         // context of the doorbell
        "xor ebp, ebp",                        // nothing to unwind to
        "xor ebx, ebx",
        "and rsp, -16",
        "push 0",
        "mov dword ptr [rdx + {in_host}], 0",
        "jmp rax",
        in_host = const offset_of!(Vcpu, in_host),
        entry_stack = const ENTRY_STACK_BYTES,
        host_rsp = const offset_of!(Vcpu, host_rsp),
    )
}

/// The doorbell: `extern "C" fn(context, request)`, called by the guest on a guest stack.
///
/// Callee-saved registers survive because [`serve`] keeps the ABI, as do the control bits of SSE and x87: the
/// server does no floating-point arithmetic. GS is the guest's all the time: Linux's own code in user space
/// does not use it.
///
/// # Safety
/// `context` must be the calling thread's vCPU.
#[unsafe(naked)]
pub unsafe extern "C" fn doorbell(context: *mut Vcpu, request: u64) {
    naked_asm!(
        "push rbp", // this and r12 to r15 for debuggers only, which cannot unwind the host's frames
        "push r12",
        "push r13",
        "push r14",
        "push r15",
        "push rbx",
        "push rsi",
        "mov rbx, rdi",
        "mov dword ptr [rbx + {in_host}], 1",
        "cmp dword ptr [rbx + {fsgsbase}], 0",
        "je 2f",
        "rdfsbase rax",
        "mov [rbx + {guest_fs}], rax",
        "mov rax, [rbx + {host_fs}]",
        "wrfsbase rax",
        "3:",
        "mov rdi, rbx",
        "mov rsi, [rsp]",
        "mov [rbx + {guest_rsp}], rsp",
        // On the signal stack, which ends where the vCPU begins, the guest's trap entry has called: stay there, since
        // Linux puts the next handler at the top of a signal stack that it finds unused, over the outer one's frame.
        "mov rax, rbx",
        "sub rax, rsp",
        "and rsp, -16",
        "cmp rax, {signal_stack}",
        "jbe 8f",
        "mov rsp, [rbx + {host_rsp}]",
        "8:",
        "cld",
        "call {serve}",
        "mov rsp, [rbx + {guest_rsp}]",
        "cmp dword ptr [rbx + {fsgsbase}], 0",
        "je 4f",
        "mov rax, [rbx + {guest_fs}]",
        "wrfsbase rax",
        "5:",
        "mov dword ptr [rbx + {in_host}], 0",
        "cmp qword ptr [rip + {caught}], 0",
        "jne 6f",
        "7:",
        "pop rsi",
        "pop rbx",
        "add rsp, 40", // r12 to r15 and rbp are as they were
        "ret",
        "2:", // arch_prctl(ARCH_SET_FS, host_fs)
        "mov rsi, [rbx + {host_fs}]",
        "mov edi, {set_fs}",
        "mov eax, {arch_prctl}",
        "syscall",
        "jmp 3b",
        "4:", // arch_prctl(ARCH_SET_FS, guest_fs)
        "mov rsi, [rbx + {guest_fs}]",
        "mov edi, {set_fs}",
        "mov eax, {arch_prctl}",
        "syscall",
        "jmp 5b",
        "6:", // a signal for the program came while the host ran: let it come again, now that it can be taken
        "mov edi, [rbx + {pid}]",
        "mov esi, [rbx + {tid}]",
        "mov edx, {kick}",
        "mov eax, {tgkill}",
        "syscall",
        "jmp 7b",
        in_host = const offset_of!(Vcpu, in_host),
        fsgsbase = const offset_of!(Vcpu, fsgsbase),
        guest_fs = const offset_of!(Vcpu, guest_fs),
        host_fs = const offset_of!(Vcpu, host_fs),
        guest_rsp = const offset_of!(Vcpu, guest_rsp),
        host_rsp = const offset_of!(Vcpu, host_rsp),
        signal_stack = const SIGNAL_STACK_BYTES,
        pid = const offset_of!(Vcpu, pid),
        tid = const offset_of!(Vcpu, tid),
        set_fs = const ARCH_SET_FS,
        arch_prctl = const libc::SYS_arch_prctl,
        tgkill = const libc::SYS_tgkill,
        kick = const INTERRUPT_SIGNAL,
        caught = sym CAUGHT_SIGNALS,
        serve = sym serve,
    )
}

/// The host's side of the doorbell.
extern "C" fn serve(vcpu: &Vcpu, request: u64) {
    let isle = vcpu.isle();
    let ending = isle.server.serve(vcpu, vcpu.cpu as usize, request);
    // What comes from here on stays for the next call that blocks, which then pends without need.
    vcpu.attention.store(0, Ordering::Relaxed);
    match ending {
        None => {}
        Some(Ending::Exit(status)) => end(status),
        Some(Ending::Fatal(fatal)) => {
            report::print(&fatal, &isle.file.name, isle.file.contents(), &isle.server.memory);
            end(abi::exit::signal_status(fatal.signal))
        }
    }
}

/// Ends the whole process at once.
fn end(status: u8) -> ! {
    // SAFETY: nothing of the proxy needs to be put in order: there are no buffers and no temporary files.
    unsafe { libc::_exit(i32::from(status)) }
}
