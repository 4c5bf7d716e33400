//! What uhyve costs, in the test bed, where KVM works on every machine: [`CLAIMS`]. All of one claim runs in the same emulated
//! machine, in turns; absolute times there mean little.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use tests::bed::{Bed, kit};
use tests::launch::{Launch, Outcome};

use crate::build::Laboratory;
use crate::claims::{Claim, Measured};
use crate::measure::Sample;

/// Every claim about uhyve.
pub const CLAIMS: &[Claim] = &[
    Claim {
        name: "uhyve: hello, start to exit, beside a static Linux hello",
        target: 3.0,
        measure: beside_linux,
    },
    Claim {
        name: "uhyve: hello, start to exit, beside QEMU's microvm with KVM",
        target: 0.2,
        measure: beside_qemu,
    },
    Claim { name: "uhyve: instructions from the entry to main", target: 300_000.0, measure: instructions },
    Claim { name: "uhyve: memory of the proxy beside guest RAM, in KiB", target: 8192.0, measure: memory },
];

/// Starts in one measurement, and measurements.
const STARTS: usize = 5;
const ROUNDS: usize = 7;

/// What hello says.
const GREETING: &str = "Hello, world!";

const QEMU: &str = "/usr/bin/qemu-system-x86_64";
/// The firmware of microvm, which reads the image into RAM.
const FIRMWARE: [&str; 2] = ["/usr/share/qemu/bios-microvm.bin", "/usr/share/qemu/qboot.rom"];

/// The bed, booted by the first claim that needs it.
static BED: Mutex<Option<Arc<Bed>>> = Mutex::new(None);

fn bed(laboratory: &Laboratory) -> Result<Arc<Bed>> {
    let mut bed = BED.lock().unwrap_or_else(PoisonError::into_inner);
    if bed.is_none() {
        *bed = Some(Bed::start(laboratory.bed(), &laboratory.folder().join("bed"))?);
    }
    bed.clone().context("it has just been booted")
}

/// A line for the shell in the bed, with `words` as `$0`, `$1`, ...
fn shell(laboratory: &Laboratory, line: &str, words: &[&Path], needs: &[PathBuf]) -> Result<Outcome> {
    let mut args: Vec<OsString> = vec!["-c".into(), line.into()];
    args.extend(words.iter().map(|word| word.as_os_str().to_owned()));
    let mut launch = Launch::new(&laboratory.folder().join("bed-run"), Path::new("/bin/sh")).args(args);
    launch = launch.env("HERMIT_ISLE", "uhyve");
    launch.needs = kit::program(Path::new("/bin/sh"))?;
    launch.needs.extend_from_slice(needs);
    launch.timeout = Duration::from_secs(600);
    launch.bed = Some(bed(laboratory)?);
    let outcome = launch.run()?;
    let stderr = String::from_utf8_lossy(&outcome.stderr);
    ensure!(outcome.status == Some(0), "`{line}` ends with {:?}: {stderr}", outcome.status);
    Ok(outcome)
}

/// Seconds that one of [`STARTS`] runs of a command takes.
fn time(laboratory: &Laboratory, command: &str, words: &[&Path], needs: &[PathBuf]) -> Result<f64> {
    let line =
        format!("i=0; while [ $i -lt {STARTS} ]; do {command} >/dev/null || exit 1; i=$((i + 1)); done");
    Ok(shell(laboratory, &line, words, needs)?.elapsed.as_secs_f64() / STARTS as f64)
}

/// Two commands in turns, after one run of each that does not count.
fn take_turns(
    laboratory: &Laboratory,
    commands: [&str; 2],
    words: &[&Path],
    needs: &[PathBuf],
) -> Result<Measured> {
    for command in commands {
        let said = shell(laboratory, command, words, needs)?.stdout;
        let said = String::from_utf8_lossy(&said);
        ensure!(said.contains(GREETING), "`{command}` says {said:?}");
        time(laboratory, command, words, needs)?;
    }
    let mut samples = [Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        for (sample, command) in samples.iter_mut().zip(commands) {
            sample.push(time(laboratory, command, words, needs)?);
        }
    }
    let [native, isle] = samples.map(Sample::from);
    Ok(Measured::Ratio { native, isle })
}

fn beside_linux(laboratory: &Laboratory) -> Result<Measured> {
    let twins = laboratory.twins("hello")?;
    let words = [laboratory.proxy(), twins.image, twins.native];
    let words = words.each_ref().map(PathBuf::as_path);
    take_turns(laboratory, ["\"$2\"", "\"$0\" \"$1\""], &words, &[])
}

/// QEMU boots the image by itself, without a proxy: the program's output goes to the serial line, and its end ends the machine.
fn beside_qemu(laboratory: &Laboratory) -> Result<Measured> {
    let twins = laboratory.twins("hello")?;
    let words = [laboratory.proxy(), twins.image];
    let words = words.each_ref().map(PathBuf::as_path);
    let mut needs = kit::program(Path::new(QEMU))?;
    needs.extend(FIRMWARE.iter().map(PathBuf::from).filter(|path| path.exists()));
    let qemu = format!(
        "{{ {QEMU} -M microvm -accel kvm -cpu host -m 512 -nodefaults -no-user-config -display none -no-reboot \
         -serial stdio -kernel \"$1\" || :; }}"
    );
    take_turns(laboratory, [&qemu, "HERMIT_MEM=512M \"$0\" \"$1\""], &words, &needs)
}

/// By single steps of the proxy's debug server.
fn instructions(laboratory: &Laboratory) -> Result<Measured> {
    let image = laboratory.twins("hello")?.image;
    let proxy = laboratory.proxy();
    let mut needs = kit::gdb(&laboratory.gdb_script())?;
    needs.push(proxy.clone());
    let count = "python gdb.execute('monitor count-to %x' % int(gdb.parse_and_eval('(long) &main')))";
    let line = format!(
        "HERMIT_DEBUG=1234 \"$0\" \"$1\" & gdb -nx -batch -ex 'set tcp connect-timeout 120' \
         -ex 'target remote 127.0.0.1:1234' -ex \"{count}\" -ex stepi -ex 'monitor count' -ex detach \"$1\" 2>&1; wait"
    );
    let outcome = shell(laboratory, &line, &[&proxy, &image], &needs)?;
    let said = String::from_utf8_lossy(&outcome.stdout);
    let count = said.lines().find_map(|line| line.strip_suffix(" instructions"));
    let count = count.and_then(|text| text.trim().parse().ok());
    Ok(Measured::Count(count.with_context(|| format!("gdb does not tell how many:\n{said}"))?))
}

fn memory(laboratory: &Laboratory) -> Result<Measured> {
    let image = laboratory.twins("hello")?.image;
    let outcome = shell(laboratory, "\"$0\" --stats \"$1\"", &[&laboratory.proxy(), &image], &[])?;
    let said = String::from_utf8_lossy(&outcome.stderr);
    let kib = said.lines().find_map(|line| {
        line.strip_prefix("proxy: ")?.strip_suffix(" KiB of memory beside guest RAM")?.parse().ok()
    });
    Ok(Measured::Kibibytes(kib.with_context(|| format!("--stats does not tell:\n{said}"))?))
}
