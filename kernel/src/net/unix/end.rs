//! One end of what sockets inside of the isle are connected by: [`End`].

use alloc::collections::VecDeque;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::names::{self, Name};
use super::queue::Queue;
use crate::fs::ready::WaitQueue;
use crate::sync::SpinLock;
use abi::c::{POLLERR, POLLHUP, POLLIN, POLLOUT, POLLRDHUP};
use abi::errno::Errno;

/// What a socket carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// SOCK_STREAM.
    Stream,
    /// SOCK_DGRAM.
    Datagram,
    /// SOCK_SEQPACKET: messages, connected.
    Packets,
}

/// An end. Whoever changes it announces that in `changes`.
pub struct End {
    pub kind: Kind,
    /// What was sent to it.
    pub incoming: Queue,
    /// Something has come, or ended, or the other side has room again.
    pub changes: WaitQueue,
    /// Datagrams have been received: there is room for who waits to send.
    pub room: WaitQueue,
    state: SpinLock<State>,
}

#[derive(Default)]
struct State {
    /// As the program wrote it, and as it is found by.
    name: Option<(Name, Name)>,
    peer: Option<Arc<End>>,
    listening: Option<Listening>,
    was_connected: bool,
    is_shut_for_writing: bool,
    /// To be told once (SO_ERROR).
    error: Option<Errno>,
}

struct Listening {
    most: usize,
    pending: VecDeque<Arc<End>>,
}

impl End {
    pub fn new(kind: Kind) -> Arc<Self> {
        Arc::new(Self {
            kind,
            incoming: Queue::new(),
            changes: WaitQueue::new(),
            room: WaitQueue::new(),
            state: SpinLock::new(State::default()),
        })
    }

    /// Two that are connected.
    pub fn pair(kind: Kind) -> (Arc<Self>, Arc<Self>) {
        let (one, other) = (Self::new(kind), Self::new(kind));
        one.join(&other);
        (one, other)
    }

    fn join(self: &Arc<Self>, other: &Arc<Self>) {
        for (here, there) in [(self, other), (other, self)] {
            let mut state = here.state.lock();
            state.peer = Some(there.clone());
            state.was_connected = true;
        }
    }

    /// Who gets what is sent without an address. Errors: `ENOTCONN`, `EPIPE`.
    pub fn peer(&self) -> Result<Arc<Self>, Errno> {
        let state = self.state.lock();
        match (&state.peer, state.was_connected) {
            (Some(peer), _) if !state.is_shut_for_writing => Ok(peer.clone()),
            (Some(_), _) => Err(Errno::EPIPE),
            (None, true) if self.kind != Kind::Datagram => Err(Errno::EPIPE),
            (None, true) => Err(Errno::ECONNREFUSED),
            (None, false) => Err(Errno::ENOTCONN),
        }
    }

    /// The same whether it can be written to or not.
    pub fn other_side(&self) -> Option<Arc<Self>> {
        self.state.lock().peer.clone()
    }

    /// Whether it has ever been connected.
    pub fn was_connected(&self) -> bool {
        self.state.lock().was_connected
    }

    /// Whether accept(2) is what one does with it.
    pub fn is_listening(&self) -> bool {
        self.state.lock().listening.is_some()
    }

    /// The name as the program wrote it.
    pub fn name(&self) -> Option<Name> {
        self.state.lock().name.as_ref().map(|(written, _)| written.clone())
    }

    /// An error that has not been told.
    pub fn take_error(&self) -> Option<Errno> {
        self.state.lock().error.take()
    }

    /// Has `written` for a name, found as `key`. `EINVAL`: it has one.
    pub fn bind(self: &Arc<Self>, written: Name, key: Name) -> Result<(), Errno> {
        if self.name().is_some() {
            return Err(Errno::EINVAL);
        }
        names::bind(&key, self)?;
        self.state.lock().name = Some((written, key));
        Ok(())
    }

    /// Gets an automatic name.
    pub fn bind_anywhere(self: &Arc<Self>) -> Result<(), Errno> {
        let name = names::bind_anywhere(self)?;
        self.state.lock().name = Some((name.clone(), name));
        Ok(())
    }

    /// listen(2). Errors: `EOPNOTSUPP` datagrams, `EINVAL` without a name, or connected.
    pub fn listen(&self, backlog: usize) -> Result<(), Errno> {
        if self.kind == Kind::Datagram {
            return Err(Errno::EOPNOTSUPP);
        }
        let pending = VecDeque::with_capacity(backlog + 1);
        let mut state = self.state.lock();
        if state.name.is_none() || state.was_connected {
            return Err(Errno::EINVAL);
        }
        match &mut state.listening {
            Some(listening) => listening.most = backlog,
            None => state.listening = Some(Listening { most: backlog, pending }),
        }
        Ok(())
    }

