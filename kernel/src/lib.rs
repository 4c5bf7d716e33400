//! The library kernel, libhermit.a.
