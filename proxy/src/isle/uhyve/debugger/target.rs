//! What gdb asks for: [`Target`], and [`Events`], by which it waits.
//!
//! gdb's thread n is vCPU n - 1: there is no thread 0 in its protocol.

use super::super::debug_registers::{DebugRegisters, Hardware, Trigger, Watch};
use super::super::isle::Isle;
use super::super::observer::Event;
use super::Debugger;
use super::line::Line;
use super::points::{BREAKPOINT, Planted};
use super::registers::{self, X86_64};
use super::traffic::Order;
use abi::layout::PAGE_SIZE;
use core::num::NonZeroUsize;
use gdbstub::common::{Signal, Tid};
use gdbstub::stub::MultiThreadStopReason;
use gdbstub::stub::run_blocking::{self, BlockingEventLoop, WaitForStopReasonError};
use gdbstub::target::ext::base::BaseOps;
use gdbstub::target::ext::base::multithread::{
    MultiThreadBase, MultiThreadResume, MultiThreadResumeOps, MultiThreadSchedulerLocking,
    MultiThreadSchedulerLockingOps, MultiThreadSingleStep, MultiThreadSingleStepOps,
};
use gdbstub::target::ext::breakpoints::{
    Breakpoints, BreakpointsOps, HwBreakpoint, HwBreakpointOps, HwWatchpoint, HwWatchpointOps, SwBreakpoint,
    SwBreakpointOps, WatchKind,
};
use gdbstub::target::ext::monitor_cmd::{ConsoleOutput, MonitorCmd, MonitorCmdOps, outputln};
use gdbstub::target::ext::thread_extra_info::{ThreadExtraInfo, ThreadExtraInfoOps};
use gdbstub::target::{TargetError, TargetResult};
use kvm_ioctls::VcpuFd;
use rustix::io::Errno;
use std::sync::{MutexGuard, PoisonError};

type StopReason = MultiThreadStopReason<u64>;

/// The isle as gdb sees it.
pub struct Target {
    isle: &'static Isle,
    debugger: &'static Debugger,
    debug_registers: DebugRegisters,
    /// vCPUs that shall make one step.
    steps: Vec<usize>,
    /// vCPUs that shall run.
    runs: Vec<usize>,
    /// Whether the others shall stand.
    others: Order,
}

/// The number of gdb's thread.
fn thread_of(cpu: usize) -> Tid {
    NonZeroUsize::MIN.saturating_add(cpu)
}

fn cpu_of(thread: Tid) -> usize {
    thread.get() - 1
}

impl Target {
    /// Nothing is watched yet.
    pub fn new(isle: &'static Isle, debugger: &'static Debugger) -> Self {
        Self {
            isle,
            debugger,
            debug_registers: DebugRegisters::default(),
            steps: Vec::new(),
            runs: Vec::new(),
            others: Order::Go,
        }
    }

    /// The debugger leaves: the program goes on alone.
    pub fn leave(&mut self) {
        let planted: Vec<_> = self.planted().bytes.keys().copied().collect();
        for address in planted {
            // What cannot be taken out any more was unmapped with its page.
            let _ = self.pull(address);
        }
        let nothing = DebugRegisters::default().for_kvm(None);
        for cpu in self.debugger.traffic.started() {
            // It was possible to set it.
            self.debugger.traffic.with(cpu, |vcpu| vcpu.set_guest_debug(&nothing).is_ok());
        }
        self.debugger.traffic.end();
    }

    fn planted(&self) -> MutexGuard<'static, Planted> {
        self.debugger.planted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn with<R>(&self, cpu: usize, work: impl FnOnce(&VcpuFd) -> Option<R>) -> TargetResult<R, Self> {
        self.debugger.traffic.with(cpu, work).flatten().ok_or(TargetError::NonFatal)
    }