    /// Connects to the one that listens there: `EAGAIN` its line is full, `ECONNREFUSED` it does not listen, `EISCONN`.
    pub fn connect(self: &Arc<Self>, listener: &Arc<Self>) -> Result<(), Errno> {
        if self.was_connected() {
            return Err(Errno::EISCONN);
        }
        if self.is_listening() {
            return Err(Errno::EINVAL);
        }
        if listener.kind != self.kind {
            return Err(Errno::EPROTOTYPE);
        }
        let accepted = Self::new(self.kind);
        accepted.state.lock().name =
            listener.state.lock().name.as_ref().map(|(written, _)| (written.clone(), Vec::new()));
        {
            let mut state = listener.state.lock();
            let listening = state.listening.as_mut().ok_or(Errno::ECONNREFUSED)?;
            if listening.pending.len() > listening.most {
                return Err(Errno::EAGAIN);
            }
            // Its room was made by listen(2).
            listening.pending.push_back(accepted.clone());
        }
        self.join(&accepted);
        listener.changes.announce();
        self.changes.announce();
        Ok(())
    }

    /// The next that has connected. `EAGAIN`: nobody has; `EINVAL`: it does not listen.
    pub fn accept(&self) -> Result<Arc<Self>, Errno> {
        let mut state = self.state.lock();
        let listening = state.listening.as_mut().ok_or(Errno::EINVAL)?;
        let accepted = listening.pending.pop_front().ok_or(Errno::EAGAIN)?;
        drop(state);
        // There is room for another one.
        self.room.announce();
        Ok(accepted)
    }

    /// Sends to `other` from now on (datagrams); to nobody if there is none.
    pub fn connect_to(&self, other: Option<Arc<Self>>) {
        let before = {
            let mut state = self.state.lock();
            state.was_connected = other.is_some();
            core::mem::replace(&mut state.peer, other)
        };
        drop(before);
        self.changes.announce();
    }

    /// shutdown(2).
    pub fn shut(&self, reading: bool, writing: bool) {
        let peer = {
            let mut state = self.state.lock();
            state.is_shut_for_writing |= writing;
            state.peer.clone()
        };
        if reading {
            self.incoming.end();
            self.incoming.refuse();
        }
        if writing && let Some(peer) = &peer {
            peer.incoming.end();
        }
        for end in peer.iter().map(|peer| &**peer).chain([self]) {
            end.changes.announce();
        }
    }

    /// Nobody has it open any more.
    pub fn close(&self) {
        let (name, peer, listening) = {
            let mut state = self.state.lock();
            (state.name.take(), state.peer.take(), state.listening.take())
        };
        if let Some((_, key)) = name.filter(|(_, key)| !key.is_empty()) {
            names::free(&key);
        }
        let lost = self.incoming.close();
        if let Some(peer) = peer
            && self.kind != Kind::Datagram
        {
            peer.left_by_other(!lost.is_empty());
        }
        for waiting in listening.into_iter().flat_map(|listening| listening.pending) {
            waiting.close();
        }
        self.room.announce();
        self.changes.announce();
    }

    /// The other side is gone, and may have received less than was sent.
    fn left_by_other(&self, lost: bool) {
        let peer = {
            let mut state = self.state.lock();
            if lost {
                state.error = Some(Errno::ECONNRESET);
            }
            state.peer.take()
        };
        drop(peer);
        self.incoming.end();
        self.changes.announce();
    }

    /// Which events of poll(2) hold.
    pub fn events(&self) -> i16 {
        let (peer, pending, was_connected, has_error) = {
            let state = self.state.lock();
            let pending = state.listening.as_ref().map(|listening| !listening.pending.is_empty());
            (state.peer.clone(), pending, state.was_connected, state.error.is_some())
        };
        if let Some(is_pending) = pending {
            return if is_pending { POLLIN } else { 0 };
        }
        let condition = self.incoming.condition();
        let mut events = if condition.has_packets || condition.is_ended { POLLIN } else { 0 };
        if has_error {
            events |= POLLERR;
        }
        if condition.is_ended {
            events |= POLLRDHUP;
        }
        let connects = self.kind != Kind::Datagram;
        if connects && peer.is_none() {
            // Never connected, or the other side is gone.
            events |= POLLHUP | if was_connected { POLLRDHUP } else { 0 };
        }
        let has_room = peer.is_none_or(|peer| peer.incoming.condition().has_room);
        if has_room { events | POLLOUT } else { events }
    }
}
