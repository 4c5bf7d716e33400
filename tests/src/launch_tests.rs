//! Unit tests of launching: the host's own programs stand in for images.

use super::*;

fn shell(script: &str) -> Launch {
    let folder = tempfile::tempdir().unwrap().keep();
    Launch::new(&folder, Path::new("/bin/sh")).args(["-c", script])
}

fn run(launch: Launch) -> Outcome {
    let folder = launch.folder.clone();
    let outcome = launch.run().unwrap();
    fs::remove_dir_all(folder).unwrap();
    outcome
}

#[test]
fn status_and_outputs_are_seen() {
    let outcome = run(shell("echo out; echo err >&2; exit 42"));
    assert_eq!(
        (outcome.status, outcome.stdout, outcome.stderr),
        (Some(42), b"out\n".into(), b"err\n".into())
    );
    assert!(outcome.left_processes.is_empty() && outcome.left_files.is_empty());
}

#[test]
fn a_signal_is_128_and_its_number() {
    assert_eq!(run(shell("kill -SEGV $$")).status, Some(139));
}

#[test]
fn input_environment_and_folder_are_the_commands_own() {
    let mut launch = shell("cat; echo $NAME; ls -A | wc -l").env("NAME", "value");
    launch.stdin = Input::Bytes(b"in\n".into());
    assert_eq!(run(launch).stdout, b"in\nvalue\n0\n");
}

#[test]
fn a_closed_pipe_ends_the_writer() {
    let mut launch = shell("while :; do echo; done");
    launch.sink = Sink::ClosedPipe;
    assert_eq!(run(launch).status, Some(141));
}

#[test]
fn a_process_that_stays_is_found_and_killed() {
    let outcome = run(shell("sleep 100 & exit 0"));
    assert_eq!(outcome.status, Some(0));
    assert_eq!(outcome.left_processes.len(), 1);
    assert!(outcome.left_processes[0].starts_with("sleep"), "{:?}", outcome.left_processes);
}

#[test]
fn a_process_that_hides_in_another_group_is_found() {
    let outcome = run(shell("setsid sleep 100 & sleep 0.1; exit 0"));
    assert_eq!(outcome.left_processes.len(), 1, "{:?}", outcome.left_processes);
}

#[test]
fn a_process_that_nobody_can_find_does_not_hang_us() {
    let started = Instant::now();
    let outcome = run(shell("(cd / && exec setsid sleep 20) & sleep 0.1; echo out; exit 0"));
    assert_eq!((outcome.status, outcome.stdout), (Some(0), b"out\n".into()));
    assert_eq!(outcome.left_processes.len(), 1, "{:?}", outcome.left_processes);
    assert!(started.elapsed() < Duration::from_secs(15), "it waited for the pipe's end");
}

#[test]
fn a_file_that_stays_is_found() {
    assert_eq!(run(shell("touch $TMPDIR/socket")).left_files.len(), 1);
}

#[test]
fn what_hangs_is_killed() {
    let mut launch = shell("sleep 100");
    launch.timeout = Duration::from_millis(50);
    assert_eq!(run(launch).status, None);
}

#[test]
fn an_interrupt_reaches_the_group() {
    // All of the group is there when it says so: a shell that is about to fork lets the new process miss the signal.
    let launch = shell("sh -c 'echo ready; exec sleep 100'; true");
    launch.prepare().unwrap();
    let folder = launch.folder.clone();
    let mut running = launch.start().unwrap();
    assert!(running.wait_for_output("ready").unwrap());
    running.signal_group(Signal::INT).unwrap();
    assert_eq!(running.finish().unwrap().status, Some(130));
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn the_address_space_can_be_limited() {
    let mut launch = shell("ulimit -v");
    launch.address_space_kib = Some(65536);
    assert_eq!(run(launch).stdout, b"65536\n");
}
