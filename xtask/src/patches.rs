//! Our patches to upstream sources: [`apply_all`] those of a folder, or [`apply`] one.

use std::path::Path;

use anyhow::Result;

use crate::files::list_with;
use crate::step::Job;
use crate::tool::Cmd;

/// Applies the patches in `folder` to `source`, in the order of their numbers.
pub fn apply_all(job: &mut Job<'_>, folder: &Path, source: &Path) -> Result<()> {
    list_with(folder, &["patch"])?.iter().try_for_each(|patch| apply(job, patch, source))
}

/// Applies one patch, whose paths begin with `a/` and `b/`, to `source`.
pub fn apply(job: &mut Job<'_>, patch: &Path, source: &Path) -> Result<()> {
    let cmd = Cmd::new("patch").args(["--strip=1", "--forward", "--no-backup-if-mismatch", "--input"]);
    job.run(cmd.arg(patch).cwd(source).note("does the patch fit the pinned version?"))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::context::Context;
    use crate::files::write;
    use crate::workspace::Workspace;

    /// A patch that makes the only line of the file `text` another.
    fn patch(from: &str, to: &str) -> String {
        format!("A reason.\n\n--- a/text\n+++ b/text\n@@ -1 +1 @@\n-{from}\n+{to}\n")
    }

    #[test]
    fn numbers_are_the_order_and_what_does_not_fit_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let context = Context::quiet(Workspace::new(path(""), path("target"))).unwrap();
        let mut job = Job::alone(&context, "patches", "apply patches").unwrap();
        write(&path("source/text"), "one\n").unwrap();
        write(&path("patches/0002-b.patch"), patch("two", "three")).unwrap();
        write(&path("patches/0001-a.patch"), patch("one", "two")).unwrap();
        write(&path("patches/README.md"), "no patch").unwrap();
        apply_all(&mut job, &path("patches"), &path("source")).unwrap();
        assert_eq!(fs::read_to_string(path("source/text")).unwrap(), "three\n");
        let error = apply(&mut job, &path("patches/0001-a.patch"), &path("source")).unwrap_err().to_string();
        assert!(error.contains("0001-a.patch") && error.contains("note: does the patch fit"), "{error}");
        job.done();
    }
}
