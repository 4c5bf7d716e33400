//! Requests that wait in one thread, however many they are: [`Readiness`].
//!
//! Whoever is told to wait for descriptors that can be polled is [parked](Readiness::park): epoll watches the descriptors,
//! each for one event (EPOLLONESHOT), and when it tells of one the thread goes along the line of those who wait
//! for it and does what can be done without blocking ([`Attempt`]), until the first who must wait on. Nobody sets
//! O_NONBLOCK. A file that knows no attempts is lent to a worker, which serves the head of the line and blocks
//! only if another process is faster; the others wait for its end, so that one line never takes more than
//! one thread for each way. Ends of polls are those of one timer.
//!
//! The thread, the epoll instance and the timer come into being with the first request; while nobody waits, nothing is
//! watched and no time is set.

use super::attempt::Attempt;
use super::kinds::is_transfer;
use super::places::{Job, Parked, Place, Places, Waiter};
use super::waiting::Time;
use super::{Server, host};
use crate::host_signals::interrupt::{self, Moment};
use abi::errno::Errno;
use abi::hypercall::Number;
use rustix::event::epoll;
use rustix::io::Errno as HostErrno;
use rustix::time::{
    Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create, timerfd_settime,
};
use std::os::fd::{AsRawFd, OwnedFd, RawFd};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// Most events that one call tells of.
const MAX_EVENTS: usize = 64;

/// What epoll says of the timer; of a descriptor it says its number.
const TIMER: u64 = u64::MAX;

/// A time for which the timer is never set.
const FIRED: u64 = u64::MAX;

/// Errors and the end of the other side are told whether they are asked for or not, and to everybody.
const FOR_ALL: u32 = (libc::EPOLLERR | libc::EPOLLHUP) as u32;

/// So often in a row epoll tells of a descriptor without use before the head of its line goes to a worker, who sleeps in
/// the call: there are sockets that poll(2) calls ready and read(2) does not.
const MAX_VAIN: u32 = 32;

const NS_PER_MS: u64 = 1_000_000;
const NS_PER_S: u64 = 1_000_000_000;

/// All that wait for descriptors of one server.
#[derive(Debug)]
pub struct Readiness {
    server: &'static Server,
    state: Mutex<State>,
    instance: OnceLock<Instance>,
}

#[derive(Debug, Default)]
struct State {
    places: Places,
    /// When the timer fires; 0: never. [`FIRED`]: it has fired, which epoll tells again and again until it is set.
    timer_ns: u64,
    has_thread: bool,
}

#[derive(Debug)]
struct Instance {
    epoll: OwnedFd,
    timer: OwnedFd,
}

/// What the thread has done at once.
pub struct Turn<'a> {
    /// Takes requests for workers; gives back what it cannot take.
    lend: &'a dyn Fn(Job) -> Result<(), Job>,
    /// vCPUs with answers.
    answered: Vec<usize>,
}

/// What came of a look at one who waits.
enum Look {
    Waits,
    Progressed,
    Gone,
}

impl Readiness {
    /// For requests of `server`.
    pub fn new(server: &'static Server) -> Self {
        Self { server, state: Mutex::default(), instance: OnceLock::new() }
    }

    /// Takes a request that waits for descriptors, or gives it back if it waits for something else, or Linux has no place
    /// for it. `start` starts the thread, which calls [`Self::turn`] for ever.
    pub fn park(&self, job: Job, start: impl FnOnce() -> std::io::Result<()>) -> Result<(), Job> {
        let address = job.pending.address;
        let parked = self.wish(job)?;
        let mut state = self.lock();
        let Ok(instance) = self.instance() else { return Err(parked.job) };
        if state.places.holds(address) {
            return Err(parked.job);
        }
        if !state.has_thread {
            if start().is_err() {
                return Err(parked.job);
            }
            state.has_thread = true;
        }
        let may_be_refused = parked.poll.is_some();
        for fd in state.places.add(parked) {
            let armed = state.places.place(fd).map_or(Ok(()), |place| arm(instance, place));
            // A file that epoll does not know is never ready for what poll(2) has not seen at once.
            if armed.is_err_and(|errno| errno != HostErrno::PERM || !may_be_refused) {
                return remove(instance, &mut state, address).map_or(Ok(()), |parked| Err(parked.job));
            }
        }
        // The thread may have looked at signals before the request was there.
        if state.places.parked(address).is_some_and(|parked| parked.job.since != interrupt::now()) {
            self.interrupt(instance, &mut state, address);
        }
        set_timer(instance, &mut state);
        Ok(())
    }

