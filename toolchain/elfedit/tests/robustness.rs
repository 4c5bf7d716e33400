//! Damaged input never panics, and what is refused is never written: thousands of mutations of an object and of an
//! archive, the same in every run.
#![allow(clippy::unwrap_used, reason = "a panic in a test is the failure that we want to see")]

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::Command;

use tests::limited;

use elfedit::{Osabi, set_osabi};

const MUTATIONS: u64 = 2000;

/// SplitMix64: small, and good enough to choose bytes.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }
}

/// Changes a few bytes, mostly where headers are, with values that are likely to hurt; sometimes cuts the end off.
fn mutate(original: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = original.to_vec();
    let section_table = bytes.len().saturating_sub(64 * 14);
    for _ in 0..=random.below(4) {
        let at = match random.below(3) {
            0 => random.below(200.min(bytes.len())),
            1 => section_table + random.below(bytes.len() - section_table),
            _ => random.below(bytes.len()),
        };
        bytes[at] = match random.below(4) {
            0 => 0xff,
            1 => 0,
            2 => b'9',
            _ => random.next() as u8,
        };
    }
    if random.below(8) == 0 {
        bytes.truncate(random.below(bytes.len()));
    }
    bytes
}

fn torture(original: &[u8], file: &Path) -> (u64, u64) {
    let (mut edited, mut refused) = (0, 0);
    for seed in 0..MUTATIONS {
        let input = mutate(original, &mut Random(seed));
        fs::write(file, &input).unwrap();
        let outcome = catch_unwind(AssertUnwindSafe(|| set_osabi(file, Osabi::HERMIT)));
        let output = fs::read(file).unwrap();
        match outcome.unwrap_or_else(|_| panic!("seed {seed} panics")) {
            Ok(changes) => {
                let differ = input.iter().zip(&output).filter(|(a, b)| a != b).count();
                assert_eq!((differ, output.len()), (changes, input.len()), "seed {seed}");
                edited += 1;
            }
            Err(_) => {
                assert_eq!(input, output, "seed {seed} is refused, but written");
                refused += 1;
            }
        }
    }
    (edited, refused)
}

#[test]
fn mutated_files_never_panic_and_refused_ones_stay() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("a.c"), "static int v[9]; int get(int i) { return v[i]; }\n").unwrap();
    let run = |tool: &str, arguments: &[&str]| {
        let mut command = Command::new(tool);
        let output = limited::output(command.args(arguments).current_dir(folder.path()), limited::COMPILER);
        assert!(output.unwrap().status.success(), "{tool}");
    };
    run("gcc", &["-g", "-c", "a.c", "-o", "a_long_name_for_the_table.o"]);
    run("gcc", &["-c", "a.c"]);
    run("ar", &["rcs", "lib.a", "a.o", "a_long_name_for_the_table.o"]);
    for name in ["a.o", "lib.a"] {
        let (edited, refused) = torture(&fs::read(path(name)).unwrap(), &path("mutant"));
        // Both ways out are taken often, so the mutations are neither harmless nor all alike.
        assert!(
            edited > MUTATIONS / 20 && refused > MUTATIONS / 20,
            "{name}: {edited} edited, {refused} refused"
        );
    }
}
