//! For unit tests that wait: [`within`].

#[path = "../tests/proxy/limit.rs"]
mod limit;

use limit::limit;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// Does `work` on a thread of its own and fails when it has not ended within the limit. The thread is left
/// behind: nobody can end it.
pub fn within<R: Send + 'static>(what: &str, work: impl FnOnce() -> R + Send + 'static) -> R {
    within_limit(what, limit(), work)
}

fn within_limit<R: Send + 'static>(
    what: &str,
    limit: Duration,
    work: impl FnOnce() -> R + Send + 'static,
) -> R {
    let (sender, receiver) = mpsc::channel();
    let worker = thread::spawn(move || {
        let result = work();
        // Nobody listens after the limit.
        let _ = sender.send(());
        result
    });
    match receiver.recv_timeout(limit) {
        Err(mpsc::RecvTimeoutError::Timeout) => panic!("{what}: no end within {limit:?}"),
        // Also when it has panicked, and dropped the sender.
        _ => worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
    }
}

#[test]
#[should_panic(expected = "a sleep: no end within")]
fn what_does_not_end_fails() {
    within_limit("a sleep", Duration::from_millis(20), || thread::sleep(limit()));
}

#[test]
fn a_panic_and_a_result_come_through() {
    assert_eq!(within("a sum", || 1 + 1), 2);
    let panic = std::panic::catch_unwind(|| within("a panic", || panic!("inner"))).unwrap_err();
    assert_eq!(panic.downcast_ref(), Some(&"inner"));
}
