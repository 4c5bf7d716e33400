//! Answers hypercalls, for every isle: [`Server`].
//!
//! One request is read once, as a whole; decoded by [`Server::answer`]; and answered with a value or an error
//! number. What only an isle can do (sleeping, protecting pages, ...) it does through [`Control`]. Nothing a
//! guest writes into a request, or into the memory that a request names, can do more than fail it.
//!
//! | module | calls |
//! |---|---|
//! | [`paths`] | those that name a file by its path: [`walk`] follows it, [`fence`] judges where it ends |
//! | [`streams`] | reading and writing |
//! | [`files`] | the rest of those that have a handle |
//! | [`waiting`] | poll, locks, terminals |
//! | [`sockets`] | those on sockets |
//!
//! A request that may block ([`outlook`]) can be left to [`workers`], so that the vCPU goes on: what can be polled
//! waits in one thread ([`readiness`]), the rest has a thread for each. What signals do to calls that block is in
//! [`crate::host_signals::interrupt`].

mod answer;
mod attempt;
mod fence;
mod files;
mod handles;
mod host;
mod kinds;
mod outlook;
mod own_file;
mod paths;
mod places;
mod readiness;
pub mod sockets;
mod streams;
mod waiting;
mod walk;
pub mod workers;

#[cfg(test)]
mod tests;

use crate::host_signals::CAUGHT_SIGNALS;
use crate::host_signals::interrupt::{self, Moment};
use crate::memory::GuestMemory;
use abi::errno::Errno;
use abi::hypercall::{MAY_PEND, Number, Request, state};
use abi::trap::TrapFrame;
use answer::{Answer, Outlook};
use core::sync::atomic::Ordering;
use fence::Fence;
use handles::Handles;
use kinds::is_socket_request;
use own_file::OwnFile;
use sockets::Access;
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::time::Instant;

/// Longest text that `Fatal` and `Log` take, in bytes; the rest is cut off.
const MAX_TEXT_BYTES: u64 = 64 * 1024;

/// Longest answer to `Entropy`, in bytes.
const MAX_ENTROPY_BYTES: u64 = 4096;

/// What an isle does itself.
pub trait Control {
    /// Handles what concerns vCPUs, traps and pages (`Wait` to `Discard`, `StartCpu`, ...), and what
    /// others answer (`Cancel`), for vCPU `cpu`.
    fn control(&self, cpu: usize, number: Number, args: &[u64; 6]) -> Result<i64, Errno>;

    /// Whether a request may stay unanswered when the doorbell returns, if the kernel has said `asked` about
    /// it ([`MAY_PEND`]).
    fn may_pend(&self, asked: bool) -> bool {
        asked
    }

    /// Leaves a request of vCPU `cpu`, made at `since`, to a thread that may block; gives it back if there is
    /// none.
    fn hand_over(&self, _cpu: usize, pending: Pending, _since: Moment) -> Result<(), Pending> {
        Err(pending)
    }
}

/// A request that has been read and not been answered.
#[derive(Clone, Copy, Debug)]
pub struct Pending {
    address: u64,
    number: Number,
    args: [u64; 6],
    /// Bytes that have been written already.
    done: u64,
}

/// Whether the log of the kernel is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KernelLog {
    /// On stderr.
    Shown,
    /// Nowhere.
    Hidden,
}

/// The state behind the hypercalls: open files.
#[derive(Debug)]
pub struct Server {
    /// What the guest may name.
    pub memory: GuestMemory,
    handles: Handles,
    fence: Fence,
    log: KernelLog,
    program: Option<OwnFile>,
    access: Option<Access>,
}

/// The program is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// With this status.
    Exit(u8),
    /// With a report.
    Fatal(Box<Fatal>),
}

/// What the kernel says when it gives up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fatal {
    /// Linux's number of the signal.
    pub signal: u8,
    /// Where it happened.
    pub frame: Option<TrapFrame>,
    /// The kernel's words.
    pub text: Vec<u8>,
}

impl Pending {
    /// The answer when a signal or the guest ends it: what has been done, or EINTR.
    const fn interrupted(&self) -> Answer {
        if self.done > 0 { Ok(self.done as i64) } else { Err(Errno::EINTR) }
    }

    /// What is left of a poll that has waited since `started`.
    fn after(mut self, started: Option<Instant>) -> Self {
        if let (Some(started), Ok(timeout_ms)) = (started, u32::try_from(self.args[2] as i32)) {
            let waited_ms = started.elapsed().as_millis();
            self.args[2] = u128::from(timeout_ms).saturating_sub(waited_ms) as u64;
        }
        self
    }
}

