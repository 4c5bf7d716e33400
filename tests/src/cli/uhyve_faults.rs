//! What can go wrong around the uhyve isle: no device, no permission, no memory, an image that changes, signals at any moment.
//! Always a clear error; never a hang, never a panic of the proxy.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Result, ensure};
use rustix::process::Signal;

use super::CliCase;
use super::desk::{Desk, Expect, tool_panicked};
use crate::bed::kit;
use crate::compiler::Target;
use crate::isle::Isle;
use crate::lack::Lack;
use crate::launch::{Input, Launch};

const UHYVE: &[Isle] = &[Isle::Uhyve];

/// The cases.
pub const CASES: &[CliCase] = &[
    CliCase { name: "cli/uhyve-no-device", isles: UHYVE, check: no_device },
    CliCase { name: "cli/uhyve-no-memory", isles: UHYVE, check: no_memory },
    CliCase { name: "cli/uhyve-huge-pages", isles: UHYVE, check: huge_pages },
    CliCase { name: "cli/uhyve-device-vanishes", isles: UHYVE, check: device_vanishes },
    CliCase { name: "cli/uhyve-image-vanishes", isles: UHYVE, check: image_vanishes },
    CliCase { name: "cli/uhyve-triple-fault", isles: UHYVE, check: triple_fault },
    CliCase { name: "cli/uhyve-interrupted", isles: UHYVE, check: interrupted },
    CliCase { name: "cli/uhyve-flipped-images", isles: UHYVE, check: flipped_images },
];

/// The proxy failed, and says why with these words.
fn refused<'a>(words: &'a [&'a str]) -> Expect<'a> {
    Expect { status: Some(abi::exit::Failure::Proxy as u8), stdout: "", stderr: words }
}

fn hello() -> Expect<'static> {
    Expect { status: Some(0), stdout: "Hello, world!\n", stderr: &[] }
}

/// A line for the shell, in a file system of its own (unshare(1)), with the image as `$1` and the proxy as `$0`; `None` outside
/// of the bed, where nobody may.
fn shell(desk: &mut Desk<'_>, line: &str, image: &Path) -> Result<Option<Launch>> {
    if desk.lab.bed.is_none() {
        desk.skip(Lack::Machine("only in the test bed everybody is root".to_owned()));
        return Ok(None);
    }
    let proxy = desk.lab.prefix.proxy().into_os_string();
    let words: Vec<OsString> =
        vec!["--mount".into(), "/bin/sh".into(), "-c".into(), line.into(), proxy, image.into()];
    let mut launch = desk.command(Path::new("/usr/bin/unshare"), words);
    for program in ["/usr/bin/unshare", "/usr/bin/setpriv", "/usr/bin/timeout", "/bin/mount", "/bin/sh"] {
        launch.needs.extend(kit::program(Path::new(program))?);
    }
    launch.timeout = Duration::from_secs(60);
    Ok(Some(launch))
}

fn check_line(desk: &mut Desk<'_>, what: &str, line: &str, image: &Path, expect: Expect<'_>) -> Result<()> {
    if let Some(launch) = shell(desk, line, image)? {
        desk.check(what, launch, expect)?;
    }
    Ok(())
}

fn no_device(desk: &mut Desk<'_>) -> Result<()> {
    let image = desk.build(Target::Hermit, "c/hello.c")?;
    let gone = "mount -t tmpfs none /dev && exec \"$0\" \"$1\"";
    check_line(desk, "no device", gone, &image, refused(&["no /dev/kvm", "modprobe"]))?;
    let user = "exec setpriv --reuid 65534 --regid 65534 --clear-groups \"$0\" \"$1\"";
    check_line(desk, "no permission", user, &image, refused(&["no permission for /dev/kvm", "usermod"]))?;
    let null = "mount --bind /dev/null /dev/kvm && exec \"$0\" \"$1\"";
    check_line(desk, "another device", null, &image, refused(&["proxy: KVM lacks"]))?;
    let auto = "mount -t tmpfs none /dev && HERMIT_ISLE=auto exec \"$0\" \"$1\"";
    check_line(desk, "another isle instead", auto, &image, hello())
}

