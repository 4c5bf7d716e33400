//! Every option with its variable, its help and its meaning: [`DEFINITIONS`].
//!
//! Nothing else lists the options but the fields of [`Options`], and docs/reference/008-environment.md, which
//! a test compares.

use super::Options;
use super::sandbox::{Files, Variables};
use super::switch::switch;
use core::error::Error;
use core::str::FromStr;
use std::ffi::OsStr;

/// One option, which is also a variable.
pub struct Definition {
    /// The option, without its dashes.
    pub name: &'static str,
    /// The variable.
    pub variable: &'static str,
    /// What an option without a value means.
    pub value: Value,
    /// What stands for the value in the help.
    pub value_name: &'static str,
    /// What the user is told.
    pub help: &'static str,
    /// Reads the value.
    pub set: fn(&mut Options, &OsStr) -> Outcome,
}

/// What an option without a value means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// It is an error.
    Needed,
    /// The same as the value 1.
    One,
}

/// The error says what is accepted.
pub type Outcome = Result<(), Box<dyn Error + Send + Sync>>;

/// All of them, in the order of the help.
pub static DEFINITIONS: [Definition; 21] = [
    Definition {
        name: "isle",
        variable: "HERMIT_ISLE",
        value: Value::Needed,
        value_name: "ISLE",
        help: "Where to run: auto, process, uhyve, qemu, or the number of a NUMA node [default: auto]",
        set: |options, text| read(&mut options.isle, text),
    },
    Definition {
        name: "cpus",
        variable: "HERMIT_CPUS",
        value: Value::Needed,
        value_name: "CPUS",
        help: "vCPUs: a count, or a list such as 0-3,6 of the host's CPUs to pin them to [default: process, uhyve: all \
               CPUs, not pinned; qemu: 1]",
        set: |options, text| read_some(&mut options.cpus, text),
    },
    Definition {
        name: "idle",
        variable: "HERMIT_IDLE",
        value: Value::Needed,
        value_name: "WHERE",
        help: "uhyve isle: where vCPUs wait: host, whose CPU others can have; guest, which wakes sooner; auto: guest with a list \
               of CPUs that no other isle has, else host [default: auto]",
        set: |options, text| read(&mut options.idle, text),
    },
    Definition {
        name: "mem",
        variable: "HERMIT_MEM",
        value: Value::Needed,
        value_name: "SIZE",
        help: "RAM, such as 512M or 2G [default: three quarters of the host's, or less where the job is limited]",
        set: |options, text| read_some(&mut options.mem, text),
    },
    Definition {
        name: "memory",
        variable: "HERMIT_MEMORY",
        value: Value::Needed,
        value_name: "LIST",
        help: "What the host does with RAM: lock, what was touched stays; populate, all is there at the start (with --mem); huge, in \
               large pages; several with commas [default: as with any program]",
        set: |options, text| read(&mut options.memory, text),
    },
    Definition {
        name: "stack",
        variable: "HERMIT_STACK",
        value: Value::Needed,
        value_name: "SIZE",
        help: "The main thread's stack, such as 64M, or unlimited: a quarter of RAM [default: as ulimit -s says]",
        set: |options, text| read_some(&mut options.stack, text),
    },
    Definition {
        name: "sandbox",
        variable: "HERMIT_SANDBOX",
        value: Value::Needed,
        value_name: "LEVEL",
        help: "What the program reaches: user, what any program of yours does; or strict, only what the next three name \
               [default: user]",
        set: |options, text| read(&mut options.sandbox, text),
    },
    Definition {
        name: "files",
        variable: "HERMIT_FILES",
        value: Value::Needed,
        value_name: "LIST",
        help: "With --sandbox=strict: files and folders, such as ro:/data,rw:. [default: none]",
        set: |options, text| {
            options.files = Some(Files::parse(text)?);
            Ok(())
        },
    },
    Definition {
        name: "env",
        variable: "HERMIT_ENV",
        value: Value::Needed,
        value_name: "NAMES",
        help: "With --sandbox=strict: variables of the environment, such as LANG,OMP_NUM_THREADS [default: none]",
        set: |options, text| {
            options.env = Some(Variables::parse(text)?);
            Ok(())
        },
    },
    Definition {
        name: "fds",
        variable: "HERMIT_FDS",
        value: Value::Needed,
        value_name: "NUMBERS",
        help: "With --sandbox=strict: inherited descriptors beside 0, 1 and 2, such as 3,5 [default: none]",
        set: |options, text| read_some(&mut options.fds, text),
    },
    Definition {
        name: "net",
        variable: "HERMIT_NET",
        value: Value::Needed,
        value_name: "WHERE",
        help: "Which addresses the program may reach: none; local, this machine; host, all; or a list such as \
               10.1.0.0/16:443,[::1]:*,*:8000-8100 [default: host; with --sandbox=strict: none]",
        set: |options, text| read_some(&mut options.net, text),
    },
    Definition {
        name: "publish",
        variable: "HERMIT_APP_PORT",
        value: Value::Needed,
        value_name: "PORTS",
        help: "On which ports other machines may reach the program, such as 8080, 80:8080 (the host's and the program's) or \
               5353/udp [default: on none]",
        set: |options, text| read(&mut options.publish, text),
    },
    Definition {
        name: "verbose",
        variable: "HERMIT_VERBOSE",
        value: Value::One,
        value_name: "0|1",
        help: "Show the kernel's log on stderr [default: 0]",
        set: |options, text| read_switch(&mut options.verbose, text),
    },
    Definition {
        name: "tmpfs",
        variable: "HERMIT_TMPFS",
        value: Value::One,
        value_name: "0|1",
        help: "Give the program a /tmp of its own, empty and in memory [default: 0]",
        set: |options, text| read_switch(&mut options.tmpfs, text),
    },
    Definition {
        name: "jit",
        variable: "HERMIT_JIT",
        value: Value::One,
        value_name: "0|1",
        help: "Let the program make code: pages that it can execute, and not write at the same time [default: 0]",
        set: |options, text| read_switch(&mut options.jit, text),
    },
    Definition {
        name: "kvm",
        variable: "HERMIT_KVM",
        value: Value::One,
        value_name: "0|1",
        help: "qemu isle: use KVM [default: 0; the isle for KVM is uhyve]",
        set: |options, text| read_switch(&mut options.kvm, text),
    },
    Definition {
        name: "qemu",
        variable: "HERMIT_QEMU",
        value: Value::Needed,
        value_name: "PROGRAM",
        help: "qemu isle: the QEMU to use [default: qemu-system-x86_64]",
        set: |options, text| match text.is_empty() {
            true => Err("give a program such as qemu-system-x86_64".into()),
            false => {
                options.qemu = Some(text.into());
                Ok(())
            }
        },
    },
    Definition {
        name: "huge-pages",
        variable: "HERMIT_HUGE_PAGES",
        value: Value::One,
        value_name: "0|1",
        help: "uhyve isle: back RAM with large pages that were reserved (vm.nr_hugepages) [default: 0]",
        set: |options, text| read_switch(&mut options.huge_pages, text),
    },
    Definition {
        name: "ksm",
        variable: "HERMIT_KSM",
        value: Value::One,
        value_name: "0|1",
        help: "uhyve isle: let Linux merge equal pages of RAM, also with those of other machines (KSM) [default: 0]",
        set: |options, text| read_switch(&mut options.ksm, text),
    },
    Definition {
        name: "stats",
        variable: "HERMIT_STATS",
        value: Value::One,
        value_name: "0|1",
        help: "uhyve isle: tell on stderr at the end why each vCPU left the guest, and how often [default: 0]",
        set: |options, text| read_switch(&mut options.stats, text),
    },
    Definition {
        name: "debug",
        variable: "HERMIT_DEBUG",
        value: Value::One,
        value_name: "0|1|PORT",
        help: "Wait for a debugger (see x86_64-hermit-gdb); qemu, uhyve: at this port of localhost, or at 1234 (1)",
        set: |options, text| read(&mut options.debug, text),
    },
];

fn read<T: FromStr<Err: Error + Send + Sync + 'static>>(to: &mut T, text: &OsStr) -> Outcome {
    *to = utf8(text)?.parse()?;
    Ok(())
}

fn read_some<T: FromStr<Err: Error + Send + Sync + 'static>>(to: &mut Option<T>, text: &OsStr) -> Outcome {
    *to = Some(utf8(text)?.parse()?);
    Ok(())
}

fn read_switch(to: &mut bool, text: &OsStr) -> Outcome {
    *to = switch(utf8(text)?)?;
    Ok(())
}

fn utf8(text: &OsStr) -> Result<&str, &'static str> {
    text.to_str().ok_or("give letters and digits")
}
