//! Figures of several runs with their targets beside: a table for people, JSON for programs, plots.
//!
//! A scenario adds a figure once a run; here they come together as median, least and greatest.

mod peers;
mod plot;
mod table;

pub(crate) use peers::{GROUP_COST, GROUP_RATE, MEMORY, PAIRS_COST, PAIRS_RATE, PEER};
pub(crate) use plot::{CONNECTIONS, LOG_COST, LOG_MEMORY, LOG_PAGES};

use std::path::Path;

use anyhow::Context as _;
use serde::Serialize;

/// What a figure should be, and what would be better still. From the project's targets.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Target {
    /// At least the first; the second is the stretch.
    AtLeast(f64, f64),
    /// At most the first; the second is the stretch.
    AtMost(f64, f64),
    /// Measured without a target of its own.
    None,
}

/// How a median stands to its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Verdict {
    Missed,
    Met,
    Stretch,
}

/// One thing that was measured, in every run.
#[derive(Debug, Serialize)]
struct Figure {
    scenario: String,
    figure: String,
    unit: &'static str,
    /// One a run, in order.
    values: Vec<f64>,
    target: Target,
}

/// What was to be measured and was not, and why.
#[derive(Debug, Serialize)]
struct Missing {
    scenario: String,
    why: String,
}

/// A point of a plot, one value a run.
#[derive(Debug, Serialize)]
struct Point {
    plot: &'static str,
    series: String,
    x: f64,
    values: Vec<f64>,
}

/// All figures.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    /// A tiny slice, whose figures mean nothing and are compared with nothing.
    quick: bool,
    /// Date, commit and machine, as the caller says.
    about: String,
    figures: Vec<Figure>,
    missing: Vec<Missing>,
    points: Vec<Point>,
}

impl Report {
    /// Without figures yet.
    pub(crate) fn new(quick: bool, about: &str) -> Self {
        let about = about.to_owned();
        Self { quick, about, figures: Vec::new(), missing: Vec::new(), points: Vec::new() }
    }

    /// Adds one run's value of a figure.
    pub(crate) fn add(
        &mut self,
        scenario: &str,
        figure: &str,
        value: f64,
        unit: &'static str,
        target: Target,
    ) {
        let same = |one: &&mut Figure| one.scenario == scenario && one.figure == figure;
        if let Some(known) = self.figures.iter_mut().find(same) {
            known.values.push(value);
            return;
        }
        let target = if self.quick { Target::None } else { target };
        let (scenario, figure) = (scenario.to_owned(), figure.to_owned());
        self.figures.push(Figure { scenario, figure, unit, values: vec![value], target });
    }

    /// Says that something was not measured. Once is enough, however many runs there are.
    pub(crate) fn not_measured(&mut self, scenario: &str, why: &str) {
        if !self.missing.iter().any(|one| one.scenario == scenario) {
            progress(&format!("{scenario}: not measured: {why}"));
            self.missing.push(Missing { scenario: scenario.to_owned(), why: why.to_owned() });
        }
    }

    /// Adds one run's point of a curve. `plot` is one of those that `plot.rs` draws.
    pub(crate) fn point(&mut self, plot: &'static str, series: &str, x: f64, y: f64) {
        let same =
            |one: &&mut Point| one.plot == plot && one.series == series && (one.x - x).abs() < 0.5;
        match self.points.iter_mut().find(same) {
            Some(known) => known.values.push(y),
            None => {
                let series = series.to_owned();
                self.points.push(Point { plot, series, x, values: vec![y] });
            }
        }
    }

    /// Prints the tables.
    #[expect(clippy::print_stdout, reason = "the table is what this program is for")]
    pub(crate) fn print(&self) {
        print!("{}", self.text());
    }

    fn text(&self) -> String {
        format!("{}{}", table::render(self), peers::render(self))
    }

