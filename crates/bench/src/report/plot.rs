//! Plots as SVG: what grows with the log, and memory against connections. Both axes are logarithmic, so that what
//! does not grow is a level line.

use std::ops::Range;
use std::path::Path;

use anyhow::anyhow;
use plotters::coord::combinators::IntoLogRange as _;
use plotters::prelude::*;

use super::{Point, spread};

pub(crate) const LOG_COST: &str = "cost-by-log";
pub(crate) const LOG_PAGES: &str = "pages-by-log";
pub(crate) const LOG_MEMORY: &str = "memory-by-log";
pub(crate) const CONNECTIONS: &str = "memory-by-connections";

/// File name, title, and what the axes say.
const PLOTS: [(&str, &str, &str, &str); 4] = [
    (LOG_COST, "Cost against the size of the log", "messages in the log", "µs of server CPU"),
    (LOG_PAGES, "Reading against the size of the log", "messages in the log", "p99, ms"),
    (LOG_MEMORY, "Memory against the size of the log", "messages in the log", "MiB (Pss)"),
    (CONNECTIONS, "Memory against waiting connections", "connections", "MiB (Pss)"),
];
const SIZE: (u32, u32) = (900, 520);
const COLOURS: [RGBColor; 6] = [
    RGBColor(0x1f, 0x5f, 0xbf),
    RGBColor(0xc0, 0x39, 0x2b),
    RGBColor(0x1e, 0x84, 0x49),
    RGBColor(0x8e, 0x44, 0xad),
    RGBColor(0xb9, 0x77, 0x0e),
    RGBColor(0x34, 0x49, 0x5e),
];

/// Draws every plot that has points, each into a file of its own.
pub(super) fn draw_all(points: &[Point], folder: &Path) -> anyhow::Result<()> {
    for (name, title, x, y) in PLOTS {
        let own: Vec<&Point> = points.iter().filter(|point| point.plot == name).collect();
        if !own.is_empty() {
            let text =
                draw(&own, title, x, y).map_err(|error| anyhow!("plotting {name}: {error}"))?;
            std::fs::write(folder.join(format!("{name}.svg")), text)?;
        }
    }
    Ok(())
}

type Drawn<T> = Result<T, Box<dyn std::error::Error>>;

fn draw(points: &[&Point], title: &str, x: &str, y: &str) -> Drawn<String> {
    let mut text = String::new();
    {
        let area = SVGBackend::with_string(&mut text, SIZE).into_drawing_area();
        area.fill(&WHITE)?;
        let ys = points.iter().flat_map(|point| point.values.iter().copied());
        let (xs, ys) = (range(points.iter().map(|point| point.x)), range(ys));
        let mut chart = ChartBuilder::on(&area)
            .caption(title, ("sans-serif", 22))
            .margin(16)
            .x_label_area_size(44)
            .y_label_area_size(72)
            .build_cartesian_2d(xs.log_scale(), ys.log_scale())?;
        let short = |value: &f64| short(*value);
        let mut mesh = chart.configure_mesh();
        mesh.x_desc(x).y_desc(y).x_label_formatter(&short).y_label_formatter(&short);
        mesh.label_style(("sans-serif", 14)).light_line_style(WHITE).draw()?;
        let mut series: Vec<&str> = points.iter().map(|point| point.series.as_str()).collect();
        series.dedup();
        series.sort_unstable();
        series.dedup();
        for (name, colour) in series.into_iter().zip(COLOURS.iter().cycle()) {
            let own = || points.iter().filter(|point| point.series == name);
            let mut line: Vec<(f64, f64)> =
                own().map(|point| (point.x, positive(spread(&point.values).median))).collect();
            line.sort_by(|one, other| one.0.total_cmp(&other.0));
            chart
                .draw_series(LineSeries::new(line, colour.stroke_width(2)))?
                .label(name)
                .legend(|(x, y)| PathElement::new([(x, y), (x + 18, y)], colour.stroke_width(2)));
            // Every run is a dot, so that the spread is seen.
            let dots = own().flat_map(|point| point.values.iter().map(|y| (point.x, positive(*y))));
            chart.draw_series(dots.map(|at| Circle::new(at, 3, colour.filled())))?;
        }
        chart
            .configure_series_labels()
            .position(SeriesLabelPosition::UpperLeft)
            .background_style(WHITE.mix(0.8))
            .label_font(("sans-serif", 14))
            .draw()?;
        area.present()?;
    }
    Ok(text)
}

/// From below the least to well above the greatest: the names of the series stand there.
fn range(values: impl Iterator<Item = f64>) -> Range<f64> {
    let (least, most) = values.fold((f64::MAX, f64::MIN), |(least, most), value| {
        (least.min(positive(value)), most.max(positive(value)))
    });
    least / 1.6..most * 6.0
}

/// A logarithm needs it.
fn positive(value: f64) -> f64 {
    value.max(1e-3)
}

/// 10000000 as 10M.
fn short(value: f64) -> String {
    match value {
        value if value >= 1e6 => format!("{}M", value / 1e6),
        value if value >= 1e3 => format!("{}k", value / 1e3),
        value if value >= 10.0 => format!("{value:.0}"),
        value => format!("{}", (value * 1e3).round() / 1e3),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plot_names_its_series_and_labels_its_axes() {
        let point = |series: &str, x, y| Point {
            plot: LOG_COST,
            series: series.to_owned(),
            x,
            values: vec![y, y * 1.1],
        };
        let points =
            [point("a send", 1e4, 20.0), point("a send", 1e5, 21.0), point("two", 1e4, 0.0)];
        let svg = draw(&points.iter().collect::<Vec<_>>(), "Title", "size", "cost").unwrap();
        for word in ["Title", "size", "cost", "a send", "two", "10k"] {
            assert!(svg.contains(word), "{word}");
        }
        assert_eq!([short(1e7), short(2_000.0), short(0.5)], ["10M", "2k", "0.5"]);
    }
}
