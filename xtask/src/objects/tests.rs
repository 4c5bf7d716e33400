//! A folder of three objects, compiled again and again by the host's compiler.

use super::*;
use crate::context::Context;
use crate::files::write;

struct Fixture {
    folder: tempfile::TempDir,
    context: Context,
}

impl Fixture {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let workspace = Workspace::new(folder.path().to_path_buf(), folder.path().join("target"));
        let gcc = workspace.prefix().tool("gcc");
        crate::files::link("/usr/bin/gcc".as_ref(), &gcc).unwrap();
        let context = Context::quiet(workspace).unwrap();
        let fixture = Self { folder, context };
        fixture.write("a.c", "#include \"shared.h\"\nint a = A;\n");
        fixture.write("b.c", "#include \"shared.h\"\nint b = A;\n");
        fixture.write("c.c", "int c;\n");
        fixture.write("shared.h", "#define A 1\n");
        fixture
    }

    fn write(&self, name: &str, text: &str) {
        write(&self.folder.path().join(name), text).unwrap();
    }

    /// Compiles `names`; returns the sources that the log has a command for, or the error.
    fn compile_with(&self, names: &[&str], basis: &str, flag: &str) -> Result<Vec<String>> {
        let mut job = Job::alone(&self.context, "objects", "compile").unwrap();
        let mut build = build(&self.context.workspace);
        build.flag(flag);
        let object = |name: &&str| Object {
            name: format!("{name}.o"),
            source: self.folder.path().join(name).with_extension("c"),
            build: build.clone(),
        };
        let objects: Vec<_> = names.iter().map(object).collect();
        let folder = Folder { path: self.folder.path().join("objects"), basis: basis.to_owned() };
        let made = folder.compile(&mut job, &objects)?;
        assert_eq!(made.len(), names.len(), "{made:?}");
        job.done();
        let log = fs::read_to_string(self.context.workspace.log("objects")).unwrap();
        let commands = log.lines().filter_map(|line| line.strip_prefix("$ ")?.split(" -c ").nth(1));
        let mut sources: Vec<_> = commands
            .map(|rest| rest.split(' ').next().unwrap().rsplit('/').next().unwrap().to_owned())
            .collect();
        sources.sort();
        Ok(sources)
    }

    fn compile(&self) -> Vec<String> {
        self.compile_with(&["a", "b", "c"], "", "-O2").unwrap()
    }
}

#[test]
fn only_what_changed_is_compiled() {
    let fixture = Fixture::new();
    assert_eq!(fixture.compile(), ["a.c", "b.c", "c.c"]);
    assert_eq!(fixture.compile(), [""; 0]);
    fixture.write("c.c", "int c = 2;\n");
    assert_eq!(fixture.compile(), ["c.c"]);
    fixture.write("shared.h", "#define A 2\n");
    assert_eq!(fixture.compile(), ["a.c", "b.c"], "those that include it");
    fixture.write("shared.h", "#define A 2\n");
    assert_eq!(fixture.compile(), [""; 0], "touched, but the same");
    fs::remove_file(fixture.folder.path().join("objects/b.o")).unwrap();
    assert_eq!(fixture.compile(), ["b.c"]);
    assert_eq!(fixture.compile_with(&["a", "b", "c"], "", "-O1").unwrap().len(), 3, "other flags");
    assert_eq!(fixture.compile_with(&["a", "b", "c"], "another compiler", "-O1").unwrap().len(), 3);
    assert_eq!(fixture.compile_with(&["a", "b"], "another compiler", "-O1").unwrap(), [""; 0], "c.o is gone");
}

#[test]
fn a_failure_names_command_log_and_note_and_is_tried_again() {
    let fixture = Fixture::new();
    fixture.write("b.c", "int b = ;\n");
    let error = fixture.compile_with(&["a", "b", "c"], "", "-O2").unwrap_err().to_string();
    for part in ["command: ", "-O2", "b.c", "| ", "expected expression", "objects.log"] {
        assert!(error.contains(part), "{part} is missing in:\n{error}");
    }
    fixture.write("b.c", "int b;\n");
    assert!(fixture.compile().contains(&"b.c".to_owned()));
}
