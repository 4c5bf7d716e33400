//! What OpenMP costs: [`CLAIMS`]. Linux runs each program twice, with gcc's libgomp and with LLVM's libomp, and the faster
//! one is what the isle is compared with.

use anyhow::Result;

use crate::build::Laboratory;
use crate::claims::{Claim, Measured};
use crate::measure::{Figure, Plumbing, Sample, Work, figures_in_turns};

/// Every claim about OpenMP: two threads on two cores, unless they say otherwise.
pub const CLAIMS: &[Claim] = &[
    Claim { name: "OpenMP: overheads of constructs, schedules and tasks", target: 0.9, measure: overheads },
    Claim { name: "OpenMP: memory bandwidth", target: 1.01, measure: |lab| kernel(lab, "stream", &TWO) },
    Claim { name: "OpenMP: matrix product", target: 1.0, measure: |lab| kernel(lab, "matrix", &TWO) },
    Claim { name: "OpenMP: Fourier transform", target: 1.0, measure: |lab| kernel(lab, "fft", &TWO) },
    Claim {
        name: "OpenMP: sparse matrix times vector",
        target: 1.0,
        measure: |lab| kernel(lab, "sparse", &TWO),
    },
    Claim { name: "OpenMP: recursive tasks", target: 1.0, measure: |lab| kernel(lab, "tasks", &TWO) },
    Claim {
        name: "OpenMP: Fourier transform, four threads on two cores",
        target: 1.1,
        measure: |lab| kernel(lab, "fft", &FOUR),
    },
    Claim {
        name: "OpenMP: recursive tasks, four threads on two cores",
        target: 1.1,
        measure: |lab| kernel(lab, "tasks", &FOUR),
    },
];

/// No construct may cost more than this, whatever the mean is.
pub const WORST_OVERHEAD: f64 = 1.2;

const ROUNDS: usize = 41;

/// Environments of one number of threads.
struct Threads {
    native: &'static [(&'static str, &'static str)],
    isle: &'static [(&'static str, &'static str)],
}

const TWO: Threads = Threads {
    native: &[("OMP_NUM_THREADS", "2")],
    isle: &[("OMP_NUM_THREADS", "2"), ("HERMIT_ISLE", "process"), ("HERMIT_CPUS", "2")],
};
const FOUR: Threads = Threads {
    native: &[("OMP_NUM_THREADS", "4")],
    isle: &[("OMP_NUM_THREADS", "4"), ("HERMIT_ISLE", "process"), ("HERMIT_CPUS", "2")],
};

fn overheads(laboratory: &Laboratory) -> Result<Measured> {
    let groups =
        ["sync", "schedule", "task"].map(|group| against_the_faster(laboratory, "epcc", group, &TWO));
    let figures: Result<Vec<_>> = groups.into_iter().collect();
    Ok(Measured::Overheads(figures?.concat()))
}

fn kernel(laboratory: &Laboratory, name: &str, threads: &Threads) -> Result<Measured> {
    Ok(Measured::Figures(against_the_faster(laboratory, "kernels", name, threads)?))
}

/// The program's figures; `first` is the faster one of Linux's.
fn against_the_faster(
    laboratory: &Laboratory,
    program: &str,
    argument: &str,
    threads: &Threads,
) -> Result<Vec<Figure>> {
    let built = laboratory.openmp(program)?;
    let work =
        |program, args: Vec<String>, env| Work { program, args, env, plumbing: Plumbing::Null, fresh: None };
    let native = |program| work(program, vec![argument.to_owned()], threads.native);
    let args = vec![built.image.display().to_string(), argument.to_owned()];
    let isle = work(laboratory.proxy(), args, threads.isle);
    let figures = figures_in_turns([&native(built.libgomp), &native(built.libomp), &isle], ROUNDS)?;
    let compared = figures.into_iter().map(|(label, [libgomp, libomp, isle])| Figure {
        label,
        first: faster(libgomp, libomp),
        second: isle,
    });
    Ok(compared.collect())
}

fn faster(one: Sample, other: Sample) -> Sample {
    if other.median_s() < one.median_s() { other } else { one }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_faster_native_run_counts() {
        let faster_median = |one, other| faster(Sample::of([one]), Sample::of([other])).median_s();
        assert_eq!((faster_median(2.0, 1.0), faster_median(1.0, 2.0)), (1.0, 1.0));
    }
}
