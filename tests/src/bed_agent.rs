//! `bed-agent`: the first process of the test bed's Linux; see `tests::bed::agent`.
#![forbid(unsafe_code)]

fn main() -> std::process::ExitCode {
    tests::bed::agent::run()
}