    /// Writes all of it as JSON.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn write(&self, path: &Path) -> anyhow::Result<()> {
        let mut json = serde_json::to_value(self)?;
        // For readers who want no arithmetic.
        for (one, figure) in json["figures"].as_array_mut().into_iter().flatten().zip(&self.figures)
        {
            let Spread { median, least, most } = spread(&figure.values);
            one["median"] = median.into();
            one["least"] = least.into();
            one["most"] = most.into();
            one["verdict"] = serde_json::to_value(figure.verdict())?;
        }
        std::fs::write(path, serde_json::to_vec_pretty(&json)?)
            .with_context(|| format!("writing {}", path.display()))
    }

    /// Writes `figures.json`, `table.md` and the plots into a folder, which is made if need be.
    ///
    /// # Errors
    /// When they cannot be written.
    pub(crate) fn write_all(&self, folder: &Path) -> anyhow::Result<()> {
        std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
        self.write(&folder.join("figures.json"))?;
        std::fs::write(folder.join("table.md"), self.text())?;
        plot::draw_all(&self.points, folder)
    }
}

impl Figure {
    fn verdict(&self) -> Option<Verdict> {
        let value = spread(&self.values).median;
        let (target, stretch) = match self.target {
            Target::AtLeast(target, stretch) => (value >= target, value >= stretch),
            Target::AtMost(target, stretch) => (value <= target, value <= stretch),
            Target::None => return None,
        };
        Some(match (target, stretch) {
            (_, true) => Verdict::Stretch,
            (true, false) => Verdict::Met,
            (false, false) => Verdict::Missed,
        })
    }
}

/// What several runs say together.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Spread {
    /// The lower of the two in the middle, where there are two.
    median: f64,
    least: f64,
    most: f64,
}

/// Of at least one value.
fn spread(values: &[f64]) -> Spread {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let at = |index: usize| sorted.get(index).copied().unwrap_or_default();
    let last = sorted.len().saturating_sub(1);
    Spread { median: at(last / 2), least: at(0), most: at(last) }
}

/// With as many digits as mean something.
fn number(value: f64) -> String {
    let decimals = if value.abs() >= 100.0 { 0 } else { 2 };
    format!("{value:.decimals$}")
}

/// Says what is going on: a full run takes long.
#[expect(clippy::print_stderr, reason = "progress of a command-line program")]
pub(crate) fn progress(what: &str) {
    eprintln!("… {what}");
}

/// Says why the run failed.
#[expect(clippy::print_stderr, reason = "the one place that says why")]
pub(crate) fn complain(error: &anyhow::Error) {
    eprintln!("rookery-bench: {error:#}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_misses_its_target_meets_it_or_does_better() {
        let mut report = Report::new(false, "");
        for value in [9.0, 10.0, 30.0] {
            report.add("a", "rate", value, "/s", Target::AtLeast(10.0, 20.0));
            report.add("a", "cost", value, "µs", Target::AtMost(9.5, 5.0));
            report.add("a", "delay", value, "ms", Target::AtMost(12.0, 10.0));
            report.add("a", "count", value, "", Target::None);
        }
        let verdicts: Vec<_> = report.figures.iter().map(Figure::verdict).collect();
        let expected = [Some(Verdict::Met), Some(Verdict::Missed), Some(Verdict::Stretch), None];
        assert_eq!(verdicts, expected);
        let of_runs = spread(&report.figures[0].values);
        assert_eq!(of_runs, Spread { median: 10.0, least: 9.0, most: 30.0 });
        let mut quick = Report::new(true, "");
        quick.add("a", "rate", 1.0, "/s", Target::AtLeast(10.0, 20.0));
        assert_eq!(quick.figures[0].verdict(), None);
        assert_eq!((number(123.456), number(1.234)), ("123".to_owned(), "1.23".to_owned()));
    }

    #[test]
    fn everything_is_written_beside_each_other() {
        let mut report = Report::new(false, "today");
        report.add("a", "rate", 1.0, "/s", Target::AtLeast(10.0, 20.0));
        report.not_measured("b", "no strace");
        for size in [10_000.0, 100_000.0] {
            report.point(plot::LOG_COST, "a send", size, 20.0);
        }
        let folder = tempfile::tempdir().unwrap();
        report.write_all(folder.path()).unwrap();
        let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
        let table = read("table.md");
        assert!(table.contains("today") && table.contains("missed") && table.contains("no strace"));
        let json: serde_json::Value = serde_json::from_str(&read("figures.json")).unwrap();
        assert_eq!(json["figures"][0]["verdict"], "missed");
        assert_eq!(json["figures"][0]["values"], serde_json::json!([1.0]));
        assert!(read("cost-by-log.svg").contains("</svg>"));
    }
}
