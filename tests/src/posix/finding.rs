//! What one run of a test found: [`Finding`].
//!
//! The codes are those of the suite's `include/posixtest.h`.

use crate::launch::Outcome;

/// How a test ended, or why it could not start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// Code 0: the assertion holds.
    Pass,
    /// Code 1, and any code that has no meaning: it does not.
    Fail,
    /// Code 2: something else went wrong before it could be seen.
    Unresolved,
    /// Code 4: an option of POSIX that is not there.
    Unsupported,
    /// Code 5: nobody has written the test yet.
    Untested,
    /// A signal ended it.
    Died,
    /// It did not end.
    TimedOut,
    /// The compiler or the linker refused it.
    NotBuilt,
    /// The linker refused it, since there is no way to make another process.
    NeedsProcess,
}

impl Finding {
    const WORDS: [(Self, &'static str); 9] = [
        (Self::Pass, "pass"),
        (Self::Fail, "fail"),
        (Self::Unresolved, "unresolved"),
        (Self::Unsupported, "unsupported"),
        (Self::Untested, "untested"),
        (Self::Died, "died"),
        (Self::TimedOut, "timed-out"),
        (Self::NotBuilt, "not-built"),
        (Self::NeedsProcess, "needs-process"),
    ];

    /// What the end of a run says.
    pub fn of(outcome: &Outcome) -> Self {
        match outcome.status {
            None => Self::TimedOut,
            Some(0) => Self::Pass,
            Some(2) => Self::Unresolved,
            Some(4) => Self::Unsupported,
            Some(5) => Self::Untested,
            Some(128..=192) => Self::Died,
            Some(_) => Self::Fail,
        }
    }

    /// What a failed build says: `fork` and `exec` do not exist in an isle, by design.
    pub fn of_build(report: &str) -> Self {
        const PROCESS: [&str; 5] = ["fork", "vfork", "execl", "execv", "system"];
        let lacks = |name: &&str| report.contains(&format!("undefined reference to `{name}'"));
        if PROCESS.iter().any(lacks) { Self::NeedsProcess } else { Self::NotBuilt }
    }

    /// As written in the expectations.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(finding, _)| *finding == self).map_or("", |(_, word)| word)
    }

    /// The finding of that word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(_, known)| *known == word).map(|(finding, _)| *finding)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn of(status: Option<u8>) -> Finding {
        let (stdout, stderr, left_processes, left_files) = Default::default();
        let elapsed = Duration::ZERO;
        Finding::of(&Outcome { status, stdout, stderr, left_processes, left_files, elapsed })
    }

    #[test]
    fn codes_are_those_of_the_suite() {
        let codes = [Some(0), Some(1), Some(2), Some(4), Some(5), Some(139), Some(255), None];
        use Finding::*;
        assert_eq!(codes.map(of), [Pass, Fail, Unresolved, Unsupported, Untested, Died, Fail, TimedOut]);
    }

    #[test]
    fn words_come_back() {
        for (finding, word) in Finding::WORDS {
            assert_eq!((finding.word(), Finding::from_word(word)), (word, Some(finding)));
        }
        assert_eq!(Finding::from_word("failed"), None);
    }

    #[test]
    fn a_program_that_forks_is_told_from_one_that_lacks_something_else() {
        assert_eq!(Finding::of_build("x.c: undefined reference to `fork'"), Finding::NeedsProcess);
        assert_eq!(Finding::of_build("x.c: undefined reference to `sem_open'"), Finding::NotBuilt);
    }
}
