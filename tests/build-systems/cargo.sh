# cargo with Rust's stock toolchain: build, run and test a program with a build script, C in it, threads, files, sockets and panics.
set -eu
unset CARGO_TARGET_DIR RUSTFLAGS CARGO_ENCODED_RUSTFLAGS CARGO_BUILD_TARGET
export XDG_CACHE_HOME="$PWD/cache"
cp -r "$INPUT"/rust/. .
mkdir .cargo
cp "$PREFIX/share/hermit/cargo.toml" .cargo/config.toml
cargo run --quiet --offline --release -- one two
cargo test --quiet --offline 2>log | grep -o '^test result: ok. 2 passed' || { cat log >&2; exit 1; }
# In another isle, and as it is.
HERMIT_ISLE=qemu proxy target/x86_64-unknown-linux-gnu/release/answer >other
head -n 1 other
