//! The threads of the vCPUs: [`Isle::run`], their life.

#![allow(unsafe_code, reason = "reads the member of a union that KVM has filled")]

use super::isle::Isle;
use super::kvm_error::kvm_error;
use super::observer::Event;
use super::statistics::Reason;
use crate::error::IsleError;
use crate::host_signals::CAUGHT_SIGNALS;
use crate::report;
use crate::server::{Ending, Fatal};
use abi::exit::{Failure, signal, signal_status};
use abi::hypercall::{MAY_PEND, Number, Request};
use abi::layout::{NR_UHYVE_PORTS, UHYVE_PORT, doorbell_address};
use abi::trap::TrapFrame;
use core::convert::Infallible;
use core::sync::atomic::Ordering;
use kvm_bindings::{KVM_INTERNAL_ERROR_EMULATION, kvm_debug_exit_arch, kvm_regs};
use kvm_ioctls::{VcpuExit, VcpuFd};

/// CR0.PE: a vCPU without it has been reset.
const CR0_PE: u64 = 1 << 0;

/// Why a vCPU came back, without what it borrows.
enum Exit {
    Request(u64),
    /// Nothing that concerns the guest.
    Again(Reason),
    /// A port that is nobody's was written to.
    Port,
    /// For the debugger.
    Debug(kvm_debug_exit_arch),
    /// The host cannot give the page that the guest wants.
    Unreachable,
    Ended(String),
}

impl Isle {
    /// The life of the thread of a further vCPU, which inherits the sandbox of the one that started it.
    pub fn be_further_vcpu(&'static self, cpu: usize) -> ! {
        let vcpu = self.pin(cpu).and_then(|()| self.create_vcpu(cpu));
        let Err(error) = vcpu.and_then(|vcpu| self.run(cpu, vcpu));
        eprintln!("proxy: {error}");
        self.end_now(Failure::Proxy as u8)
    }

    fn create_vcpu(&self, cpu: usize) -> Result<VcpuFd, IsleError> {
        let vcpu = self.machine.create_vcpu(cpu, self.entry)?;
        super::machine::set_clock(&vcpu)?;
        Ok(vcpu)
    }

    /// Lets the calling thread be vCPU `cpu` for good.
    pub fn run(&'static self, cpu: usize, mut vcpu: VcpuFd) -> Result<Infallible, IsleError> {
        if let Some(observer) = self.observer {
            observer.join(cpu, &self.machine, &vcpu)?;
        }
        if let Some(statistics) = &self.statistics {
            statistics.watch(cpu, &vcpu);
        }
        loop {
            if let Some(observer) = self.observer {
                observer.pass(cpu, &mut vcpu);
            }
            match self.enter(&mut vcpu)? {
                Exit::Request(address) => self.serve(cpu, &mut vcpu, address),
                Exit::Again(reason) => self.count(cpu, reason),
                Exit::Port => self.look_for_breakpoint(cpu, &mut vcpu),
                Exit::Debug(found) => self.tell_observer(cpu, Event::Debug(found)),
                Exit::Unreachable => self.lose_memory(cpu, &mut vcpu),
                Exit::Ended(text) => self.give_up(cpu, &mut vcpu, &text),
            }
        }
    }

    fn look_for_breakpoint(&self, cpu: usize, vcpu: &mut VcpuFd) {
        match self.observer {
            Some(observer) if observer.stands_on_breakpoint(vcpu) => {
                self.tell_observer(cpu, Event::Breakpoint);
            }
            _ => self.count(cpu, Reason::Port),
        }
    }

    fn tell_observer(&self, cpu: usize, event: Event) {
        self.count(cpu, Reason::Debugger);
        if let Some(observer) = self.observer {
            observer.tell(cpu, event);
        }
    }

    /// Lets the guest run until it needs the host.
    fn enter(&self, vcpu: &mut VcpuFd) -> Result<Exit, IsleError> {
        let exit = match vcpu.run() {
            Ok(exit) => exit,
            // A signal of the host's, whose handler has run.
            Err(error) if matches!(error.errno(), libc::EINTR | libc::EAGAIN) => {
                return Ok(Exit::Again(Reason::Signal));
            }
            Err(error) if error.errno() == libc::EFAULT => {
                return Ok(Exit::Unreachable);
            }
            Err(error) => return Err(kvm_error("run a vCPU", error)),
        };
        Ok(match exit {
            VcpuExit::IoOut(port, &[a, b, c, d])
                if (UHYVE_PORT..UHYVE_PORT + NR_UHYVE_PORTS).contains(&port) =>
            {
                Exit::Request(doorbell_address(port - UHYVE_PORT, u32::from_le_bytes([a, b, c, d])))
            }
            // As on a PC where nothing is plugged in: writes vanish, reads are all ones.
            VcpuExit::IoOut(..) => Exit::Port,
            VcpuExit::Debug(found) => Exit::Debug(found),
            VcpuExit::IoIn(_, data) => {
                data.fill(0xff);
                Exit::Again(Reason::Port)
            }
            VcpuExit::MmioWrite(..) => Exit::Again(Reason::Memory),
            VcpuExit::MmioRead(_, data) => {
                data.fill(0xff);
                Exit::Again(Reason::Memory)
            }
            VcpuExit::Intr | VcpuExit::IrqWindowOpen | VcpuExit::IoapicEoi(_) => {
                Exit::Again(Reason::Interrupt)
            }
            VcpuExit::Hlt => Exit::Again(Reason::Halt),
            VcpuExit::Shutdown => Exit::Ended("triple fault: a fault in the handler of a fault".into()),
            VcpuExit::FailEntry(reason, _) => {
                Exit::Ended(format!("the CPU refuses to enter the guest (reason {reason:#x})"))
            }
            VcpuExit::InternalError => Exit::Ended(internal_error(vcpu)),
            other => Exit::Ended(format!("KVM stopped the vCPU for an unknown reason: {other:?}")),
        })
    }

