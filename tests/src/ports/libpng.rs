//! libpng 1.6, with autotools, on zlib, which pkg-config finds: its own test programs, and a program of its examples that
//! is compiled with what pkg-config says of the installed library.

use super::recipe::{Build, Recipe, Run, Schedule, Step};
use crate::isle::Isle;

/// The recipe. Both libraries are installed to `stage`.
pub const RECIPE: Recipe = Recipe {
    name: "libpng",
    sources: "libpng",
    languages: &[],
    schedule: Schedule::Everyday,
    build: &[
        Build::Shell(
            "cp -a \"$SOURCES/zlib\" zlib && cd zlib && CFLAGS=-O1 ./configure --static --prefix=\"$PWD/../stage\" \
             && make libz.a install",
        ),
        Build::Configure(
            "--prefix=\"$PWD/stage\" --disable-shared CFLAGS=-O1 \
             CPPFLAGS=\"$(PKG_CONFIG_PATH=stage/lib/pkgconfig $PKG_CONFIG --cflags zlib)\" \
             LDFLAGS=\"$(PKG_CONFIG_PATH=stage/lib/pkgconfig $PKG_CONFIG --libs-only-L zlib)\"",
        ),
        Build::Make("pngtest pngvalid pngstest pngimage pngunknown"),
        Build::Make("install"),
        Build::Shell(
            "$CC -O1 contrib/examples/pngtopng.c -o pngtopng \
             $(PKG_CONFIG_PATH=stage/lib/pkgconfig $PKG_CONFIG --static --cflags --libs libpng)",
        ),
    ],
    runs: &[
        Run {
            name: "pngtest",
            source_files: &["pngtest.png"],
            steps: &[Step::program("pngtest", &["--strict", "pngtest.png"])],
            output_files: &["pngout.png"],
            volatile: &["CPU time used ="],
            ..Run::DEFAULT
        },
        Run {
            name: "pkg-config",
            source_files: &["contrib/testpngs/rgb-alpha-16-linear.png"],
            steps: &[Step::program("pngtopng", &["rgb-alpha-16-linear.png", "out.png"])],
            output_files: &["out.png"],
            ..Run::DEFAULT
        },
        Run {
            name: "pngvalid",
            steps: &[
                Step::program("pngvalid", &["--standard"]),
                Step::program("pngvalid", &["--progressive-read", "--interlace", "--standard"]),
                Step::program("pngvalid", &["--strict", "--transform"]),
            ],
            isles: &[Isle::Process],
            ..Run::DEFAULT
        },
        Run {
            name: "pngunknown",
            source_files: &["pngtest.png"],
            steps: &[
                Step::program("pngunknown", &["--strict", "default=discard", "pngtest.png"]),
                Step::program("pngunknown", &["--strict", "default=save", "pngtest.png"]),
            ],
            ..Run::DEFAULT
        },
        Run {
            name: "pngstest",
            steps: &[Step::Tests(
                "$RUNNER ./pngstest --tmpfile tmp- --log contrib/testpngs/gray-alpha-16.png contrib/testpngs/palette-4*.png && \
                 $RUNNER ./pngimage --list-combos --log contrib/testpngs/*-8.png",
            )],
            isles: &[Isle::Process],
            ..Run::DEFAULT
        },
    ],
};
