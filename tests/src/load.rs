//! Busy loops beside the cases, so that races show which an idle machine hides: [`Load`].
//!
//! The loops are threads of the runner: whatever ends the runner ends them. Neighbours: [`crate::launch`] allows more time.

use std::hint;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

use crate::launch;

/// Loops that run until the value is dropped.
#[derive(Debug)]
pub struct Load {
    is_over: Arc<AtomicBool>,
    loops: Vec<JoinHandle<()>>,
}

impl Load {
    /// Starts `loops` loops, beside which `jobs` cases will run at a time, and allows every command more time: see [`patience`].
    pub fn start(loops: usize, jobs: usize) -> Self {
        let cpus = thread::available_parallelism().map_or(1, usize::from);
        launch::be_patient(patience(loops, jobs, cpus));
        Self::of(loops)
    }

    fn of(loops: usize) -> Self {
        let is_over = Arc::new(AtomicBool::new(false));
        let spin = || {
            let is_over = Arc::clone(&is_over);
            thread::spawn(move || {
                while !is_over.load(Ordering::Relaxed) {
                    hint::spin_loop();
                }
            })
        };
        Self { loops: (0..loops).map(|_| spin()).collect(), is_over }
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        // A loop cannot panic.
        self.loops.drain(..).for_each(|spinning| drop(spinning.join()));
    }
}

/// By how much limits of time grow: where loops and cases share the CPUs, a case gets as many times less of one. Without loops limits
/// are what they are, since they are generous for the usual few cases at a time.
fn patience(loops: usize, jobs: usize, cpus: usize) -> u32 {
    let wanted = (loops + jobs).div_ceil(cpus.max(1));
    if loops == 0 { 1 } else { u32::try_from(wanted).unwrap_or(u32::MAX).max(1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_grow_with_the_load() {
        assert_eq!(patience(0, 6, 2), 1);
        assert_eq!(patience(4, 6, 2), 5);
        assert_eq!(patience(4, 1, 2), 3);
        assert_eq!(patience(1, 1, 64), 1);
    }

    #[test]
    fn loops_run_and_end() {
        let cpu_time = || {
            let text = std::fs::read_to_string("/proc/self/stat").unwrap();
            let fields: Vec<u64> =
                text.rsplit_once(") ").unwrap().1.split(' ').filter_map(|field| field.parse().ok()).collect();
            fields[10]
        };
        let (before, load) = (cpu_time(), Load::of(2));
        while cpu_time() < before + 10 {
            thread::yield_now();
        }
        drop(load); // hangs if they do not end
    }
}