enum Reply {
    Answer(Answer),
    End(Ending),
}

impl Server {
    /// A server whose handles 0, 1, ... are `files`.
    pub fn new(memory: GuestMemory, log: KernelLog, files: Vec<Option<OwnedFd>>) -> Self {
        Self { memory, handles: Handles::new(files), fence: Fence::new(), log, program: None, access: None }
    }

    /// The same, for a guest whose image is this open file: the guest finds it as `/proc/self/exe`, and
    /// libraries there the names and lines of their backtraces. The file must stay open.
    pub fn of_image(self, image: &impl std::os::fd::AsRawFd) -> Self {
        Self { program: Some(OwnFile::of(image)), ..self }
    }

    /// The same, for a guest that may use sockets as `access` says.
    pub fn with_sockets(self, access: Option<Access>) -> Self {
        Self { access, ..self }
    }

    /// What the user allows of sockets; `None`: nothing.
    pub const fn access(&self) -> Option<&Access> {
        self.access.as_ref()
    }

    /// Whether the user wants to know what happens.
    pub fn shows_log(&self) -> bool {
        self.log == KernelLog::Shown
    }

    /// The open file of a handle, for what only an isle can do with it. `EBADF`.
    pub fn file(&self, handle: u64) -> Result<Arc<OwnedFd>, Errno> {
        self.handles.get(handle)
    }

    /// Serves the request at guest address `address`. A request that is not there, not aligned or not posted
    /// has nobody to answer to, and is ignored.
    pub fn serve(&self, control: &impl Control, cpu: usize, address: u64) -> Option<Ending> {
        let request = self.memory.read::<Request>(address).ok()?;
        if !address.is_multiple_of(8) || request.state != state::POSTED {
            return None;
        }
        let Some(number) = Number::from_u32(request.number & !MAY_PEND) else {
            self.reply(address, Err(Errno::ENOSYS));
            return None;
        };
        let since = interrupt::now();
        let mut pending = Pending { address, number, args: request.args, done: 0 };
        if control.may_pend(request.number & MAY_PEND != 0) {
            match self.outlook(&pending) {
                Outlook::AtOnce => {}
                Outlook::Answered(answer) => {
                    self.reply(address, answer);
                    return None;
                }
                Outlook::MayBlock { done } => {
                    pending.done = done;
                    if control.hand_over(cpu, pending, since).is_ok() {
                        return None;
                    }
                }
            }
        }
        self.serve_here(control, cpu, pending, since)
    }

    /// Serves a request on the thread of the vCPU, as long as that is not interrupted.
    fn serve_here(
        &self,
        control: &impl Control,
        cpu: usize,
        request: Pending,
        since: Moment,
    ) -> Option<Ending> {
        if request.done > 0 {
            // Nobody waits for the rest.
            self.reply(request.address, request.interrupted());
            return None;
        }
        let started = (request.number == Number::Poll).then(Instant::now);
        loop {
            match self.answer(control, cpu, request.number, &request.args) {
                // No signal for the program, but an interrupt for the vCPU: it must not stay here.
                Reply::Answer(Err(Errno::EINTR)) if CAUGHT_SIGNALS.load(Ordering::SeqCst) == 0 => {
                    if control.hand_over(cpu, request.after(started), since).is_ok() {
                        return None;
                    }
                }
                Reply::Answer(Ok(moved)) if self.is_cut_short(&request, moved) => {
                    let rest = Pending { done: moved as u64, ..request };
                    if control.hand_over(cpu, rest, since).is_err() {
                        self.reply(request.address, Ok(moved));
                    }
                    return None;
                }
                Reply::Answer(answer) => {
                    self.reply(request.address, answer);
                    return None;
                }
                Reply::End(ending) => return Some(ending),
            }
        }
    }

    /// Whether an interrupt for the vCPU, and no signal for the program, ended a write after so many bytes.
    fn is_cut_short(&self, request: &Pending, moved: i64) -> bool {
        let whole = match request.number {
            Number::Write => Ok(request.args[2]),
            Number::WriteV => self.vector_bytes(&request.args),
            number if is_socket_request(number) => {
                let file = self.handles.get(request.args[0]);
                return CAUGHT_SIGNALS.load(Ordering::SeqCst) == 0
                    && file.is_ok_and(|file| self.is_socket_short(&file, request, 0, moved));
            }
            _ => return false,
        };
        let is_short = moved > 0 && whole.is_ok_and(|whole| (moved as u64) < whole);
        is_short
            && CAUGHT_SIGNALS.load(Ordering::SeqCst) == 0
            && self.handles.get(request.args[0]).is_ok_and(|file| self.goes_on(&file, request))
    }

