//! Structures that may cross between host and guest: [`Plain`].

use abi::file::{FileLock, IoVec, PollHandle, Stat, TimeSpec, WindowSize};
use abi::hypercall::Request;
use abi::socket::Message;
use abi::trap::TrapFrame;

/// Integers only, so that every bit pattern is a value; no padding, so that copying it out leaks nothing.
///
/// # Safety
/// Both must hold.
pub unsafe trait Plain: Copy {}

macro_rules! plain {
    ($($type:ty),*) => {$(
        // SAFETY: `repr(C)` (or primitive), integers only, explicit padding fields.
        unsafe impl Plain for $type {}
    )*};
}

plain!(
    u8, u16, u32, u64, i32, i64, FileLock, IoVec, Message, PollHandle, Request, Stat, TimeSpec, TrapFrame,
    WindowSize
);

// SAFETY: an array of values has neither padding nor invalid bit patterns of its own.
unsafe impl<T: Plain, const N: usize> Plain for [T; N] {}
