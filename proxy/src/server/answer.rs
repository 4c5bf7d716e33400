//! What comes of a request: [`Answer`], [`Outlook`].

use abi::errno::Errno;

/// Value or error of one request.
pub type Answer = Result<i64, Errno>;

/// What serving a request at once would come to.
pub enum Outlook {
    /// It does not block.
    AtOnce,
    /// It was served.
    Answered(Answer),
    /// It may block.
    MayBlock {
        /// So many bytes have been written.
        done: u64,
    },
}
