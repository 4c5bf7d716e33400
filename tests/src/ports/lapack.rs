//! Reference LAPACK 3.11 and its BLAS, with their own test drivers, through CMake: Fortran. The drivers count and judge;
//! what they print but for the time must be what the native build prints, and so must the files that they write.

use std::time::Duration;

use super::recipe::{Build, Recipe, Run, Schedule, Step};
use crate::compiler::FORTRAN;
use crate::isle::Isle;

/// A test driver with an input of LAPACK's.
macro_rules! driver {
    ($name:literal, $program:literal, $input:literal) => {
        Run {
            name: $name,
            steps: &[Step::reading(concat!("build-here/bin/", $program), concat!("TESTING/", $input))],
            volatile: &["Total time used ="],
            isles: &[Isle::Process],
            timeout: Duration::from_secs(1200),
            ..Run::DEFAULT
        }
    };
}

/// The BLAS alone, in double precision, real and complex.
pub const BLAS: Recipe = Recipe {
    name: "blas",
    sources: "lapack",
    languages: &[FORTRAN],
    schedule: Schedule::Everyday,
    build: &[Build::CMake {
        options: REAL_AND_COMPLEX,
        targets: "xblat1d xblat2d xblat3d xblat1z xblat2z xblat3z",
    }],
    runs: BLAS_RUNS,
};

/// All of its test drivers in double precision: linear equations, eigenvalues, singular values. (Each other precision
/// takes as long again.)
pub const RECIPE: Recipe = Recipe {
    name: "lapack",
    sources: "lapack",
    languages: &[FORTRAN],
    schedule: Schedule::OnRequest,
    build: &[Build::CMake { options: REAL, targets: "xlintstd xlintstrfd xeigtstd" }],
    runs: &[
        driver!("linear-equations", "xlintstd", "dtest.in"),
        driver!("rectangular-full-packed", "xlintstrfd", "dtest_rfp.in"),
        driver!("nep", "xeigtstd", "nep.in"),
        driver!("sep", "xeigtstd", "sep.in"),
        driver!("se2", "xeigtstd", "se2.in"),
        driver!("svd", "xeigtstd", "svd.in"),
        driver!("dec", "xeigtstd", "dec.in"),
        driver!("ded", "xeigtstd", "ded.in"),
        driver!("dgg", "xeigtstd", "dgg.in"),
        driver!("dgd", "xeigtstd", "dgd.in"),
        driver!("dsb", "xeigtstd", "dsb.in"),
        driver!("dsg", "xeigtstd", "dsg.in"),
        driver!("dbal", "xeigtstd", "dbal.in"),
        driver!("dbak", "xeigtstd", "dbak.in"),
        driver!("dgbal", "xeigtstd", "dgbal.in"),
        driver!("dgbak", "xeigtstd", "dgbak.in"),
        driver!("dbb", "xeigtstd", "dbb.in"),
        driver!("glm", "xeigtstd", "glm.in"),
        driver!("gqr", "xeigtstd", "gqr.in"),
        driver!("gsv", "xeigtstd", "gsv.in"),
        driver!("csd", "xeigtstd", "csd.in"),
        driver!("lse", "xeigtstd", "lse.in"),
    ],
};

/// Options of CMake; -O1, since most of the time goes into the build.
macro_rules! options {
    ($complex:literal) => {
        concat!(
            "-DBUILD_TESTING=ON -DBUILD_SINGLE=OFF -DBUILD_COMPLEX=OFF -DBUILD_COMPLEX16=",
            $complex,
            " -DCMAKE_BUILD_TYPE=Release -DCMAKE_Fortran_FLAGS_RELEASE=-O1 -DCMAKE_C_FLAGS_RELEASE=-O1"
        )
    };
}

const REAL: &str = options!("OFF");
const REAL_AND_COMPLEX: &str = options!("ON");

const BLAS_RUNS: &[Run] = &[
    Run {
        name: "level-1",
        steps: &[Step::program("build-here/bin/xblat1d", &[]), Step::program("build-here/bin/xblat1z", &[])],
        ..Run::DEFAULT
    },
    Run {
        name: "level-2",
        steps: &[
            Step::reading("build-here/bin/xblat2d", "BLAS/TESTING/dblat2.in"),
            Step::reading("build-here/bin/xblat2z", "BLAS/TESTING/zblat2.in"),
        ],
        output_files: &["dblat2.out", "zblat2.out"],
        ..Run::DEFAULT
    },
    Run {
        name: "level-3",
        steps: &[
            Step::reading("build-here/bin/xblat3d", "BLAS/TESTING/dblat3.in"),
            Step::reading("build-here/bin/xblat3z", "BLAS/TESTING/zblat3.in"),
        ],
        output_files: &["dblat3.out", "zblat3.out"],
        ..Run::DEFAULT
    },
];