    /// Ends the request at this address, and tells whose it was, if it waits here.
    pub fn cancel(&self, address: u64) -> Option<usize> {
        let instance = self.instance.get()?;
        let mut state = self.lock();
        let cpu = self.interrupt(instance, &mut state, address)?;
        set_timer(instance, &mut state);
        Some(cpu)
    }

    /// A worker is done with a request that was lent to it: the next in its line is no longer held up.
    pub fn give_back(&self, job: &Job) {
        let (Some(instance), Some(file)) = (self.instance.get(), &job.file) else { return };
        let mut state = self.lock();
        let fd = file.as_raw_fd();
        let Some(place) = state.places.place(fd) else { return };
        place.lent &= !job.way();
        settle(instance, &mut state, fd);
    }

    /// Waits until something can be done, and does it. Returns vCPUs with answers. `seen` is when it last looked for
    /// signals.
    pub fn turn(&self, seen: &mut Option<Moment>, lend: &dyn Fn(Job) -> Result<(), Job>) -> Vec<usize> {
        let Some(instance) = self.instance.get() else { return Vec::new() };
        let mut turn = Turn { lend, answered: Vec::new() };
        if *seen != Some(interrupt::now()) {
            let mut state = self.lock();
            // Under the lock: what is parked later knows this moment, or ends by itself.
            let now = interrupt::now();
            *seen = Some(now);
            interrupt::watch_signals(now);
            for address in state.places.older_than(now) {
                turn.answered.extend(self.interrupt(instance, &mut state, address));
            }
            set_timer(instance, &mut state);
            if !turn.answered.is_empty() {
                return turn.done();
            }
        }
        let mut events = [libc::epoll_event { events: 0, u64: 0 }; MAX_EVENTS];
        let count = wait(instance, &mut events);
        let mut state = self.lock();
        for event in &events[..count] {
            let (events, data) = (event.events, event.u64);
            if data == TIMER {
                state.timer_ns = FIRED;
                self.on_time(instance, &mut state, &mut turn);
            } else if let Ok(fd) = RawFd::try_from(data) {
                self.on_event(instance, &mut state, fd, events, &mut turn);
            }
        }
        set_timer(instance, &mut state);
        drop(state);
        turn.done()
    }

    /// Whether there is a thread, or will be one in a moment.
    #[cfg(test)]
    pub fn has_thread(&self) -> bool {
        self.lock().has_thread
    }

    /// Whether nobody waits, nothing is watched, and no time is set or told.
    #[cfg(test)]
    pub fn is_calm(&self) -> bool {
        let state = self.lock();
        let is_silent = |instance: &Instance| !host::is_ready(&instance.timer, libc::POLLIN).unwrap_or(false);
        state.places.are_empty() && state.timer_ns == 0 && self.instance.get().is_none_or(is_silent)
    }

    /// What the request of `job` waits for.
    fn wish(&self, job: Job) -> Result<Parked, Job> {
        if is_transfer(job.pending.number) && job.file.is_some() {
            return Ok(Parked { job, poll: None, deadline_ns: None });
        }
        if job.pending.number != Number::Poll {
            return Err(job);
        }
        let Ok(set) = self.server.poll_set(&job.pending.args) else { return Err(job) };
        // Negative: for ever.
        let timeout_ms = u64::try_from(job.pending.args[2] as i32).ok();
        let deadline_ns = timeout_ms.map(|timeout_ms| now_ns() + timeout_ms * NS_PER_MS);
        Ok(Parked { job, poll: Some(Box::new(set)), deadline_ns })
    }