fn no_memory(desk: &mut Desk<'_>) -> Result<()> {
    let image = desk.build(Target::Hermit, "c/hello.c")?;
    let launch = desk.proxy([&image]).env("HERMIT_MEM", "512G");
    desk.check("more than there is, which nobody wants", launch, hello())?;
    // The bed's CPU has 40 bits.
    let addresses = "HERMIT_MEM=64T exec \"$0\" \"$1\"";
    check_line(desk, "more than addresses", addresses, &image, refused(&["RAM", "lower HERMIT_MEM"]))?;
    let limited = "ulimit -v 100000 && HERMIT_MEM=1G exec \"$0\" \"$1\"";
    check_line(desk, "more than the limit", limited, &image, refused(&["make guest RAM", "ulimit -v"]))?;
    let files = "ulimit -n 6 && exec \"$0\" \"$1\"";
    check_line(desk, "too few files", files, &image, refused(&["proxy: cannot"]))
}

fn huge_pages(desk: &mut Desk<'_>) -> Result<()> {
    let image = desk.build(Target::Hermit, "c/hello.c")?;
    let none = "HERMIT_HUGE_PAGES=1 HERMIT_MEM=64M exec \"$0\" \"$1\"";
    check_line(desk, "none reserved", none, &image, refused(&["make guest RAM", "vm.nr_hugepages"]))?;
    let some = "echo 32 >/proc/sys/vm/nr_hugepages && HERMIT_HUGE_PAGES=1 HERMIT_MEM=64M \"$0\" \"$1\"; status=$?; \
                echo 0 >/proc/sys/vm/nr_hugepages; exit $status";
    check_line(desk, "reserved", some, &image, hello())?;
    let merged = "HERMIT_KSM=1 exec \"$0\" \"$1\"";
    check_line(desk, "merged pages", merged, &image, hello())
}

/// What runs needs the device's name no more, for further vCPUs neither.
fn device_vanishes(desk: &mut Desk<'_>) -> Result<()> {
    let image = desk.build(Target::Hermit, "cli/late.c")?;
    let line = "{ read -r go; echo go; } | HERMIT_CPUS=2 \"$0\" \"$1\" thread | \
                { read -r ready; mount -t tmpfs none /dev; echo \"$ready\" >fifo; read -r rest; echo \"$rest\"; }";
    let line = format!("mkfifo fifo; exec <>fifo; {line}");
    let Some(mut launch) = shell(desk, &line, &image)? else { return Ok(()) };
    launch.needs.extend(kit::program(Path::new("/usr/bin/mkfifo"))?);
    desk.check("the device vanishes", launch, Expect { status: Some(0), stdout: "result 7\n", stderr: &[] })?;
    Ok(())
}

/// The image is mapped, not copied; who cuts it off takes nothing away from the program, though. The same without a lease: the file
/// is open for writing from the beginning.
fn image_vanishes(desk: &mut Desk<'_>) -> Result<()> {
    let image = desk.build(Target::Hermit, "cli/late.c")?;
    for (what, before) in [("the image vanishes", ""), ("a copied image vanishes", "exec 9>>copy;")] {
        let line = "{ read -r go; echo go; } | \"$0\" ./copy table | \
                    { read -r ready; : >copy; echo \"$ready\" >fifo; read -r rest; echo \"$rest\"; }";
        let line = format!("cat \"$1\" >copy; chmod 755 copy; {before} mkfifo fifo; exec <>fifo; {line}");
        let Some(mut launch) = shell(desk, &line, &image)? else { return Ok(()) };
        for program in ["/usr/bin/mkfifo", "/bin/cat", "/bin/chmod"] {
            launch.needs.extend(kit::program(Path::new(program))?);
        }
        desk.check(what, launch, Expect { status: Some(0), stdout: "result 1\n", stderr: &[] })?;
    }
    Ok(())
}