    /// Calls `each` for the parts of guest memory behind the addresses from `start` on, as vCPU `cpu` sees
    /// them: an offset, a guest-physical address and a length. How much there is.
    fn pages(
        &self,
        cpu: usize,
        start: u64,
        len: usize,
        mut each: impl FnMut(usize, u64, usize) -> bool,
    ) -> usize {
        let mut done = 0;
        while done < len {
            let address = start.wrapping_add(done as u64);
            let part = (len - done).min((PAGE_SIZE - address % PAGE_SIZE) as usize);
            let physical = self.with(cpu, |vcpu| {
                vcpu.translate_gva(address)
                    .ok()
                    .filter(|found| found.valid != 0)
                    .map(|found| found.physical_address)
            });
            match physical {
                Ok(physical) if each(done, physical, part) => done += part,
                _ => break,
            }
        }
        done
    }

    fn write_byte(&self, address: u64, byte: u8) -> bool {
        let memory = &self.isle.server.memory;
        self.pages(0, address, 1, |_, physical, _| memory.write(physical, &byte).is_ok()) == 1
    }

    fn read_byte(&self, address: u64) -> Option<u8> {
        let mut byte = None;
        self.pages(0, address, 1, |_, physical, _| {
            byte = self.isle.server.memory.read(physical).ok();
            byte.is_some()
        });
        byte
    }

    /// Takes a breakpoint out of the code; false if it is not there.
    fn pull(&self, address: u64) -> bool {
        let byte = self.planted().bytes.remove(&address);
        byte.is_some_and(|byte| self.write_byte(address, byte))
    }

    /// Stops everything; why, if there is a reason.
    fn stop(&self) -> Option<StopReason> {
        let (cpu, event) = self.debugger.traffic.stop_all()?;
        let tid = thread_of(cpu);
        Some(match event {
            Event::Breakpoint => StopReason::SwBreak(tid),
            Event::Fatal(number) => StopReason::SignalWithThread { tid, signal: signal_of_gdb(number) },
            Event::Exited(status) => StopReason::Exited(status),
            Event::Debug(found) => match self.debug_registers.found(found.dr6) {
                Some(Watch { trigger: Trigger::Execute, .. }) => StopReason::HwBreak(tid),
                Some(Watch { trigger: Trigger::Write, address, .. }) => {
                    StopReason::Watch { tid, kind: WatchKind::Write, addr: address }
                }
                Some(Watch { address, .. }) => {
                    StopReason::Watch { tid, kind: WatchKind::ReadWrite, addr: address }
                }
                // A step; gdb must know whose it was.
                None => StopReason::SignalWithThread { tid, signal: Signal::SIGTRAP },
            },
        })
    }
}

/// gdb numbers signals by itself (gdb/signals.def).
fn signal_of_gdb(number: u8) -> Signal {
    match i32::from(number) {
        libc::SIGSEGV => Signal::SIGSEGV,
        libc::SIGBUS => Signal::SIGBUS,
        libc::SIGFPE => Signal::SIGFPE,
        libc::SIGILL => Signal::SIGILL,
        libc::SIGTRAP => Signal::SIGTRAP,
        _ => Signal::SIGABRT,
    }
}

impl gdbstub::target::Target for Target {
    type Arch = X86_64;
    type Error = Errno;

    fn base_ops(&mut self) -> BaseOps<'_, X86_64, Errno> {
        BaseOps::MultiThread(self)
    }

    fn support_breakpoints(&mut self) -> Option<BreakpointsOps<'_, Self>> {
        Some(self)
    }

    fn support_monitor_cmd(&mut self) -> Option<MonitorCmdOps<'_, Self>> {
        Some(self)
    }
}

impl MonitorCmd for Target {
    /// `count-to ADDRESS`: the next step leads there; `count`: how many instructions that were;
    /// `debug-registers`: whether they work.
    fn handle_monitor_cmd(&mut self, command: &[u8], mut out: ConsoleOutput<'_>) -> Result<(), Errno> {
        let words = String::from_utf8_lossy(command).into_owned();
        match words.split_whitespace().collect::<Vec<_>>()[..] {
            ["count-to", address] => match u64::from_str_radix(address.trim_start_matches("0x"), 16) {
                Ok(destination) => self.debugger.traffic.depart(destination),
                Err(_) => outputln!(out, "{address} is no address in hexadecimal digits"),
            },
            ["count"] => match self.debugger.traffic.journey() {
                Some(journey) => outputln!(out, "{} instructions", journey.steps),
                None => outputln!(out, "nothing was counted: monitor count-to ADDRESS, and stepi"),
            },
            ["debug-registers"] => match self.debugger.hardware {
                Hardware::Works => outputln!(out, "work"),
                Hardware::Ignored => outputln!(out, "are ignored: set can-use-hw-watchpoints 0"),
            },
            _ => outputln!(out, "monitor count-to ADDRESS, monitor count, monitor debug-registers"),
        }
        Ok(())
    }
}