    /// Serves a request that has been handed over; a read or write of `file`, if there is one.
    fn finish(&self, request: &Pending, file: Option<&OwnedFd>) {
        let args = &request.args;
        let answer = match (request.number, file) {
            (Number::Open, _) => self.by_path(Number::Open, args),
            (Number::Poll, _) => self.poll(args),
            (Number::Lock, _) => self.lock(args),
            (number, Some(file)) if is_socket_request(number) => self.socket_on(file, request),
            (_, Some(file)) => self.stream_on(file, request),
            (number, None) if is_socket_request(number) => self.socket_here(number, args),
            (number, None) => self.stream(number, args),
        };
        self.reply(request.address, answer);
    }

    fn reply(&self, address: u64, answer: Answer) {
        let result = answer.unwrap_or_else(Errno::to_wire);
        let result_address = address + core::mem::offset_of!(Request, result) as u64;
        if self.memory.write(result_address, &result).is_ok() {
            // If the page went read-only in between, the guest has done it to itself.
            let _ = self.memory.store_release(address, state::DONE);
        }
    }

    fn answer(&self, control: &impl Control, cpu: usize, number: Number, args: &[u64; 6]) -> Reply {
        use Number as N;
        Reply::Answer(match number {
            N::Exit => return Reply::End(Ending::Exit(args[0] as u8)),
            N::Fatal => return Reply::End(Ending::Fatal(Box::new(self.fatal(args)))),
            N::Log => self.append_to_log(args),
            N::Entropy => self.entropy(args),
            N::Wait
            | N::Kick
            | N::SetTrapEntry
            | N::SetSegmentBase
            | N::Protect
            | N::Discard
            | N::StartCpu
            | N::SetTimer
            | N::CatchSignal
            | N::Cancel
            | N::YieldCpu
            | N::Extend
            | N::Move
            | N::MapShared
            | N::UnmapShared => control.control(cpu, number, args),
            N::Open | N::Stat | N::Unlink | N::Rename | N::MkDir | N::Link | N::SymLink | N::ReadLink => {
                self.by_path(number, args)
            }
            N::Access | N::ChDir | N::ChMod | N::ChOwn | N::SetTimes | N::StatFs => {
                self.by_path(number, args)
            }
            N::Read | N::Write | N::PRead | N::PWrite | N::ReadV | N::WriteV => self.stream(number, args),
            N::Close
            | N::Seek
            | N::FStat
            | N::StatFsHandle
            | N::ReadDir
            | N::Truncate
            | N::Sync
            | N::ChDirHandle
            | N::GetCwd => self.by_handle(number, args),
            N::ChModHandle | N::ChOwnHandle | N::SetTimesHandle | N::SetFlags | N::GetFlags | N::Allocate => {
                self.by_handle(number, args)
            }
            N::IoCtl => self.terminal(args),
            N::Poll => self.poll(args),
            N::EpollCreate | N::EpollControl => self.epoll(number, args),
            N::EpollWait => self.epoll_wait(args),
            N::Lock => self.lock(args),
            N::Accept | N::Connect | N::Send | N::Receive | N::SendMessage | N::ReceiveMessage => {
                self.socket_here(number, args)
            }
            N::Socket
            | N::Bind
            | N::Listen
            | N::SocketName
            | N::SetOption
            | N::GetOption
            | N::Shutdown
            | N::Interfaces => self.socket(number, args),
        })
    }

    fn fatal(&self, args: &[u64; 6]) -> Fatal {
        let [signal, frame, text, text_len, ..] = *args;
        Fatal {
            signal: signal.clamp(1, 64) as u8,
            frame: if frame == 0 { None } else { self.memory.read(frame).ok() },
            text: self.memory.read_vec(text, text_len.min(MAX_TEXT_BYTES)).unwrap_or_default(),
        }
    }

    fn append_to_log(&self, args: &[u64; 6]) -> Answer {
        if self.log == KernelLog::Hidden {
            return Ok(0);
        }
        let text = self.memory.slice(args[0], args[1].min(MAX_TEXT_BYTES))?;
        host::retry(|| host::call(libc::SYS_write, &[2, text.as_ptr() as u64, text.len() as u64])).map(|_| 0)
    }

    fn entropy(&self, args: &[u64; 6]) -> Answer {
        if args[1] > MAX_ENTROPY_BYTES {
            return Err(Errno::EINVAL);
        }
        let buffer = self.memory.slice(args[0], args[1])?;
        host::retry(|| host::call(libc::SYS_getrandom, &[buffer.as_ptr() as u64, buffer.len() as u64, 0]))
    }
}
