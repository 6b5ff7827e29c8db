//! Samples as CSV, as spreadsheets read and write it: `time,amount,currency`, in that order, with one
//! line for the names.

use super::rules::{CLOCK_TOLERANCE, DAYS_KEPT};
use airalo_balance::model::date::DAY;
use airalo_balance::model::history::Sample;
use airalo_balance::model::{Amount, Currency};
use jiff::Timestamp;
use std::io;

const COLUMNS: [&str; 3] = ["time", "amount", "currency"];

/// More mistakes than these are not listed.
const MOST_MISTAKES: usize = 20;

/// What is wrong with a file, by its lines.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.join("\n"))]
pub(crate) struct Mistakes(Vec<String>);

/// What a file holds.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Contents {
    pub(crate) samples: Vec<(Sample, Currency)>,
    /// How many lines are older than what is kept, and left out.
    pub(crate) too_old: usize,
}

/// Writes the names of the columns and these samples.
///
/// # Errors
///
/// None: memory takes what is written.
pub(crate) fn write<'a>(
    samples: impl IntoIterator<Item = (Sample, &'a Currency)>,
) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS)?;
    for (sample, currency) in samples {
        let at = Timestamp::from_second(sample.at).unwrap_or_default().to_string();
        writer.write_record([&at, &sample.amount.to_string(), currency.code()])?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

/// Reads what [`write`] writes, or what somebody else has written in this form.
///
/// # Errors
///
/// Every line that is not understood.
pub(crate) fn read(file: impl io::Read, now: Timestamp) -> Result<Contents, Mistakes> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(true).from_reader(file);
    let mut mistakes = Vec::new();
    let mut contents = Contents::default();
    match reader.headers() {
        // Spreadsheets mark their UTF-8.
        Ok(names) if names.iter().map(|name| name.trim_start_matches('\u{feff}')).eq(COLUMNS) => {}
        Ok(_) => mistakes.push(format!("line 1: must be {}", COLUMNS.join(","))),
        Err(error) => mistakes.push(format!("line 1: {error}")),
    }
    for record in reader.records() {
        let line = match &record {
            Ok(record) => record.position().map_or(0, csv::Position::line),
            Err(error) => error.position().map_or(0, csv::Position::line),
        };
        match record.map_err(|error| error.to_string()).and_then(|record| parse(&record, now)) {
            Ok((sample, _)) if sample.at < now.as_second() - DAYS_KEPT * DAY => contents.too_old += 1,
            Ok(sample) => contents.samples.push(sample),
            Err(mistake) => mistakes.push(format!("line {line}: {mistake}")),
        }
    }
    if mistakes.is_empty() {
        return Ok(contents);
    }
    if let Some(more) = mistakes.len().checked_sub(MOST_MISTAKES).filter(|more| *more > 0) {
        mistakes.truncate(MOST_MISTAKES);
        mistakes.push(format!("and {more} more"));
    }
    Err(Mistakes(mistakes))
}

fn parse(record: &csv::StringRecord, now: Timestamp) -> Result<(Sample, Currency), String> {
    let fields: Vec<_> = record.iter().collect();
    let [time, amount, currency] = fields[..] else {
        return Err(format!("must have {} fields and has {}", COLUMNS.len(), fields.len()));
    };
    let at: Timestamp = time.parse().map_err(|_| {
        "the time must be one of RFC 3339 with its zone, such as 2026-11-20T10:00:00Z".to_owned()
    })?;
    if at.as_second() > now.as_second() + CLOCK_TOLERANCE {
        return Err("the time is in the future".to_owned());
    }
    let amount: Amount =
        amount.parse().map_err(|_| "the amount must be a decimal, such as 225.35".to_owned())?;
    let currency = Currency::new(currency).ok_or("the currency must be a code, such as USD")?;
    Ok((Sample { at: at.as_second(), amount }, currency))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-11-23T10:42:00Z".parse().unwrap()
    }

    #[test]
    fn what_is_written_is_read_again_with_every_digit() {
        let usd = Currency::new("USD").unwrap();
        let sample = |at: &str, amount: &str| Sample {
            at: at.parse::<Timestamp>().unwrap().as_second(),
            amount: amount.parse().unwrap(),
        };
        let samples = [
            (sample("2026-11-20T10:00:00Z", "12345678901234567.89"), usd.clone()),
            (sample("2026-11-21T10:00:00Z", "-0.5"), usd),
        ];
        let bytes = write(samples.iter().map(|(sample, currency)| (*sample, currency))).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert!(
            text.starts_with("time,amount,currency\n2026-11-20T10:00:00Z,12345678901234567.89,USD\n"),
            "{text}"
        );
        let read = read(text.as_bytes(), now()).unwrap();
        assert_eq!(read.samples, samples);
    }

    #[test]
    fn a_file_of_a_spreadsheet_is_read() {
        let text = "\u{feff}time,amount,currency\r\n2026-11-20T12:00:00+02:00, 225.350 ,usd\r\n\r\n\"2026-11-21T10:00:00Z\",\"1\",\"USD\"\r\n";
        let read = read(text.as_bytes(), now()).unwrap();
        assert_eq!(read.samples.len(), 2);
        assert_eq!(read.samples[0].0.amount.to_string(), "225.35");
        assert_eq!(read.samples[0].0.at, "2026-11-20T10:00:00Z".parse::<Timestamp>().unwrap().as_second());
        assert_eq!(read.samples[0].1.code(), "USD");
    }

    #[test]
    fn every_line_that_is_wrong_is_named() {
        let text = "time,amount,currency\n2026-11-20 10:00,1,USD\n2026-11-20T10:00:00Z,1.000.5,USD\n\
                    2026-11-20T10:00:00Z,1,USD\n2026-11-20T10:00:00Z,1,U$\n2027-01-01T00:00:00Z,1,USD\n1,2\n";
        let Mistakes(mistakes) = read(text.as_bytes(), now()).unwrap_err();
        let lines: Vec<_> = mistakes.iter().map(|mistake| mistake.split(':').next().unwrap()).collect();
        assert_eq!(lines, ["line 2", "line 3", "line 5", "line 6", "line 7"], "{mistakes:#?}");
        assert!(mistakes[3].ends_with("in the future"));
    }

    #[test]
    fn other_columns_are_refused_and_a_long_list_is_cut() {
        let Mistakes(mistakes) = read("amount,time,currency\n".as_bytes(), now()).unwrap_err();
        assert_eq!(mistakes, ["line 1: must be time,amount,currency"]);
        let text = format!("time,amount,currency\n{}", "x,y,z\n".repeat(30));
        let Mistakes(mistakes) = read(text.as_bytes(), now()).unwrap_err();
        assert_eq!((mistakes.len(), mistakes.last().unwrap().as_str()), (21, "and 10 more"));
    }

    #[test]
    fn what_is_older_than_what_is_kept_is_left_out_and_counted() {
        let text = "time,amount,currency\n2024-11-20T10:00:00Z,1,USD\n2026-11-20T10:00:00Z,1,USD\n";
        let read = read(text.as_bytes(), now()).unwrap();
        assert_eq!((read.samples.len(), read.too_old), (1, 1));
    }
}
