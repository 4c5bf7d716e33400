//! Ends commands that nobody waits for any more: [`Stop`].

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::Cmd;

/// Shared by commands that are given up together.
#[derive(Debug, Default)]
pub struct Stop(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    is_stopped: bool,
    /// Process numbers of commands under way.
    running: Vec<u32>,
}

impl Stop {
    /// No command is started any more, and those under way are asked to end: make ends what it has started.
    pub fn now(&self) {
        let mut state = self.lock();
        state.is_stopped = true;
        for pid in &state.running {
            // The shell's own. One that has ended is no fault.
            let _ = Cmd::new("sh").args(["-c", "kill -TERM $0"]).arg(pid.to_string()).collect();
        }
    }

    /// Whether commands are given up.
    pub fn is_stopped(&self) -> bool {
        self.lock().is_stopped
    }

    /// A command has started. Its number is its own until somebody waits for it, so [`Stop::ended`] comes first.
    pub(super) fn started(&self, pid: u32) {
        self.lock().running.push(pid);
    }

    /// A command has written its last.
    pub(super) fn ended(&self, pid: u32) {
        self.lock().running.retain(|running| *running != pid);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
