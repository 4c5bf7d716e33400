//! Programs that nobody here wrote, which the tests build and run: upstream's sources, unpacked.

use anyhow::Result;

use crate::context::Context;
use crate::package;
use crate::plan::Plan;
use crate::source::{Kind, Source};
use crate::step::Step;

/// Folder below `target/ports`, and what is in it.
const PORTS: &[(&str, Source)] = &[
    (
        "lua5.4",
        Source {
            package: "lua5.4",
            kind: Kind::Source,
            archive: "lua5.4_5.4.4.orig.tar.gz",
            sha256: "164c7849653b80ae67bec4b7473b884bf5cc8d2dca05653475ec2ed27b9ebf61",
        },
    ),
    (
        "pigz",
        Source {
            package: "pigz",
            kind: Kind::Pool("pool/main/p/pigz"),
            archive: "pigz_2.8.orig.tar.xz",
            sha256: "bec34f9d61e28b9b069da9efd53e73d22cd207a4798ed664832dc9b17aa486aa",
        },
    ),
    (
        "sqlite3",
        Source {
            package: "sqlite3",
            kind: Kind::Source,
            archive: "sqlite3_3.40.1.orig.tar.xz",
            sha256: "aaa776260ab4dc976db34aa7891819484c8676b5b2783123ebc6301e2ca5d655",
        },
    ),
    (
        "posixtestsuite",
        Source {
            package: "posixtestsuite",
            kind: Kind::Source,
            archive: "posixtestsuite_1.5.2.orig.tar.gz",
            sha256: "15a2185672127cba851d35ec9d538ff6148defdbb75f99c7e9c50aeba0f94757",
        },
    ),
    (
        "zlib",
        Source {
            package: "zlib",
            kind: Kind::Source,
            archive: "zlib_1.2.13.dfsg.orig.tar.bz2",
            sha256: "71feb7947e3c00ef125f83b79a4e529bde31171e5babe48b391f06758d1ab0a1",
        },
    ),
];

/// Fetches and unpacks them all.
pub fn fetch(context: &Context) -> Result<()> {
    let _lock = context.lock()?;
    Plan::new(PORTS.iter().map(|(name, source)| unpack(context, name, *source))).run(context)
}

fn unpack(context: &Context, name: &str, source: Source) -> Step {
    let folder = context.workspace.ports().join(name);
    let made = folder.clone();
    let step = Step::new(
        format!("sources-{name}"),
        format!("fetch the sources of {name}"),
        "the pin is the recipe",
        move |job| source.unpack(job, &made),
    );
    step.text("sha256", source.sha256).output(folder).packages(&[
        &package::BZIP2,
        &package::XZ,
        &package::DPKG_DEV,
        &package::TCL,
    ])
}
