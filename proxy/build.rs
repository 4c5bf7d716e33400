//! Compiles the isles' system-call filters to BPF, so that no start of a program pays for it.
//!
//! The rules are in `src/sandbox/rules`; `sandbox.rs` includes the result and puts the process id in.

#[path = "src/sandbox/compile.rs"]
mod compile;
#[path = "src/sandbox/rules/mod.rs"]
mod rules;

use std::fmt::Write;
use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/sandbox");
    let mut text = format!("const PID_PLACEHOLDER: u32 = {:#x};\n", rules::PID_PLACEHOLDER);
    for (name, rules) in rules::filters() {
        let program = compile::program(&rules);
        writeln!(text, "static {name}: [Step; {}] = [", program.len()).expect("a string takes any text");
        for libc::sock_filter { code, jt, jf, k } in program {
            writeln!(text, "    Step {{ code: {code}, jt: {jt}, jf: {jf}, k: {k:#x} }},")
                .expect("a string takes any text");
        }
        text.push_str("];\n");
    }
    text.push_str("#[cfg(test)]\nstatic FILTERS: &[(&str, &[Step])] = &[\n");
    for (name, _) in rules::filters() {
        writeln!(text, "    (\"{name}\", &{name}),").expect("a string takes any text");
    }
    text.push_str("];\n");
    let out = std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR");
    std::fs::write(Path::new(&out).join("filter.rs"), text).expect("OUT_DIR is writable");
}