    /// Along the line of a descriptor of which epoll has told.
    fn on_event(&self, instance: &Instance, state: &mut State, fd: RawFd, events: u32, turn: &mut Turn<'_>) {
        let Some(place) = state.places.place(fd) else { return };
        place.armed = 0;
        let events = if events & FOR_ALL == 0 { events } else { u32::MAX };
        let (mut held_up, mut next, mut is_vain) = (place.lent, 0, true);
        while let Some(waiter) = state.places.place(fd).and_then(|place| place.line.get(next)).copied() {
            let concerns = events & waiter.events != 0 || events == u32::MAX;
            if !concerns || (waiter.takes && held_up & waiter.events != 0) {
                next += 1;
                continue;
            }
            match self.look(instance, state, fd, waiter, turn) {
                Look::Gone => is_vain = false,
                look => {
                    is_vain &= matches!(look, Look::Waits);
                    next += 1;
                    if waiter.takes {
                        held_up |= waiter.events;
                    }
                }
            }
            held_up |= state.places.place(fd).map_or(0, |place| place.lent);
        }
        if let Some(place) = state.places.place(fd) {
            place.vain = if is_vain { place.vain + 1 } else { 0 };
        }
        settle(instance, state, fd);
    }

    /// Does for one in the line of `fd` what can be done.
    fn look(
        &self,
        instance: &Instance,
        state: &mut State,
        fd: RawFd,
        waiter: Waiter,
        turn: &mut Turn<'_>,
    ) -> Look {
        let vain = state.places.place(fd).map_or(0, |place| place.vain);
        let Some(parked) = state.places.parked(waiter.address) else { return Look::Waits };
        let answer = match (&mut parked.poll, &parked.job.file) {
            (Some(set), _) => self.server.look_again(set, Time::Left),
            (None, Some(file)) => match self.server.attempt(file, &parked.job.pending) {
                Attempt::Answered(answer) => Some(answer),
                Attempt::Waits(done) if done > parked.job.pending.done => {
                    parked.job.pending.done = done;
                    return Look::Progressed;
                }
                Attempt::Waits(_) if vain < MAX_VAIN => None,
                // Else it is another process's luck, or an event of a file that had this number before.
                Attempt::Unknown if !host::is_ready(file, waiter.events as i16).unwrap_or(false) => None,
                Attempt::Waits(_) | Attempt::Unknown => {
                    self.lend(instance, state, fd, waiter, turn);
                    return Look::Gone;
                }
            },
            (None, None) => None,
        };
        let Some(answer) = answer else { return Look::Waits };
        if let Some(parked) = remove(instance, state, waiter.address) {
            self.server.reply(waiter.address, answer);
            turn.answered.push(parked.job.cpu);
        }
        Look::Gone
    }

    fn lend(&self, instance: &Instance, state: &mut State, fd: RawFd, waiter: Waiter, turn: &mut Turn<'_>) {
        // First: a place at which somebody works stays.
        if let Some(place) = state.places.place(fd) {
            place.lent |= waiter.events;
        }
        let Some(parked) = remove(instance, state, waiter.address) else { return };
        let job = Job { is_lent: true, ..parked.job };
        // Under the lock: a request is always here or with the workers.
        if let Err(job) = (turn.lend)(job) {
            if let Some(place) = state.places.place(fd) {
                place.lent &= !waiter.events;
            }
            self.server.reply(waiter.address, Err(Errno::ENOMEM));
            turn.answered.push(job.cpu);
        }
    }

    /// Polls whose time is over.
    fn on_time(&self, instance: &Instance, state: &mut State, turn: &mut Turn<'_>) {
        let now_ns = now_ns();
        while let Some((deadline_ns, address)) = state.places.next_deadline()
            && deadline_ns <= now_ns
        {
            let Some(mut parked) = remove(instance, state, address) else { return };
            let answer = parked.poll.as_mut().and_then(|set| self.server.look_again(set, Time::Over));
            self.server.reply(address, answer.unwrap_or(Ok(0)));
            turn.answered.push(parked.job.cpu);
        }
    }

