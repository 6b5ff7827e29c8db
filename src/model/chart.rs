//! The geometry of the charts: paths in a square of [`SIZE`], which the markup stretches.

use super::history::{Credit, Day, Sample};
use std::fmt::Write as _;
use std::rc::Rc;

/// The width and the height of the square. Zero is the left edge and the upper one.
pub const SIZE: i32 = 1_000;

/// A balance over time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineChart {
    /// The line through the points.
    pub line: Rc<str>,
    /// The area between the line and zero.
    pub area: Rc<str>,
    /// A segment without length for each top-up, to be drawn with a round cap.
    pub credits: Rc<str>,
}

/// The chart of these points, which are in the order of time. With fewer than two there is none.
///
/// Zero is always inside, so that the height of the line says how much is left.
#[must_use]
pub fn line_chart(points: &[Sample], credits: &[Credit]) -> Option<LineChart> {
    let (first, last) = (points.first()?, points.last()?);
    if first.at == last.at {
        return None;
    }
    let amounts = || points.iter().map(|point| point.amount.approximate());
    let (lowest, highest) = (amounts().fold(0.0, f64::min), amounts().fold(0.0, f64::max));
    let x = |at: i64| scaled((at - first.at) as f64, (last.at - first.at) as f64);
    let y = |amount: f64| SIZE - scaled(amount - lowest, highest - lowest);
    let (mut line, mut dots) = (String::new(), String::new());
    for point in points {
        let command = if line.is_empty() { 'M' } else { 'L' };
        // Writing to a text cannot fail.
        let _ = write!(line, "{command}{} {}", x(point.at), y(point.amount.approximate()));
    }
    let area = format!("{line}V{}H0Z", y(0.0));
    for credit in credits.iter().filter(|credit| (first.at..=last.at).contains(&credit.at)) {
        // The balance right after it: the line has its peak there.
        let after = points.iter().find(|point| point.at >= credit.at).unwrap_or(last);
        let _ = write!(dots, "M{} {}h0", x(after.at), y(after.amount.approximate()));
    }
    Some(LineChart { line: line.into(), area: area.into(), credits: dots.into() })
}

/// A bar for each day, as one path. Days that nothing is known of are gaps.
#[must_use]
pub fn bars(days: &[Day]) -> String {
    let mut path = String::new();
    let numbers = || days.iter().map(|day| day.number);
    let (Some(first), Some(last)) = (numbers().min(), numbers().max()) else { return path };
    let spent = |day: &Day| day.spent.approximate().max(0.0);
    let most = days.iter().map(spent).fold(0.0, f64::max);
    let count = (last - first).saturating_add(1) as f64;
    for day in days {
        let height = scaled(spent(day), most);
        let start = scaled((day.number - first) as f64 + 0.15, count);
        let width = (scaled(0.7, count)).max(1);
        if height > 0 {
            let _ = write!(path, "M{start} {SIZE}v-{height}h{width}v{height}Z");
        }
    }
    path
}

/// A part of a whole, in units of the square.
fn scaled(part: f64, whole: f64) -> i32 {
    if whole > 0.0 { (part / whole * f64::from(SIZE)).round().clamp(0.0, f64::from(SIZE)) as i32 } else { 0 }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use crate::model::Amount;
    use proptest::prelude::*;

    fn points(points: &[(i64, &str)]) -> Vec<Sample> {
        points.iter().map(|(at, amount)| Sample { at: *at, amount: amount.parse().unwrap() }).collect()
    }

    #[test]
    fn the_line_runs_from_the_first_point_to_the_last_above_zero() {
        let chart = line_chart(&points(&[(100, "400"), (150, "100"), (300, "200")]), &[]).unwrap();
        assert_eq!(&*chart.line, "M0 0L250 750L1000 500");
        assert_eq!(&*chart.area, "M0 0L250 750L1000 500V1000H0Z");
        assert_eq!(&*chart.credits, "");
    }

    #[test]
    fn below_zero_the_area_hangs_from_the_line_of_zero() {
        let chart = line_chart(&points(&[(0, "30"), (10, "-10")]), &[]).unwrap();
        assert_eq!((&*chart.line, &*chart.area), ("M0 0L1000 1000", "M0 0L1000 1000V750H0Z"));
    }

    #[test]
    fn a_top_up_is_marked_where_the_balance_has_risen() {
        let credit = |at| Credit { at, amount: "90".parse().unwrap() };
        let chart = line_chart(
            &points(&[(0, "50"), (50, "10"), (60, "100"), (100, "80")]),
            &[credit(55), credit(500)],
        );
        assert_eq!(&*chart.unwrap().credits, "M600 0h0", "one that lies outside is left out");
    }

    #[test]
    fn an_empty_balance_is_a_line_at_the_bottom_and_one_point_is_no_line() {
        assert_eq!(&*line_chart(&points(&[(0, "0"), (9, "0")]), &[]).unwrap().line, "M0 1000L1000 1000");
        assert_eq!(line_chart(&points(&[(0, "5")]), &[]), None);
        assert_eq!(line_chart(&points(&[(7, "5"), (7, "6")]), &[]), None);
        assert_eq!(line_chart(&[], &[]), None);
    }

    #[test]
    fn each_day_has_a_bar_and_a_day_without_use_has_none() {
        let day = |number, spent: &str| Day { number, spent: spent.parse().unwrap() };
        assert_eq!(
            bars(&[day(5, "50"), day(6, "0"), day(8, "100")]),
            "M38 1000v-500h175v500ZM788 1000v-1000h175v1000Z"
        );
        assert_eq!(bars(&[day(5, "0")]), "");
        assert_eq!(bars(&[]), "");
    }

    proptest! {
        #[test]
        fn every_number_lies_in_the_square(
            samples in prop::collection::vec((any::<i32>(), any::<i64>(), 0_u32..=4), 2..50),
            day in any::<i32>(),
        ) {
            let amount = |digits, decimals| Amount::new(digits, decimals).unwrap();
            let mut samples: Vec<_> = samples
                .into_iter()
                .map(|(at, digits, decimals)| Sample { at: at.into(), amount: amount(digits, decimals) })
                .collect();
            samples.sort_by_key(|sample| sample.at);
            let credits: Vec<_> = samples.iter().map(|s| Credit { at: s.at, amount: s.amount }).collect();
            let days: Vec<_> = samples.iter().map(|s| Day { number: s.at + i64::from(day), spent: s.amount }).collect();
            let Some(chart) = line_chart(&samples, &credits) else { return Ok(()) };
            for path in [&*chart.line, &*chart.area, &*chart.credits, &*bars(&days)] {
                let numbers = path.split(|c: char| !c.is_ascii_digit()).filter(|digits| !digits.is_empty());
                for number in numbers {
                    prop_assert!(number.parse::<i32>().unwrap() <= SIZE, "{}", path);
                }
            }
        }
    }
}
