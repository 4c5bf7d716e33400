//! What the level strict changes in every isle: Landlock does not judge who changes modes, owners and times of
//! files, so nobody does; and no file is made with bits that lend its owner's rights.

use super::When::{self, Missing, NoSetId, Refused};

/// The same rules for programs that reach only what is named.
pub fn strict(rules: &[(i64, When)]) -> Vec<(i64, When)> {
    let stricter = |&(number, when): &(i64, When)| match number {
        libc::SYS_openat => (number, NoSetId),
        // Which bits a file shall have is where no filter sees it.
        libc::SYS_openat2 => (number, Missing),
        libc::SYS_fchmodat
        | libc::SYS_fchmod
        | libc::SYS_fchownat
        | libc::SYS_fchown
        | libc::SYS_utimensat => (number, Refused),
        _ => (number, when),
    };
    rules.iter().map(stricter).collect()
}
