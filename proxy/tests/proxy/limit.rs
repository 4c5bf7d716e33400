//! How long a test may wait: [`limit`]; for unit tests, too.

use std::thread;
use std::time::Duration;

/// For what takes far less than a second on an idle machine. On a busy one everything gets less of the CPUs:
/// this much more time.
pub fn limit() -> Duration {
    const IDLE: Duration = Duration::from_secs(60);
    const MOST: f64 = 5.0;
    let cpus = thread::available_parallelism().map_or(1, usize::from) as f64;
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = text.split(' ').next().and_then(|word| word.parse::<f64>().ok()).unwrap_or(0.0);
    IDLE.mul_f64((load / cpus).clamp(1.0, MOST))
}
