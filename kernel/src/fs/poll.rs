//! Waiting for several files at once.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::sync::atomic::{AtomicBool, AtomicU32, Ordering::SeqCst};

use super::file::{File, Readiness};
use super::ready::Watcher;
use super::{fd_table, host};
use crate::arch::percpu;
use crate::sched::{self, Task};
use crate::sync::futex;
use crate::{platform, signal, time};
use abi::c::{POLLERR, POLLHUP, POLLNVAL};
use abi::errno::Errno;
use abi::file::PollHandle;
use abi::hypercall::MAX_POLL_HANDLES;

/// The file behind one entry, which stays open until the answer is there; `None`: nothing is asked.
pub type Opened = Option<Result<Arc<dyn File>, Errno>>;

/// poll(2) on copies of the program's `struct pollfd`s, which have the layout of [`PollHandle`], until a
/// moment on the monotonic clock. Returns how many are ready. `EINTR`: a signal came.
pub fn poll(set: &mut [PollHandle], deadline_ns: Option<u64>) -> Result<u64, Errno> {
    let files = fd_table::descriptors(set.iter().map(|entry| entry.handle));
    poll_files(set, &files, deadline_ns)
}

/// The same with the files behind the entries.
pub fn poll_files(set: &mut [PollHandle], files: &[Opened], deadline_ns: Option<u64>) -> Result<u64, Errno> {
    // Most calls find something, or do not want to wait: they need not stand in any queue.
    let Looked { ready, any_here, any_there } = look(set, files);
    if ready != 0 || deadline_ns.is_some_and(|deadline| deadline <= time::monotonic_ns()) {
        return Ok(ready + if any_there { ask_host(set, files, 0)? } else { 0 });
    }
    let any_there = AtomicBool::new(any_there);
    let caller = Arc::new(Caller { task: sched::share_current(), changes: AtomicU32::new(0), any_there });
    let _watch = any_here.then(|| Watch::new(files, caller.clone()));
    loop {
        let seen = caller.look();
        let Looked { ready: ready_here, any_there, .. } = look(set, files);
        // An epoll may have its first member of the host's by now. What has changed meanwhile was told in the old way.
        caller.any_there.store(any_there, SeqCst);
        if ready_here == 0 && caller.changes.load(SeqCst) != seen {
            continue;
        }
        let left_ms = match deadline_ns {
            _ if ready_here != 0 => 0,
            None => -1,
            Some(deadline_ns) => time::left_ms(deadline_ns),
        };
        let ready_there = if any_there { ask_host(set, files, left_ms)? } else { 0 };
        if ready_here + ready_there != 0 || left_ms == 0 {
            return Ok(ready_here + ready_there);
        }
        signal::interrupt_if_pending()?;
        if !any_there {
            match futex::wait(&caller.changes, seen, deadline_ns) {
                Ok(()) | Err(Errno::EAGAIN | Errno::ETIMEDOUT) => {}
                Err(errno) => return Err(errno),
            }
        }
    }
}

/// The thread that calls.
struct Caller {
    task: Arc<Task>,
    /// Changes of the files that it watches.
    changes: AtomicU32,
    /// It waits in the host, and not for `changes`.
    any_there: AtomicBool,
}

impl Caller {
    /// Forgets changes until now.
    fn look(&self) -> u32 {
        self.task.poll_is_stale.store(false, SeqCst);
        self.changes.load(SeqCst)
    }
}

impl Watcher for Caller {
    fn changed(&self) {
        self.changes.fetch_add(1, SeqCst);
        if !self.any_there.load(SeqCst) {
            futex::wake(core::ptr::from_ref(&self.changes) as usize, usize::MAX);
            return;
        }
        self.task.poll_is_stale.store(true, SeqCst);
        sched::interrupt(&self.task);
        if self.task.core != percpu::current().id.get() {
            // It may be in the host, where no other thread of the isle can wake it.
            platform::kick(self.task.core);
        }
    }
}

/// While it lives the caller stands in the queues of all files.
struct Watch<'a> {
    files: &'a [Opened],
    caller: Arc<Caller>,
    watcher: Arc<dyn Watcher>,
}

impl<'a> Watch<'a> {
    fn new(files: &'a [Opened], caller: Arc<Caller>) -> Self {
        let watcher: Arc<dyn Watcher> = caller.clone();
        open_ones(files).for_each(|file| file.watch(&watcher));
        Self { files, caller, watcher }
    }
}

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        open_ones(self.files).for_each(|file| file.unwatch(&self.watcher));
        self.caller.look();
    }
}

fn open_ones(files: &[Opened]) -> impl Iterator<Item = &Arc<dyn File>> {
    files.iter().flatten().filter_map(|file| file.as_ref().ok())
}

/// What [`look`] has found.
#[derive(Default)]
struct Looked {
    /// So many are ready.
    ready: u64,
    /// There are files that know their readiness.
    any_here: bool,
    /// There are files of which only the host knows it.
    any_there: bool,
}

/// Looks at everything that is not the host's.
fn look(set: &mut [PollHandle], files: &[Opened]) -> Looked {
    let mut looked = Looked::default();
    for (entry, file) in set.iter_mut().zip(files) {
        let (events, here, there) = match file {
            None => (0, false, false),
            Some(Err(_)) => (POLLNVAL, false, false),
            Some(Ok(file)) => match file.readiness() {
                // Errors are told whether asked for or not.
                Readiness::Now(events) => (events & (entry.events | POLLERR | POLLHUP), true, false),
                Readiness::AskHost(_) => (0, false, true),
                Readiness::Both(events, _) => (events & (entry.events | POLLERR | POLLHUP), true, true),
            },
        };
        entry.revents = events;
        looked.ready += u64::from(events != 0);
        looked.any_here |= here;
        looked.any_there |= there;
    }
    looked
}

/// Asks the host about its own; returns how many are ready, none if a signal came, or a change here.
/// `EINVAL`: they are more than it takes.
fn ask_host(set: &mut [PollHandle], files: &[Opened], timeout_ms: i32) -> Result<u64, Errno> {
    let (mut asked, mut asking) = (Vec::new(), Vec::new());
    for (entry, file) in set.iter_mut().zip(files) {
        if let Some(Ok(file)) = file
            && let Readiness::AskHost(handle) | Readiness::Both(_, handle) = file.readiness()
        {
            asked.push(PollHandle { handle, events: entry.events, revents: 0 });
            asking.push(entry);
        }
    }
    if asked.len() as u64 > MAX_POLL_HANDLES {
        return Err(Errno::EINVAL);
    }
    match host::poll(&mut asked, timeout_ms) {
        Err(Errno::EINTR) => return Ok(0),
        ready => ready?,
    };
    let mut news = 0;
    for (entry, answer) in asking.into_iter().zip(&asked) {
        // What was ready here has been counted.
        news += u64::from(entry.revents == 0 && answer.revents != 0);
        entry.revents |= answer.revents;
    }
    Ok(news)
}
