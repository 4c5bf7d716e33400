//! What comes with CMake is built by a process of its own: how its end is told.

use std::fs;
use std::path::Path;

use anyhow::Result;
use xtask::cmake::Project;
use xtask::context::Context;
use xtask::step::Job;
use xtask::workspace::Workspace;

/// Builds the target `made` of a project as a step does.
fn build(folder: &Path, lists: &str) -> Result<()> {
    fs::create_dir_all(folder.join("source"))?;
    fs::write(folder.join("source/CMakeLists.txt"), lists)?;
    let context = Context::quiet(Workspace::new(folder.to_path_buf(), folder.join("target")))?;
    let project = Project {
        source: folder.join("source"),
        out: folder.join("out"),
        target: "made".to_owned(),
        cc: "gcc".into(),
        cxx: "g++".into(),
        // Otherwise the crate asks cargo's variables for the system.
        defines: vec!["CMAKE_SYSTEM_NAME=Linux".to_owned()],
    };
    fs::create_dir_all(&project.out)?;
    let mut job = Job::alone(&context, "project", "build a project")?;
    job.run(project.command(Path::new(env!("CARGO_BIN_EXE_xtask"))))?;
    job.done();
    Ok(())
}

const PROJECT: &str = "cmake_minimum_required(VERSION 3.10)\nproject(x NONE)\n";

#[test]
fn the_target_is_built() {
    let folder = tempfile::tempdir().unwrap();
    let target = "add_custom_target(made COMMAND ${CMAKE_COMMAND} -E touch here)\n";
    build(folder.path(), &format!("{PROJECT}{target}")).unwrap();
    assert!(folder.path().join("out/build/here").exists());
}

#[test]
fn a_failure_names_command_reason_log_and_note() {
    let folder = tempfile::tempdir().unwrap();
    let error = build(folder.path(), &format!("{PROJECT}message(FATAL_ERROR \"as it must\")\n")).unwrap_err();
    let text = error.to_string();
    for part in
        ["command: ", "--target made", "| ", "as it must", "project.log", "note: the command that failed"]
    {
        assert!(text.contains(part), "{part} is missing in:\n{text}");
    }
}
