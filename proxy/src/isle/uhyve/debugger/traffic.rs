//! Who may run while there is a debugger: [`Traffic`] stops vCPUs outside of the guest and lets them go.
//!
//! A vCPU passes by [`Traffic::pass`] before it enters the guest. To stop one that is inside, KVM is told to
//! leave at once (`kvm_run.immediate_exit`, also if it has not entered yet) and the thread is interrupted.

use super::super::machine::Machine;
use super::super::observer::Event;
use crate::error::IsleError;
use crate::host_signals::INTERRUPT_SIGNAL;
use crate::host_signals::raw::raw_call;
use core::mem::ManuallyDrop;
use kvm_ioctls::{VcpuExit, VcpuFd};
use rustix::event::EventfdFlags;
use std::collections::VecDeque;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// What a vCPU shall do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Stand still.
    Stop,
    /// Run.
    Go,
}

/// A step that is over only at `destination`, and the instructions on the way there.
#[derive(Clone, Copy, Debug)]
pub struct Journey {
    /// Address of an instruction.
    pub destination: u64,
    /// Instructions that have been executed.
    pub steps: u64,
    /// Whether it was reached.
    pub is_over: bool,
}

/// All vCPUs.
#[derive(Debug)]
pub struct Traffic {
    state: Mutex<State>,
    changed: Condvar,
    /// Can be read when there are events.
    bell: OwnedFd,
}

#[derive(Debug)]
struct State {
    /// By number; `None`: not started yet.
    vcpus: Vec<Option<Vehicle>>,
    events: VecDeque<(usize, Event)>,
    /// What those that start get.
    order: Order,
    /// Steps on the way to somewhere.
    journey: Option<Journey>,
    /// There is no debugger any more.
    over: bool,
}

#[derive(Debug)]
struct Vehicle {
    /// The vCPU once more, for the debugger's thread. The descriptor belongs to the vCPU's thread.
    vcpu: ManuallyDrop<VcpuFd>,
    thread: i32,
    order: Order,
    stands: bool,
}

