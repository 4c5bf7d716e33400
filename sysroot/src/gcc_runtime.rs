//! The host compiler's own runtime, which every image links: [`FILES`].
//!
//! libgcc and the crt files hold code for the CPU, not for the operating system, so the host's serve HermitCore as
//! they are. `xtask` copies each (found with `gcc -print-file-name=NAME`) into `Prefix::gcc_lib` with
//! `elfedit::copy_marked`.

/// Names of the files, as `gcc -print-file-name=` knows them.
pub const FILES: &[&str] = &[
    "crtbegin.o",
    "crtend.o",
    // -ffast-math: sets flush-to-zero in a constructor.
    "crtfastmath.o",
    // -mpc32, -mpc64, -mpc80: set the x87's precision in a constructor.
    "crtprec32.o",
    "crtprec64.o",
    "crtprec80.o",
    "libgcc.a",
    "libgcc_eh.a",
];
