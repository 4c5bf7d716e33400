//! System calls that block, and how a signal or the guest ends them: [`blocking`], [`leave`],
//! [`end_all_pending`], [`cancel`].
//!
//! A thread watches a word of its own choice ([`watch`]) and gives up when that changes. Between looking at
//! the word and the `syscall` instruction a signal must not be lost: handlers find an interrupted `RIP` in
//! that window, or on the instruction that Linux would restart, and send it to the exit ([`leave`]).

#![allow(unsafe_code, reason = "a system call that a signal handler can end, in assembly")]

use super::raw::raw_call;
use super::{CAUGHT_SIGNALS, INTERRUPT_SIGNAL};
use abi::errno::Errno;
use core::arch::naked_asm;
use core::cell::Cell;
use core::ffi::{c_int, c_long};
use core::sync::atomic::{AtomicI32, AtomicU64, Ordering};

/// How many signals the program has been given: a request that pends ends when it grows.
static SIGNALS_GIVEN: AtomicU64 = AtomicU64::new(0);

/// Most requests at a time that have a thread of their own.
pub const MAX_PENDING: usize = 256;

/// Who works on a request that pends.
struct Worker {
    /// 0: nobody.
    thread: AtomicI32,
    /// Address of the request that was last worked on.
    request: AtomicU64,
    /// 1: the request shall end.
    over: AtomicU64,
}

static WORKERS: [Worker; MAX_PENDING] =
    [const { Worker { thread: AtomicI32::new(0), request: AtomicU64::new(0), over: AtomicU64::new(0) } };
        MAX_PENDING];

/// The thread in which requests wait that no worker has; 0: none.
static WATCHER: AtomicI32 = AtomicI32::new(0);

/// A moment in the sequence of signals that the program was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment(u64);

/// A word and the value at which patience lasts.
#[derive(Clone, Copy)]
struct Watched {
    word: &'static AtomicU64,
    patient_at: u64,
}

thread_local! {
    /// `None`: no signal for the program waits in [`CAUGHT_SIGNALS`].
    static WATCHED: Cell<Option<Watched>> = const { Cell::new(None) };
}

unsafe extern "C" {
    static proxy_call_look: u8;
    static proxy_call_made: u8;
    static proxy_call_leave: u8;
}

/// A system call that may block; EINTR only if the watched word has changed and nothing was done.
pub fn blocking(number: c_long, args: &[u64]) -> Result<i64, Errno> {
    let mut all = [0; 6];
    all[..args.len()].copy_from_slice(args);
    let watched = WATCHED.get().unwrap_or(Watched { word: &CAUGHT_SIGNALS, patient_at: 0 });
    loop {
        // SAFETY: pointers among the arguments are guest memory that `GuestMemory` let through, or live
        // objects of the caller; the kernel checks them again.
        let result = unsafe { call_if(number, &all, watched.word, watched.patient_at) };
        if result >= 0 {
            return Ok(result);
        }
        match Errno::from_i32(-result as i32).unwrap_or(Errno::EIO) {
            // Not for the program: SIGCONT, a kick, a timer.
            Errno::EINTR if watched.word.load(Ordering::SeqCst) == watched.patient_at => {}
            errno => return Err(errno),
        }
    }
}

/// Makes the call unless `word` differs from `expected`: then, or if a handler says so, -EINTR.
#[unsafe(naked)]
unsafe extern "C" fn call_if(number: c_long, args: &[u64; 6], word: &AtomicU64, expected: u64) -> i64 {
    naked_asm!(
        "push r12",
        "push r13",
        "mov rax, rdi",
        "mov r12, rdx",
        "mov r13, rcx",
        "mov r11, rsi",
        "mov rdi, [r11]",
        "mov rsi, [r11 + 8]",
        "mov rdx, [r11 + 16]",
        "mov r10, [r11 + 24]",
        "mov r8, [r11 + 32]",
        "mov r9, [r11 + 40]",
        ".hidden proxy_call_look",
        ".globl proxy_call_look",
        "proxy_call_look:",
        "cmp [r12], r13",
        "jne 2f",
        "syscall",
        ".hidden proxy_call_made",
        ".globl proxy_call_made",
        "proxy_call_made:",
        "pop r13",
        "pop r12",
        "ret",
        ".hidden proxy_call_leave",
        ".globl proxy_call_leave",
        "proxy_call_leave:",
        "2:",
        "mov rax, {interrupted}",
        "jmp proxy_call_made",
        interrupted = const -libc::EINTR,
    )
}

