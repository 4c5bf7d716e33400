//! Programs that nobody here wrote, which the tests build and run: upstream's sources, unpacked.

use anyhow::Result;

use crate::context::Context;
use crate::package;
use crate::plan::Plan;
use crate::source::{Kind, Source};
use crate::step::Step;

/// Folder below `target/ports`, and what is in it: what every day needs.
const PORTS: &[(&str, Source)] = &[
    (
        "jsoncpp",
        Source {
            package: "libjsoncpp",
            kind: Kind::Source,
            archive: "libjsoncpp_1.9.5.orig.tar.gz",
            sha256: "f409856e5920c18d0c2fb85276e24ee607d2a09b5e7d5f0a371368903c275da2",
        },
    ),
    (
        "lapack",
        Source {
            package: "lapack",
            kind: Kind::Source,
            archive: "lapack_3.11.0.orig.tar.gz",
            sha256: "4b9ba79bfd4921ca820e83979db76ab3363155709444a787979e81c22285ffa9",
        },
    ),
    (
        "libpng",
        Source {
            package: "libpng1.6",
            kind: Kind::Source,
            archive: "libpng1.6_1.6.39.orig.tar.gz",
            sha256: "a00e9d2f2f664186e4202db9299397f851aea71b36a35e74910b8820e380d441",
        },
    ),
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
        "nlohmann-json3",
        Source {
            package: "nlohmann-json3",
            kind: Kind::Source,
            archive: "nlohmann-json3_3.11.2.orig.tar.gz",
            sha256: "d69f9deb6a75e2580465c6c4c5111b89c4dc2fa94e3a85fcd2ffcd9a143d9273",
        },
    ),
    (
        "pigz",
        Source {
            package: "pigz",
            kind: Kind::Source,
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

/// What only the suite of all ports needs.
const MORE_PORTS: &[(&str, Source)] = &[
    (
        "fftw3",
        Source {
            package: "fftw3",
            kind: Kind::Source,
            archive: "fftw3_3.3.10.orig.tar.gz",
            sha256: "56c932549852cddcfafdab3820b0200c7742675be92179e59e6215b340e26467",
        },
    ),
    (
        "gsl",
        Source {
            package: "gsl",
            kind: Kind::Source,
            archive: "gsl_2.7.1+dfsg.orig.tar.gz",
            sha256: "e560d6b9c6e254e46769bbb03583c00ecafbdd51b062c55db23b3b9612868567",
        },
    ),
    (
        "libevent",
        Source {
            package: "libevent",
            kind: Kind::Source,
            archive: "libevent_2.1.12-stable.orig.tar.gz",
            sha256: "92e6de1be9ec176428fd2367677e61ceffc2ee1cb119035037a27d346b0403bb",
        },
    ),
    (
        "pcre2",
        Source {
            package: "pcre2",
            kind: Kind::Source,
            archive: "pcre2_10.42.orig.tar.gz",
            sha256: "c33b418e3b936ee3153de2c61cc638e7e4fe3156022a5c77d0711bcbb9d64f1f",
        },
    ),
];

/// What runs these steps; the pin is the recipe.
const CODE: &str = "xtask/src/source.rs";

/// Fetches and unpacks what every day needs.
pub fn fetch(context: &Context) -> Result<()> {
    fetch_all_of(context, PORTS.iter())
}

/// Fetches and unpacks everything.
pub fn fetch_all(context: &Context) -> Result<()> {
    fetch_all_of(context, PORTS.iter().chain(MORE_PORTS))
}

fn fetch_all_of<'a>(context: &Context, ports: impl Iterator<Item = &'a (&'a str, Source)>) -> Result<()> {
    let _lock = context.lock()?;
    Plan::new(ports.map(|(name, source)| unpack(context, name, *source))).run(context)
}

fn unpack(context: &Context, name: &str, source: Source) -> Step {
    let folder = context.workspace.ports().join(name);
    let made = folder.clone();
    let step =
        Step::new(format!("sources-{name}"), format!("fetch the sources of {name}"), CODE, move |job| {
            source.unpack(job, &made)
        });
    step.text("sha256", source.sha256).output(folder).packages(&[
        &package::BZIP2,
        &package::XZ,
        &package::DPKG_DEV,
        &package::TCL,
    ])
}
