//! Patches to sources of others say what became of them there.

use super::finding::Finding;
use super::tree::Tree;

/// The line that says so, with what may stand behind it (the words of OpenEmbedded's guidelines).
const LINE: &str = "Upstream-Status: ";
const STATES: [&str; 5] = ["Pending", "Submitted", "Backport", "Denied", "Inappropriate"];

/// Every `.patch` has one such line before its first hunk: `Upstream-Status: STATE [REASON]`.
pub fn statuses(tree: &Tree) -> Vec<Finding> {
    let patches =
        tree.files().filter(|(path, _)| path.extension().is_some_and(|extension| extension == "patch"));
    patches
        .filter(|(_, text)| !has_status(text))
        .map(|(path, _)| Finding {
            place: path.display().to_string(),
            what: "the patch does not say whether it was sent to those whose source it changes".into(),
            why: "whoever takes a newer version has to know which patches may be gone by then",
            cure: format!(
                "add `{LINE}STATE [REASON]` before the first hunk; STATE is one of {}",
                STATES.join(", ")
            ),
        })
        .collect()
}

fn has_status(patch: &str) -> bool {
    let head = patch.lines().take_while(|line| !line.starts_with("--- ") && !line.starts_with("diff "));
    let mut lines = head.filter_map(|line| line.strip_prefix(LINE));
    let is_good = |line: &str| {
        line.split_once(" [").is_some_and(|(state, reason)| {
            STATES.contains(&state) && reason.len() > "]".len() && reason.ends_with(']')
        })
    };
    lines.next().is_some_and(is_good) && lines.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HUNK: &str = "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+Upstream-Status: Pending [x]\n";

    #[test]
    fn a_patch_says_what_became_of_it() {
        let with = |head: &str| statuses(&Tree::of([("a/0001-x.patch", &format!("{head}\n{HUNK}"))])).len();
        assert_eq!(with("x: why.\n\nUpstream-Status: Pending [a fault there, too]\n"), 0);
        let bad = [
            "x: why.\n",
            "Upstream-Status: Pending\n",
            "Upstream-Status: Perhaps [x]\n",
            "Upstream-Status: Pending []\n",
            "Upstream-Status: Pending [x]\nUpstream-Status: Denied [y]\n",
        ];
        bad.iter().for_each(|head| assert_eq!(with(head), 1, "{head}"));
    }
}