/// For signal handlers, at their end: if they interrupted a call of [`blocking`] that has not begun, or that
/// Linux would restart, and the word it watches has changed, the call ends. Only for contexts of the proxy's
/// own code.
pub fn leave(context: &mut libc::ucontext_t) {
    let registers = &mut context.uc_mcontext.gregs;
    let window = &raw const proxy_call_look as i64..&raw const proxy_call_made as i64;
    if !window.contains(&registers[libc::REG_RIP as usize]) {
        return;
    }
    // SAFETY: in the window R12 is `call_if`'s `word`, which is borrowed until it returns.
    let word = unsafe { &*(registers[libc::REG_R12 as usize] as *const AtomicU64) };
    if word.load(Ordering::SeqCst) != registers[libc::REG_R13 as usize] as u64 {
        registers[libc::REG_RIP as usize] = &raw const proxy_call_leave as i64;
    }
}

/// The handler of [`INTERRUPT_SIGNAL`] where it has nothing to tell.
pub extern "C" fn on_interrupt(_: c_int, _: &libc::siginfo_t, context: &mut libc::ucontext_t) {
    leave(context);
}

/// Lets calls of this thread that block last as long as `word` is `patient_at`.
pub fn watch(word: &'static AtomicU64, patient_at: u64) {
    WATCHED.set(Some(Watched { word, patient_at }));
}

/// Now.
pub fn now() -> Moment {
    Moment(SIGNALS_GIVEN.load(Ordering::SeqCst))
}

/// The thread that is told.
#[cfg(test)]
pub fn who_is_told_of_signals() -> i32 {
    WATCHER.load(Ordering::SeqCst)
}

/// From now on this thread's calls that block end when the program is given a signal: it is the one in which requests
/// wait that no worker has. One of each process, the last that asked.
pub fn be_told_of_signals() {
    WATCHER.store(rustix::thread::gettid().as_raw_pid(), Ordering::SeqCst);
}

/// Lets calls of this thread that block last until the program is given a signal after `moment`.
pub fn watch_signals(moment: Moment) {
    watch(&SIGNALS_GIVEN, moment.0);
}

/// Worker `number` (below [`MAX_PENDING`]) is going to work on the request at this address. Not while
/// [`cancel`] looks.
pub fn claim(number: usize, request: u64) {
    WORKERS[number].over.store(0, Ordering::SeqCst);
    WORKERS[number].request.store(request, Ordering::SeqCst);
}

/// Runs `work` as worker `number`, for which [`claim`] has been called, for a request that was made at
/// `since`.
pub fn while_pending<R>(number: usize, since: Moment, work: impl FnOnce() -> R) -> R {
    let worker = &WORKERS[number];
    watch(&worker.over, 0);
    worker.thread.store(rustix::thread::gettid().as_raw_pid(), Ordering::SeqCst);
    if now() != since {
        worker.over.store(1, Ordering::SeqCst);
    }
    let result = work();
    worker.thread.store(0, Ordering::SeqCst);
    result
}

/// Ends the request at this address with EINTR, if a worker has it and has done nothing yet. Whether there is
/// one.
pub fn cancel(request: u64) -> bool {
    // A worker that has answered may still look as if it worked on this address, which is a new request's by
    // now: all of them.
    let claimed = WORKERS.iter().filter(|worker| worker.request.load(Ordering::SeqCst) == request);
    claimed.fold(false, |_, worker| {
        worker.end();
        true
    })
}

impl Worker {
    /// Lets its call end. Safe in a handler.
    fn end(&self) {
        self.over.store(1, Ordering::SeqCst);
        interrupt(self.thread.load(Ordering::SeqCst));
    }
}

/// Ends a call of this thread that blocks, if there is a reason. Safe in a handler.
fn interrupt(thread: i32) {
    if thread != 0 {
        let pid = raw_call(libc::SYS_getpid, []) as u64;
        raw_call(libc::SYS_tgkill, [pid, thread as u64, INTERRUPT_SIGNAL as u64]);
    }
}

/// The program was given a signal: every request that pends and has done nothing yet ends with EINTR. Safe in
/// a handler.
pub fn end_all_pending() {
    SIGNALS_GIVEN.fetch_add(1, Ordering::SeqCst);
    interrupt(WATCHER.load(Ordering::SeqCst));
    WORKERS.iter().filter(|worker| worker.thread.load(Ordering::SeqCst) != 0).for_each(Worker::end);
}