/// The bed's CPU is AMD's, which resets a vCPU and forgets where it was: the registers that it then has are nobody's.
fn triple_fault(desk: &mut Desk<'_>) -> Result<()> {
    let image = desk.build(Target::Hermit, "c/triple_fault.c")?;
    let lost = Expect { status: Some(134), stdout: "", stderr: &["triple fault", "its registers are lost"] };
    check_line(desk, "a triple fault", "exec \"$0\" \"$1\"", &image, lost)
}

/// `KVM_RUN` is interrupted at random moments, in the middle of everything, by signals that are none of the program's.
fn interrupted(desk: &mut Desk<'_>) -> Result<()> {
    let image = desk.build(Target::Hermit, "cli/storm.c")?;
    for cpus in ["1", "2"] {
        let mut launch = desk.proxy(["--stats".into(), image.clone().into_os_string()]);
        launch = launch.env("HERMIT_CPUS", cpus);
        launch.stdin = Input::Silence;
        let rerun = launch.shell_line();
        launch.prepare()?;
        let mut running = launch.start()?;
        ensure!(running.wait_for_output("ready")?, "the program never became ready\nrerun: {rerun}");
        for round in 0..400_u64 {
            running.signal(Signal::POWER)?;
            if round % 10 == 0 {
                running.signal(Signal::USR1)?;
                // A moment that no clock is in step with, and in which a vCPU that has lost its CPU to another case gets it back: a signal
                // that waits for the program takes in all that come meanwhile.
                std::thread::sleep(Duration::from_micros(round * 7919 % 15_000));
            }
        }
        running.signal(Signal::TERM)?;
        let stdout = "ready\nsignals came 1, faults 0\n";
        let expect = Expect { status: Some(0), stdout, stderr: &["signal of the host "] };
        desk.judge(&format!("interrupted on {cpus} vCPUs"), &rerun, &running.finish()?, expect);
    }
    Ok(())
}

/// Images in which some bytes are others: refused, or a program that does something else. SIGTERM ends those that compute on.
fn flipped_images(desk: &mut Desk<'_>) -> Result<()> {
    const IMAGES: u64 = 40;
    let image = desk.build(Target::Hermit, "c/hello.c")?;
    let good = fs::read(&image)?;
    for number in 1..=IMAGES {
        let file: PathBuf = desk.file(&format!("flipped-{number}"), flip(&good, number))?;
        let line = "cat <\"$1\" >copy; chmod 755 copy; HERMIT_MEM=64M exec timeout -k 20 10 \"$0\" ./copy";
        let Some(mut launch) = shell(desk, line, &file)? else { return Ok(()) };
        for program in ["/bin/cat", "/bin/chmod"] {
            launch.needs.extend(kit::program(Path::new(program))?);
        }
        let rerun = launch.shell_line();
        let outcome = launch.run()?;
        let stderr = String::from_utf8_lossy(&outcome.stderr);
        // timeout(1): 124 after SIGTERM, 137 after SIGKILL.
        let bad = outcome.status.is_none_or(|status| status == 137) || !outcome.left_processes.is_empty();
        if bad || tool_panicked(&outcome.stderr) || stderr.contains("please report this") {
            desk.fault(format!(
                "flipped image {number}: status {:?}\n{stderr}\nrerun: {rerun}",
                outcome.status
            ));
        }
        fs::remove_file(&file)?;
    }
    Ok(())
}

/// Flips one to eight bits, of which some are in the headers; the same ones for the same number.
fn flip(good: &[u8], number: u64) -> Vec<u8> {
    let mut bytes = good.to_vec();
    let mut state = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut random = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    for _ in 0..=random() % 8 {
        let range = if random() % 4 == 0 { 4096.min(bytes.len()) } else { bytes.len() };
        let at = random() as usize % range;
        bytes[at] ^= 1 << (random() % 8);
    }
    bytes
}
