//! Unit tests of the directive parser.

use super::*;

fn c(source: &str) -> Result<Spec, ParseError> {
    parse(source, Comment::Slashes)
}

fn problem(source: &str) -> Problem {
    c(source).unwrap_err().problem
}

#[test]
fn a_source_without_directives_is_compared_with_its_native_build() {
    let spec = c("int main(void) { return 0; } // # not the first thing in its line\n").unwrap();
    assert_eq!(spec, Spec::default());
    assert!(spec.native && spec.status == 0 && spec.stdout == Expected::Native);
}

#[test]
fn every_directive_is_understood() {
    let spec = c("//# args: a \"b c\" ''\n//# env: A=1\n//# env: B=x=y\n//# stdin: one\\ntwo\\n\n//# stdout-to: file\n\
         //# status: 139\n//# stdout: @golden\n//# stderr-contains: in main\n//# output-file: out.txt\n//# isles: process\n\
         //# mem: 512M\n//# cflags: -O3 -g\n//# libs: -lm\n//# requires: cpu:avx2\n//# requires: program:gcc\n\
         //# timeout-s: 120\n//# cpus: 1 4\n//# compilers: gcc clang\n")
    .unwrap();
    assert_eq!(spec.args, ["a", "b c", ""]);
    assert_eq!(spec.env, [("A".into(), "1".into()), ("B".into(), "x=y".into())]);
    assert_eq!(spec.stdin, Stdin::Text("one\ntwo\n".into()));
    assert_eq!((spec.sink, spec.status, spec.stdout), (Sink::File, 139, Expected::Golden));
    assert_eq!(spec.stderr_contains, ["in main"]);
    assert_eq!(spec.output_files, ["out.txt"]);
    assert_eq!(spec.isles, [Isle::Process]);
    assert_eq!(spec.compilers, Some(vec![Family::Gcc, Family::Clang]));
    assert_eq!(spec.mem.unwrap(), Memory { text: "512M".into(), kib: 512 * 1024 });
    assert_eq!(spec.cpus, [1, 4]);
    assert_eq!((spec.cflags.len(), spec.libs.len(), spec.requires.len()), (2, 1, 2));
    assert_eq!(spec.timeout, Duration::from_secs(120));
}

#[test]
fn a_mutated_directive_is_an_error() {
    for line in
        ["// # args: a", " //# args: a", "//#args: a", "//# args", "//# args:a", "//#", "//#  args: a:b"]
    {
        let got = c(&format!("int x;\n{line}\n"));
        assert!(got.is_err(), "{line} was taken as {got:?}");
        assert_eq!(got.unwrap_err().line, 2);
    }
    assert_eq!(problem("//# arg: a"), Problem::UnknownKey("arg".into()));
    assert_eq!(problem("//# Args: a"), Problem::UnknownKey("Args".into()));
    assert_eq!(problem("//# status: 1\n//# status: 1"), Problem::Twice("status".into()));
}

#[test]
fn a_value_without_sense_is_an_error() {
    for line in [
        "args: \"a",
        "args-count: many",
        "env: A",
        "env: =1",
        "stdin: @",
        "stdin: \\q",
        "stdout-to: printer",
        "status: 256",
        "status: -1",
        "status:",
        "stdout: @gold",
        "compare: nothing",
        "isles: native",
        "isles:",
        "isles: process quemu",
        "mem: 64",
        "mem: M",
        "mem: 0M",
        "mem: 64K",
        "compilers:",
        "compilers: icc",
        "compilers: gcc gcc",
        "cpus:",
        "cpus: 0",
        "cpus: 1025",
        "cpus: 2 2",
        "cpus: two",
        "requires: cpu:",
        "requires: luck",
        "timeout-s: 1m",
        "stderr-contains:",
    ] {
        assert!(matches!(problem(&format!("//# {line}")), Problem::BadValue { .. }), "{line}");
    }
}

#[test]
fn a_test_that_checks_nothing_is_an_error() {
    assert_eq!(problem("//# compare: none"), Problem::ChecksNothing);
    assert_eq!(c("//# compare: none\n//# status: 3").unwrap().stdout, Expected::Any);
    assert_eq!(c("//# compare: none\n//# stdout: ok\\n").unwrap().stdout, Expected::Text("ok\n".into()));
}

#[test]
fn many_arguments_and_a_large_environment() {
    let spec = c("//# args-count: 10000\n//# env-kib: 1024").unwrap();
    assert_eq!((spec.args.len(), spec.args[9999].as_str()), (10000, "argument-9999"));
    let bytes: usize = spec.env.iter().map(|(name, value)| name.len() + value.len() + 2).sum();
    assert_eq!(bytes, 1 << 20);
}

#[test]
fn fortran_has_its_own_comments() {
    assert_eq!(parse("!# status: 2\n", Comment::Exclamation).unwrap().status, 2);
    assert!(parse("! # status: 2\n", Comment::Exclamation).is_err());
    assert_eq!(parse("//# status: 2\n", Comment::Exclamation).unwrap(), Spec::default());
}
