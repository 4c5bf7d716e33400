//! The table of claims in Markdown: [`table`].

use std::fmt::Write as _;

use anyhow::Result;
use jiff::Zoned;

use crate::claims::{Claim, Measured, NOTHING};
use crate::measure::{Figure, Sample};
use crate::openmp::WORST_OVERHEAD;

/// A claim and what became of it.
#[derive(Debug)]
pub struct Row {
    /// The claim.
    pub claim: &'static Claim,
    /// The measurement, or why there is none.
    pub result: Result<Measured>,
}

/// Name of the file for today's results on this host.
pub fn file_name() -> String {
    let host = rustix::system::uname().nodename().to_string_lossy().into_owned();
    format!("{}-{host}.md", Zoned::now().date())
}

/// All rows, and where they were measured.
///
/// # Errors
/// None in practice: writing to a string.
pub fn table(rows: &[Row]) -> Result<String> {
    let mut text = String::new();
    let uname = rustix::system::uname();
    writeln!(text, "# Measured on {}\n", Zoned::now().strftime("%F %H:%M"))?;
    writeln!(
        text,
        "{}, {} CPUs, Linux {}. Ratios are in relation to the same program built for Linux (statically, but for OpenMP): they take \
         turns, and the median of the turns' ratios counts. Times are medians; in brackets the middle 80 % of the runs. \
         Where a program measures several sizes, the worst ratio counts.\n",
        cpu(),
        std::thread::available_parallelism().map_or(0, usize::from),
        uname.release().to_string_lossy()
    )?;
    writeln!(text, "| claim | target | measured | Linux | verdict |\n|---|---|---|---|---|")?;
    for row in rows {
        writeln!(text, "{}", line(row))?;
    }
    Ok(text)
}

fn line(row: &Row) -> String {
    let Claim { name, target, .. } = row.claim;
    match &row.result {
        Err(error) => {
            format!("| {name} | {target} | {} | | failed |", format!("{error:#}").replace('\n', " "))
        }
        Ok(Measured::Ratio { native, isle }) => {
            let ratio = isle.ratio_to(native, 0.0);
            let (isle, native) = (spread(isle), spread(native));
            format!(
                "| {name} | ≤ {target:.1} x | {ratio:.2} x: {isle} | {native} | {} |",
                verdict(ratio, *target)
            )
        }
        Ok(Measured::Figures(figures)) => {
            let worst = figures.iter().map(ratio).fold(f64::NAN, f64::max);
            let (isle, native) =
                (list(figures, |figure| &figure.second), list(figures, |figure| &figure.first));
            format!(
                "| {name} | {} | {}: {isle} | {native} | {} |",
                if *target == NOTHING { "none".into() } else { format!("≤ {target:.2} x") },
                ratios(figures),
                verdict(worst, *target)
            )
        }
        Ok(Measured::Overheads(figures)) => {
            let (mean, worst) =
                (geometric_mean(figures), figures.iter().map(overhead_ratio).fold(f64::NAN, f64::max));
            let kept = if worst <= WORST_OVERHEAD { verdict(mean, *target) } else { "MISSED" };
            let (isle, native) =
                (list(figures, |figure| &figure.second), list(figures, |figure| &figure.first));
            format!(
                "| {name} | mean ≤ {target:.2} x, each ≤ {WORST_OVERHEAD} x | mean {mean:.2} x; {}: {isle} | \
                 {native} | {kept} |",
                named(figures, |figure| format!("{:.2} x", overhead_ratio(figure)))
            )
        }
        Ok(Measured::Count(count)) => {
            format!("| {name} | {target} | {count} | | {} |", verdict(*count, *target))
        }
        Ok(Measured::Seconds(sample)) => {
            let verdict = verdict(sample.median_s(), *target);
            format!("| {name} | ≤ {target} s | {} | | {verdict} |", spread(sample))
        }
        Ok(Measured::Kibibytes(size)) => {
            format!("| {name} | ≤ {target} KiB | {size:.0} KiB | | {} |", verdict(*size, *target))
        }
    }
}

fn verdict(measured: f64, target: f64) -> &'static str {
    match () {
        () if target == NOTHING => "noted",
        () if measured <= target => "met",
        () => "MISSED",
    }
}

fn ratio(figure: &Figure) -> f64 {
    figure.second.ratio_to(&figure.first, 0.0)
}

/// An overhead that is lost in the noise of the clock (or below it) counts as one nanosecond.
fn overhead_ratio(figure: &Figure) -> f64 {
    figure.second.ratio_to(&figure.first, 1e-9)
}

/// Of the ratios of overheads.
fn geometric_mean(figures: &[Figure]) -> f64 {
    let logarithm = |figure: &Figure| overhead_ratio(figure).ln();
    (figures.iter().map(logarithm).sum::<f64>() / figures.len() as f64).exp()
}

/// All of a program's ratios, named if there are several.
fn ratios(figures: &[Figure]) -> String {
    named(figures, |figure| format!("{:.2} x", ratio(figure)))
}

/// Nanoseconds of one side.
fn list(figures: &[Figure], side: fn(&Figure) -> &Sample) -> String {
    named(figures, |figure| format!("{} ns", digits(side(figure).median_s() * 1e9)))
}

fn named(figures: &[Figure], text: impl Fn(&Figure) -> String) -> String {
    match figures {
        [figure] => text(figure),
        figures => {
            let texts: Vec<_> =
                figures.iter().map(|figure| format!("{} {}", figure.label, text(figure))).collect();
            texts.join(", ")
        }
    }
}

/// Three digits are enough.
fn digits(number: f64) -> String {
    let decimals = (2 - number.abs().max(0.1).log10().floor() as i32).clamp(0, 2);
    format!("{number:.*}", decimals as usize)
}

fn spread(sample: &Sample) -> String {
    let ms = |seconds: f64| format!("{:.2}", seconds * 1e3);
    let (low, middle, high) = (sample.quantile_s(0.1), sample.median_s(), sample.quantile_s(0.9));
    format!("{} ms [{} - {}], {} runs", ms(middle), ms(low), ms(high), sample.len())
}

fn cpu() -> String {
    let cpuinfo = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpuinfo.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    model.map_or_else(|| "unknown CPU".to_owned(), |(_, model)| model.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missed_target_is_shown() {
        let claim: &'static Claim =
            &Claim { name: "size", target: 300.0, measure: |_| Ok(Measured::Kibibytes(301.0)) };
        let row = |size| Row { claim, result: Ok(Measured::Kibibytes(size)) };
        assert_eq!(line(&row(301.0)), "| size | ≤ 300 KiB | 301 KiB | | MISSED |");
        assert_eq!(line(&row(300.0)), "| size | ≤ 300 KiB | 300 KiB | | met |");
        let figure = |label: &str, first, second| Figure {
            label: label.into(),
            first: Sample::of([first]),
            second: Sample::of([second]),
        };
        let figures = vec![figure("64B", 1e-9, 2e-9), figure("1KiB", 1e-7, 1e-7)];
        assert_eq!(
            line(&Row { claim, result: Ok(Measured::Figures(figures)) }),
            "| size | ≤ 300.00 x | 64B 2.00 x, 1KiB 1.00 x: 64B 2.00 ns, 1KiB 100 ns | 64B 1.00 ns, 1KiB 100 ns | met |"
        );
        let failed = Row { claim, result: Err(anyhow::anyhow!("no\nluck")) };
        assert_eq!(line(&failed), "| size | 300 | no luck | | failed |");
        assert!(table(&[failed]).unwrap().contains("| claim |"));
    }
}