impl Traffic {
    /// Nobody is there yet, and whoever comes shall stop.
    pub fn new(nr_cpus: usize) -> Result<Self, IsleError> {
        let bell = rustix::event::eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)
            .map_err(IsleError::host("make an eventfd", "raise ulimit -n"))?;
        let vcpus = (0..nr_cpus).map(|_| None).collect();
        let state = State { vcpus, events: VecDeque::new(), order: Order::Stop, journey: None, over: false };
        Ok(Self { state: Mutex::new(state), changed: Condvar::new(), bell })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        self.changed.wait(state).unwrap_or_else(PoisonError::into_inner)
    }

    /// The calling thread is vCPU `cpu` from now on.
    pub fn join(&self, cpu: usize, machine: &Machine, vcpu: &VcpuFd) -> Result<(), IsleError> {
        let vcpu = ManuallyDrop::new(machine.same_vcpu(vcpu)?);
        let thread = rustix::thread::gettid().as_raw_pid();
        let mut state = self.state();
        let order = state.order;
        state.vcpus[cpu] = Some(Vehicle { vcpu, thread, order, stands: false });
        Ok(())
    }

    /// Called by vCPU `cpu` before it enters the guest: waits if it shall stop.
    pub fn pass(&self, cpu: usize, vcpu: &mut VcpuFd) {
        let state = self.state();
        if state.over || state.order_of(cpu) == Order::Go {
            return;
        }
        drop(state);
        // What the guest has asked for is done when KVM knows that it has been answered; the registers are
        // right then.
        vcpu.set_kvm_immediate_exit(1);
        if let Ok(VcpuExit::Debug(found)) = vcpu.run() {
            self.tell(cpu, Event::Debug(found));
        }
        let mut state = self.state();
        state.stand(cpu, true);
        self.changed.notify_all();
        while !state.over && state.order_of(cpu) == Order::Stop {
            state = self.wait(state);
        }
        state.stand(cpu, false);
    }

    /// From now on steps lead to `destination`.
    pub fn depart(&self, destination: u64) {
        self.state().journey = Some(Journey { destination, steps: 0, is_over: false });
    }

    /// How far it was.
    pub fn journey(&self) -> Option<Journey> {
        self.state().journey
    }

    /// A vCPU has made a step and is at `address`: whether it goes on.
    pub fn travels(&self, address: u64) -> bool {
        let Some(journey) = &mut self.state().journey else { return false };
        if journey.is_over {
            return false;
        }
        journey.steps += 1;
        journey.is_over = journey.destination == address;
        !journey.is_over
    }

    /// vCPU `cpu` stops by itself; [`Traffic::pass`] will keep it.
    pub fn tell(&self, cpu: usize, event: Event) {
        let mut state = self.state();
        if let Some(vehicle) = &mut state.vcpus[cpu] {
            vehicle.order = Order::Stop;
        }
        state.events.push_back((cpu, event));
        // The counter cannot overflow, and then it would ring all the same.
        let _ = rustix::io::write(&self.bell, &1_u64.to_ne_bytes());
    }

    /// vCPU `cpu` has ended the program: its thread waits for the debugger to know and to end the process.
    /// Returns if there is none any more.
    pub fn finish(&self, cpu: usize, status: u8) {
        if self.state().over {
            return;
        }
        self.tell(cpu, Event::Exited(status));
        let mut state = self.state();
        state.stand(cpu, true);
        self.changed.notify_all();
        while !state.over {
            state = self.wait(state);
        }
    }

    /// Can be read when [`Traffic::take`] has something.
    pub fn bell(&self) -> BorrowedFd<'_> {
        self.bell.as_fd()
    }

    /// Stops all, and waits until they stand. Then the oldest event; the end of the program goes first.
    pub fn stop_all(&self) -> Option<(usize, Event)> {
        let pid = rustix::process::getpid().as_raw_pid() as u64;
        let mut state = self.state();
        state.order = Order::Stop;
        for vehicle in state.vcpus.iter_mut().flatten() {
            vehicle.order = Order::Stop;
            if !vehicle.stands {
                vehicle.vcpu.set_kvm_immediate_exit(1);
                raw_call(libc::SYS_tgkill, [pid, vehicle.thread as u64, INTERRUPT_SIGNAL as u64]);
            }
        }
        while state.vcpus.iter().flatten().any(|vehicle| !vehicle.stands) {
            state = self.wait(state);
        }
        let mut bytes = [0; 8];
        // It may not have rung.
        let _ = rustix::io::read(&self.bell, &mut bytes);
        let last = state.events.iter().position(|(_, event)| matches!(event, Event::Exited(_)));
        let event = state.events.remove(last.unwrap_or(0));
        // A vCPU that stands on a breakpoint finds it again, and a step of another is done; what was watched
        // has happened.
        let must_be_told = |event: &Event| matches!(event, Event::Debug(found) if found.dr6 & 0xf != 0);
        state.events.retain(|(_, event)| must_be_told(event));
        event
    }

    /// Gives every vCPU its order; those that start later get `others`. `prepare` is called for each that
    /// goes.
    pub fn resume(
        &self,
        others: Order,
        order: impl Fn(usize) -> Order,
        mut prepare: impl FnMut(usize, &VcpuFd),
    ) {
        let mut state = self.state();
        if !state.events.is_empty() {
            // Something that was watched happened while another event was told: that comes now, before
            // anybody moves.
            let _ = rustix::io::write(&self.bell, &1_u64.to_ne_bytes());
            return;
        }
        state.order = others;
        for (cpu, vehicle) in state.vcpus.iter_mut().enumerate() {
            let Some(vehicle) = vehicle else { continue };
            vehicle.order = order(cpu);
            if vehicle.order == Order::Go {
                prepare(cpu, &vehicle.vcpu);
                vehicle.vcpu.set_kvm_immediate_exit(0);
            }
        }
        self.changed.notify_all();
    }

    /// The debugger leaves: all go on, for good.
    pub fn end(&self) {
        let mut state = self.state();
        state.over = true;
        for vehicle in state.vcpus.iter_mut().flatten() {
            vehicle.vcpu.set_kvm_immediate_exit(0);
        }
        self.changed.notify_all();
    }

    /// Calls `work` with vCPU `cpu`, if it has started. Only while all stand.
    pub fn with<R>(&self, cpu: usize, work: impl FnOnce(&VcpuFd) -> R) -> Option<R> {
        self.state().vcpus.get(cpu)?.as_ref().map(|vehicle| work(&vehicle.vcpu))
    }

    /// Numbers of the vCPUs that have started.
    pub fn started(&self) -> Vec<usize> {
        let state = self.state();
        (0..state.vcpus.len()).filter(|&cpu| state.vcpus[cpu].is_some()).collect()
    }
}

impl State {
    fn order_of(&self, cpu: usize) -> Order {
        self.vcpus[cpu].as_ref().map_or(self.order, |vehicle| vehicle.order)
    }

    fn stand(&mut self, cpu: usize, stands: bool) {
        if let Some(vehicle) = &mut self.vcpus[cpu] {
            vehicle.stands = stands;
        }
    }
}