impl MultiThreadBase for Target {
    fn read_registers(&mut self, to: &mut registers::Registers, tid: Tid) -> TargetResult<(), Self> {
        *to = self.with(cpu_of(tid), |vcpu| registers::read(vcpu).ok())?;
        Ok(())
    }

    fn write_registers(&mut self, from: &registers::Registers, tid: Tid) -> TargetResult<(), Self> {
        self.with(cpu_of(tid), |vcpu| registers::write(vcpu, from).ok())
    }

    fn read_addrs(&mut self, start: u64, data: &mut [u8], tid: Tid) -> TargetResult<usize, Self> {
        let memory = &self.isle.server.memory;
        let len = data.len();
        let read = |offset: usize, physical, len: usize| {
            let bytes = memory.read_vec::<u8>(physical, len as u64);
            bytes.map(|bytes| data[offset..offset + len].copy_from_slice(&bytes)).is_ok()
        };
        match self.pages(cpu_of(tid), start, len, read) {
            0 if len > 0 => Err(TargetError::Errno(libc::EFAULT as u8)),
            done => Ok(done),
        }
    }

    fn write_addrs(&mut self, start: u64, data: &[u8], tid: Tid) -> TargetResult<(), Self> {
        let memory = &self.isle.server.memory;
        let write = |offset, physical, len| memory.write_slice(physical, &data[offset..offset + len]).is_ok();
        match self.pages(cpu_of(tid), start, data.len(), write) {
            done if done == data.len() => Ok(()),
            _ => Err(TargetError::Errno(libc::EFAULT as u8)),
        }
    }

    fn list_active_threads(&mut self, each: &mut dyn FnMut(Tid)) -> Result<(), Errno> {
        self.debugger.traffic.started().into_iter().map(thread_of).for_each(each);
        Ok(())
    }

    fn support_resume(&mut self) -> Option<MultiThreadResumeOps<'_, Self>> {
        Some(self)
    }

    fn support_thread_extra_info(&mut self) -> Option<ThreadExtraInfoOps<'_, Self>> {
        Some(self)
    }
}

impl ThreadExtraInfo for Target {
    fn thread_extra_info(&self, tid: Tid, to: &mut [u8]) -> Result<usize, Errno> {
        let text = format!("vCPU {}", cpu_of(tid));
        let len = text.len().min(to.len());
        to[..len].copy_from_slice(&text.as_bytes()[..len]);
        Ok(len)
    }
}

impl MultiThreadResume for Target {
    fn resume(&mut self) -> Result<(), Errno> {
        let (steps, runs, others) = (&self.steps, &self.runs, self.others);
        let moves = |cpu| steps.contains(&cpu) || runs.contains(&cpu);
        let order = |cpu| if moves(cpu) { Order::Go } else { others };
        let mut refused = Ok(());
        self.debugger.traffic.resume(others, order, |cpu, vcpu| {
            let step = self.steps.contains(&cpu).then_some(self.debugger.step);
            if let Err(error) = vcpu.set_guest_debug(&self.debug_registers.for_kvm(step)) {
                refused = Err(Errno::from_raw_os_error(error.errno()));
            }
        });
        refused
    }

    fn clear_resume_actions(&mut self) -> Result<(), Errno> {
        self.steps.clear();
        self.runs.clear();
        self.others = Order::Go;
        Ok(())
    }

    fn set_resume_action_continue(&mut self, tid: Tid, _: Option<Signal>) -> Result<(), Errno> {
        self.runs.push(cpu_of(tid));
        Ok(())
    }

    fn support_single_step(&mut self) -> Option<MultiThreadSingleStepOps<'_, Self>> {
        Some(self)
    }

    fn support_scheduler_locking(&mut self) -> Option<MultiThreadSchedulerLockingOps<'_, Self>> {
        Some(self)
    }
}

