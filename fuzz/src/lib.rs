//! Random input for what reads untrusted bytes in the proxy: one module per target, which libFuzzer calls with bytes of its choice.
//!
//! | module | what reads the bytes |
//! |---|---|
//! | [`requests`] | the hypercall server, which answers a guest's requests |
//! | [`image`] | the parser of images, and the report that reads an image's symbols and debug information |
//! | [`options`] | options and variables |
//! | [`guest`] | memory of a guest, between pages that must stay as they are |
//! | [`confine`] | keeps requests that the server lets through from the machine that runs this |
//! | [`input`] | the bytes as numbers |
//!
//! A fault is a panic (also of an overflow), an address that AddressSanitizer objects to, a canary that has changed, or an input that
//! takes longer than `-timeout`. CONTRIBUTING.md says how to run them.

pub mod confine;
pub mod guest;
pub mod image;
pub mod input;
pub mod options;
pub mod requests;
