//! The proxy as a user sees it: small guests, built here with the host's gcc, and their output and exit
//! status.
#![allow(clippy::unwrap_used, reason = "a panic there is the failure that we want to see")]

#[path = "proxy/build.rs"]
mod build;
#[path = "proxy/image.rs"]
mod image;
#[path = "proxy/limit.rs"]
mod limit;
#[path = "proxy/process.rs"]
mod process;
#[path = "proxy/qemu.rs"]
mod qemu;
#[path = "proxy/running.rs"]
mod running;
#[path = "proxy/sandbox.rs"]
mod sandbox;
#[path = "proxy/vcpu.rs"]
mod vcpu;