    /// Answers a request with what it has done, or EINTR.
    fn interrupt(&self, instance: &Instance, state: &mut State, address: u64) -> Option<usize> {
        let parked = remove(instance, state, address)?;
        self.server.reply(address, parked.job.pending.interrupted());
        Some(parked.job.cpu)
    }

    fn instance(&self) -> Result<&Instance, HostErrno> {
        if let Some(instance) = self.instance.get() {
            return Ok(instance);
        }
        let epoll = epoll::create(epoll::CreateFlags::CLOEXEC)?;
        let timer = timerfd_create(TimerfdClockId::Monotonic, TimerfdFlags::CLOEXEC)?;
        epoll::add(&epoll, &timer, epoll::EventData::new_u64(TIMER), epoll::EventFlags::IN)?;
        Ok(self.instance.get_or_init(|| Instance { epoll, timer }))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turn<'_> {
    /// Each vCPU is told once.
    fn done(mut self) -> Vec<usize> {
        self.answered.sort_unstable();
        self.answered.dedup();
        self.answered
    }
}

/// How many events there are; none if a signal came for the program.
fn wait(instance: &Instance, events: &mut [libc::epoll_event; MAX_EVENTS]) -> usize {
    let (epoll, forever) = (instance.epoll.as_raw_fd() as u64, -1_i64 as u64);
    let args = [epoll, events.as_mut_ptr() as u64, MAX_EVENTS as u64, forever];
    interrupt::blocking(libc::SYS_epoll_wait, &args).map_or(0, |count| count as usize)
}

/// Lets epoll watch all that is wanted of a place.
fn arm(instance: &Instance, place: &mut Place) -> Result<(), HostErrno> {
    let Some(wanted) = place.wanted() else { return Ok(()) };
    let watched = wanted | FOR_ALL | libc::EPOLLONESHOT as u32;
    if place.armed & watched == watched {
        return Ok(());
    }
    let flags = epoll::EventFlags::from_bits_retain(watched);
    let data = epoll::EventData::new_u64(place.file.as_raw_fd() as u64);
    let change = if place.is_registered { epoll::modify } else { epoll::add };
    change(&instance.epoll, &place.file, data, flags)?;
    place.is_registered = true;
    place.armed = watched;
    Ok(())
}

/// After somebody has left a place: it is watched for those who stay, or given up.
fn settle(instance: &Instance, state: &mut State, fd: RawFd) {
    match state.places.leave(fd) {
        Some(file) => forget(instance, &file),
        None => {
            // It is registered, and nothing else can be wrong with it.
            let _ = state.places.place(fd).map(|place| arm(instance, place));
        }
    }
}

fn remove(instance: &Instance, state: &mut State, address: u64) -> Option<Parked> {
    let (parked, left) = state.places.remove(address)?;
    left.iter().for_each(|file| forget(instance, file));
    Some(parked)
}

fn forget(instance: &Instance, file: &Arc<OwnedFd>) {
    // One that was never registered is as good.
    let _ = epoll::delete(&instance.epoll, &**file);
}

/// Sets the timer to the next end of a poll.
fn set_timer(instance: &Instance, state: &mut State) {
    let next_ns = state.places.next_deadline().map_or(0, |(deadline_ns, _)| deadline_ns);
    if next_ns == state.timer_ns {
        return;
    }
    let at = |ns: u64| Timespec { tv_sec: (ns / NS_PER_S) as i64, tv_nsec: (ns % NS_PER_S) as _ };
    let time = Itimerspec { it_interval: at(0), it_value: at(next_ns) };
    // A moment that has passed fires at once; 0 also takes back that it has fired.
    if timerfd_settime(&instance.timer, TimerfdTimerFlags::ABSTIME, &time).is_ok() {
        state.timer_ns = next_ns;
    }
}

fn now_ns() -> u64 {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
    now.tv_sec as u64 * NS_PER_S + now.tv_nsec as u64
}
