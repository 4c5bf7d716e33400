//! Who waits for what: [`Places`], one for each descriptor.
//!
//! epoll knows a descriptor once, so all requests for it stand in one line, in the order in which they came, and
//! what is watched is the sum of their wishes. This is bookkeeping only: who looks and answers is
//! [`super::readiness`].

use super::Pending;
use super::kinds::is_incoming;
use super::waiting::PollSet;
use crate::host_signals::interrupt::Moment;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::os::fd::{AsRawFd, OwnedFd, RawFd};
use std::sync::Arc;

/// A request that somebody else than its vCPU serves.
#[derive(Debug)]
pub struct Job {
    /// The vCPU that asked.
    pub cpu: usize,
    /// What it asked.
    pub pending: Pending,
    /// When.
    pub since: Moment,
    /// For what moves something in or out of a file: that file, which stays open, even if its handle is closed.
    pub file: Option<Arc<OwnedFd>>,
    /// Whether a worker has it because of its place in a line: others there wait for its end.
    pub is_lent: bool,
}

/// A request that waits until descriptors are ready.
#[derive(Debug)]
pub struct Parked {
    /// The request.
    pub job: Job,
    /// For a poll: what it asks about.
    pub poll: Option<Box<PollSet>>,
    /// For a poll: when it ends, on CLOCK_MONOTONIC.
    pub deadline_ns: Option<u64>,
}

/// One descriptor, and who waits for it.
#[derive(Debug)]
pub struct Place {
    /// Keeps the number from being another file's.
    pub file: Arc<OwnedFd>,
    /// The first has come first.
    pub line: VecDeque<Waiter>,
    /// Whether epoll knows it.
    pub is_registered: bool,
    /// What epoll watches: 0 after it has told.
    pub armed: u32,
    /// Ways (EPOLLIN, EPOLLOUT) on which a worker is at work.
    pub lent: u32,
    /// How often in a row epoll has told of something that nobody could use.
    pub vain: u32,
}

/// One in a line.
#[derive(Clone, Copy, Debug)]
pub struct Waiter {
    /// Of the request, by which it is found.
    pub address: u64,
    /// What it waits for, beside errors and the other end's end.
    pub events: u32,
    /// Whether it takes what it waits for: a poll does not.
    pub takes: bool,
}

/// All that wait.
#[derive(Debug, Default)]
pub struct Places {
    parked: BTreeMap<u64, Parked>,
    places: BTreeMap<RawFd, Place>,
    deadlines: BTreeSet<(u64, u64)>,
}

impl Job {
    /// For the same: what epoll calls its way.
    pub const fn way(&self) -> u32 {
        if is_incoming(self.pending.number) { libc::EPOLLIN as u32 } else { libc::EPOLLOUT as u32 }
    }
}

impl Parked {
    /// Its descriptors, and what it wants of each.
    fn wishes(&self) -> Vec<(Arc<OwnedFd>, u32)> {
        match (&self.poll, &self.job.file) {
            (Some(set), _) => set.asked().map(|(file, events)| (file.clone(), events)).collect(),
            (None, Some(file)) => vec![(file.clone(), self.job.way())],
            (None, None) => Vec::new(),
        }
    }
}

impl Place {
    const fn of(file: Arc<OwnedFd>) -> Self {
        Self { file, line: VecDeque::new(), is_registered: false, armed: 0, lent: 0, vain: 0 }
    }

    /// What those wait for who need not wait for a worker's end; nothing if there is nobody.
    pub fn wanted(&self) -> Option<u32> {
        let free = self.line.iter().filter(|waiter| !waiter.takes || waiter.events & self.lent == 0);
        free.map(|waiter| waiter.events).reduce(|all, events| all | events)
    }
}

impl Places {
    /// Whether a request with this address waits.
    pub fn holds(&self, address: u64) -> bool {
        self.parked.contains_key(&address)
    }

    /// Puts a request, whose address no other has, at the end of its lines, and tells which.
    pub fn add(&mut self, parked: Parked) -> Vec<RawFd> {
        let address = parked.job.pending.address;
        let takes = parked.poll.is_none();
        let mut fds = Vec::new();
        for (file, events) in parked.wishes() {
            let fd = file.as_raw_fd();
            let place = self.places.entry(fd).or_insert_with(|| Place::of(file));
            place.line.push_back(Waiter { address, events, takes });
            fds.push(fd);
        }
        self.deadlines.extend(parked.deadline_ns.map(|deadline_ns| (deadline_ns, address)));
        self.parked.insert(address, parked);
        fds
    }

    /// Takes a request out of its lines. The second value are descriptors for which nobody waits any more, and which
    /// must not be watched when their files are dropped.
    pub fn remove(&mut self, address: u64) -> Option<(Parked, Vec<Arc<OwnedFd>>)> {
        let parked = self.parked.remove(&address)?;
        if let Some(deadline_ns) = parked.deadline_ns {
            self.deadlines.remove(&(deadline_ns, address));
        }
        let mut left = Vec::new();
        for (file, _) in parked.wishes() {
            let fd = file.as_raw_fd();
            // A poll may name a descriptor twice.
            let Some(place) = self.places.get_mut(&fd) else { continue };
            if let Some(position) = place.line.iter().position(|waiter| waiter.address == address) {
                place.line.remove(position);
            }
            left.extend(self.leave(fd));
        }
        Some((parked, left))
    }

    /// Gives up a place where nobody waits or works.
    pub fn leave(&mut self, fd: RawFd) -> Option<Arc<OwnedFd>> {
        let place = self.places.get(&fd)?;
        if !place.line.is_empty() || place.lent != 0 {
            return None;
        }
        self.places.remove(&fd).map(|place| place.file)
    }

    /// The place of a descriptor.
    pub fn place(&mut self, fd: RawFd) -> Option<&mut Place> {
        self.places.get_mut(&fd)
    }

    /// A request that waits.
    pub fn parked(&mut self, address: u64) -> Option<&mut Parked> {
        self.parked.get_mut(&address)
    }

    /// The addresses of those that were made at another moment than `now`.
    pub fn older_than(&self, now: Moment) -> Vec<u64> {
        let older = self.parked.iter().filter(|(_, parked)| parked.job.since != now);
        older.map(|(&address, _)| address).collect()
    }

    /// The next end of a poll, and its address.
    pub fn next_deadline(&self) -> Option<(u64, u64)> {
        self.deadlines.first().copied()
    }

    #[cfg(test)]
    pub fn are_empty(&self) -> bool {
        self.parked.is_empty() && self.places.is_empty() && self.deadlines.is_empty()
    }
}
