//! What ends a thread's wait before its time: causes, one bit each. The scheduler looks only whether there is
//! one; what they mean, and what the thread does about them, is [`crate::signal`]'s to know, which keeps
//! these words.

use core::sync::atomic::{AtomicU64, Ordering::SeqCst};

/// Causes for whichever thread takes them first.
pub static POSTED_TO_ANY: AtomicU64 = AtomicU64::new(0);

/// A thread's causes to be interrupted.
pub struct Interruption {
    /// Those that are for this thread.
    pub posted: AtomicU64,
    /// Those that it does not want to hear of now.
    pub mask: AtomicU64,
}

impl Interruption {
    /// Of a thread that nobody has posted anything to.
    pub const fn new(mask: u64) -> Self {
        Self { posted: AtomicU64::new(0), mask: AtomicU64::new(mask) }
    }

    /// All that has been posted, masked or not.
    #[inline]
    pub fn pending(&self) -> u64 {
        self.posted.load(SeqCst) | POSTED_TO_ANY.load(SeqCst)
    }

    /// Whether there is a cause that it does not mask.
    #[inline]
    pub fn is_due(&self) -> bool {
        self.pending() & !self.mask.load(SeqCst) != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_masked_does_not_interrupt() {
        let interruption = Interruption::new(0b100);
        assert!(!interruption.is_due());
        interruption.posted.store(0b100, SeqCst);
        assert!(!interruption.is_due());
        interruption.posted.store(0b110, SeqCst);
        assert!(interruption.is_due());
        interruption.mask.store(0b110, SeqCst);
        assert!(!interruption.is_due());
        assert_eq!(interruption.pending() & 0b110, 0b110);
    }
}