    fn serve(&'static self, cpu: usize, vcpu: &mut VcpuFd, address: u64) {
        if self.statistics.is_some() {
            let number = self.server.memory.read::<Request>(address).ok();
            let number = number.and_then(|request| Number::from_u32(request.number & !MAY_PEND));
            self.count(cpu, number.map_or(Reason::Port, Reason::Hypercall));
        }
        // The program has been told of those that interrupted what it waited for.
        if CAUGHT_SIGNALS.load(Ordering::Relaxed) != 0 {
            CAUGHT_SIGNALS.store(0, Ordering::SeqCst);
        }
        match self.server.serve(&self, cpu, address) {
            None => {}
            Some(Ending::Exit(status)) => self.end(cpu, status),
            Some(Ending::Fatal(fatal)) => self.report(cpu, vcpu, &fatal),
        }
    }

    /// The guest has no way to report itself any more.
    fn give_up(&self, cpu: usize, vcpu: &mut VcpuFd, text: &str) -> ! {
        let frame = frame_of(vcpu);
        // AMD's CPUs forget where a triple fault happened.
        let lost = if frame.is_none() { "; its registers are lost" } else { "" };
        let text = format!("vCPU {cpu} stopped: {text}{lost}").into_bytes();
        self.report(cpu, vcpu, &Fatal { signal: signal::SIGABRT, frame, text })
    }

    /// As [`Isle::give_up`], without looking at memory: neither the image nor the stack may be there.
    fn lose_memory(&self, cpu: usize, vcpu: &mut VcpuFd) -> ! {
        let rip = vcpu.get_regs().map(|registers| registers.rip).unwrap_or_default();
        let text = format!(
            "vCPU {cpu} stopped at rip {rip:#x}: KVM cannot reach guest RAM: the host has no memory left, or the image's file \
             was cut off"
        );
        self.report(cpu, vcpu, &Fatal { signal: signal::SIGBUS, frame: None, text: text.into_bytes() })
    }

    fn report(&self, cpu: usize, vcpu: &mut VcpuFd, fatal: &Fatal) -> ! {
        report::print(fatal, &self.name, Some(self.contents), &self.server.memory);
        if let Some(observer) = self.observer {
            // Last chance to look.
            observer.tell(cpu, Event::Fatal(fatal.signal));
            observer.pass(cpu, vcpu);
        }
        self.end(cpu, signal_status(fatal.signal))
    }

    /// The program has ended, on vCPU `cpu`.
    fn end(&self, cpu: usize, status: u8) -> ! {
        if let Some(observer) = self.observer {
            observer.finish(cpu, status);
        }
        self.end_now(status)
    }
}

fn internal_error(vcpu: &mut VcpuFd) -> String {
    // SAFETY: the exit was KVM_EXIT_INTERNAL_ERROR, which fills this member.
    let internal = unsafe { vcpu.get_kvm_run().__bindgen_anon_1.internal };
    if internal.suberror == KVM_INTERNAL_ERROR_EMULATION {
        return "KVM cannot emulate the instruction; a KVM without hardware does that: see proxy --probe"
            .into();
    }
    format!("internal error {} of KVM", internal.suberror)
}

/// The registers, as the kernel would report them; `None` if the vCPU has been reset.
fn frame_of(vcpu: &VcpuFd) -> Option<TrapFrame> {
    let (registers, special) = (vcpu.get_regs().ok()?, vcpu.get_sregs().ok()?);
    if special.cr0 & CR0_PE == 0 {
        return None;
    }
    let kvm_regs {
        rax,
        rbx,
        rcx,
        rdx,
        rsi,
        rdi,
        rsp,
        rbp,
        r8,
        r9,
        r10,
        r11,
        r12,
        r13,
        r14,
        r15,
        rip,
        rflags,
    } = registers;
    Some(TrapFrame {
        rax,
        rbx,
        rcx,
        rdx,
        rsi,
        rdi,
        rsp,
        rbp,
        r8,
        r9,
        r10,
        r11,
        r12,
        r13,
        r14,
        r15,
        rip,
        rflags,
        cs: u64::from(special.cs.selector),
        ss: u64::from(special.ss.selector),
        fault_address: special.cr2,
        ..TrapFrame::default()
    })
}