impl MultiThreadSingleStep for Target {
    fn set_resume_action_step(&mut self, tid: Tid, _: Option<Signal>) -> Result<(), Errno> {
        self.steps.push(cpu_of(tid));
        Ok(())
    }
}

impl MultiThreadSchedulerLocking for Target {
    fn set_resume_action_scheduler_lock(&mut self) -> Result<(), Errno> {
        self.others = Order::Stop;
        Ok(())
    }
}

impl Breakpoints for Target {
    fn support_sw_breakpoint(&mut self) -> Option<SwBreakpointOps<'_, Self>> {
        Some(self)
    }

    fn support_hw_breakpoint(&mut self) -> Option<HwBreakpointOps<'_, Self>> {
        (self.debugger.hardware == Hardware::Works).then_some(self as _)
    }

    fn support_hw_watchpoint(&mut self) -> Option<HwWatchpointOps<'_, Self>> {
        (self.debugger.hardware == Hardware::Works).then_some(self as _)
    }
}

impl SwBreakpoint for Target {
    fn add_sw_breakpoint(&mut self, address: u64, _: usize) -> TargetResult<bool, Self> {
        let Some(byte) = self.read_byte(address) else { return Ok(false) };
        if self.planted().bytes.contains_key(&address) {
            return Ok(true);
        }
        // Known before it can be hit.
        self.planted().bytes.insert(address, byte);
        Ok(self.write_byte(address, BREAKPOINT))
    }

    fn remove_sw_breakpoint(&mut self, address: u64, _: usize) -> TargetResult<bool, Self> {
        Ok(self.pull(address))
    }
}

const fn execution_of(address: u64) -> Watch {
    Watch { address, len_bytes: 1, trigger: Trigger::Execute }
}

const fn watch_of(address: u64, len_bytes: u64, kind: WatchKind) -> Watch {
    let trigger = match kind {
        WatchKind::Write => Trigger::Write,
        WatchKind::Read | WatchKind::ReadWrite => Trigger::Any,
    };
    Watch { address, len_bytes, trigger }
}

impl HwBreakpoint for Target {
    fn add_hw_breakpoint(&mut self, address: u64, _: usize) -> TargetResult<bool, Self> {
        Ok(self.debug_registers.add(execution_of(address)))
    }

    fn remove_hw_breakpoint(&mut self, address: u64, _: usize) -> TargetResult<bool, Self> {
        Ok(self.debug_registers.remove(execution_of(address)))
    }
}

impl HwWatchpoint for Target {
    fn add_hw_watchpoint(&mut self, address: u64, len: u64, kind: WatchKind) -> TargetResult<bool, Self> {
        Ok(self.debug_registers.add(watch_of(address, len, kind)))
    }

    fn remove_hw_watchpoint(&mut self, address: u64, len: u64, kind: WatchKind) -> TargetResult<bool, Self> {
        Ok(self.debug_registers.remove(watch_of(address, len, kind)))
    }
}

/// Waits for the debugger and for vCPUs.
pub enum Events {}

impl BlockingEventLoop for Events {
    type Target = Target;
    type Connection = Line;
    type StopReason = StopReason;

    fn wait_for_stop_reason(
        target: &mut Target,
        line: &mut Line,
    ) -> Result<run_blocking::Event<StopReason>, WaitForStopReasonError<Errno, Errno>> {
        use gdbstub::conn::ConnectionExt as _;
        loop {
            let bell = target.debugger.traffic.bell();
            if line.wait_beside(bell).map_err(WaitForStopReasonError::Connection)? {
                let byte = line.read().map_err(WaitForStopReasonError::Connection)?;
                return Ok(run_blocking::Event::IncomingData(byte));
            }
            match target.stop() {
                Some(reason) => return Ok(run_blocking::Event::TargetStopped(reason)),
                // It rang for nothing.
                None => target.resume().map_err(WaitForStopReasonError::Target)?,
            }
        }
    }

    /// Ctrl-C.
    fn on_interrupt(target: &mut Target) -> Result<Option<StopReason>, Errno> {
        let tid = thread_of(0);
        Ok(Some(target.stop().unwrap_or(StopReason::SignalWithThread { tid, signal: Signal::SIGINT })))
    }
}
