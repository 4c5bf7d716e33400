//! The machine's cores, shared by everything that runs at once: [`Cores`].
//!
//! Each step has one of its own. make, cargo and their kin run more than one command at a time: they take the other cores from a
//! common store as long as there are some left, by make's own means, the jobserver (GNU make's manual, "Sharing Job Slots with
//! GNU make"). No step waits for its first core, since a make that is under way gives one back and takes it again faster than
//! anybody else: a second step would wait for its end. The price is a few more commands than cores.

use std::process::Command;
use std::thread::available_parallelism;

use anyhow::{Context as _, Result};
use jobserver::Client;

/// The cores; clones share them.
#[derive(Clone, Debug)]
pub struct Cores {
    client: Client,
    number: usize,
}

impl Cores {
    /// All that there are.
    pub fn all() -> Result<Self> {
        Self::some(available_parallelism().map_or(1, usize::from))
    }

    /// As if there were `number`.
    pub fn some(number: usize) -> Result<Self> {
        Ok(Self {
            client: Client::new(number.saturating_sub(1))
                .context("cannot create a pipe for make's jobserver")?,
            number,
        })
    }

    /// How many there are.
    pub fn number(&self) -> usize {
        self.number
    }

    /// Makes `command` take cores from the store.
    pub fn lend(&self, command: &mut Command) {
        self.client.configure_make(command);
    }
}
