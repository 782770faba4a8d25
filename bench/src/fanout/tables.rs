use chrono::Utc;

use super::{measures::Measured, report::Options};
use crate::types::thousands;

/// A row: what it is called, its value, and how many digits it has after the point.
struct Row {
    name: String,
    value: fn(&Measured) -> f64,
    digits: usize,
}

/// The figures with their ratios to those of the first peer.
pub(super) fn tables(measured: &[Measured], absent: &[String], options: &Options) -> String {
    let mut text = format!(
        "`cargo run --release -p bench -- fanout` on {}{}.\n",
        Utc::now().format("%Y-%m-%d"),
        crate::load::in_words(),
    );
    absent.iter().for_each(|sentence| text.push_str(&format!("{sentence}\n")));
    text.push_str("\n| measure |");
    for (index, one) in measured.iter().enumerate() {
        text.push_str(&format!(" {} |", one.peer.title()));
        if index > 0 {
            text.push_str(" ratio |");
        }
    }
    text.push_str("\n| --- |");
    text.push_str(&" ---: |".repeat((measured.len() * 2).saturating_sub(1)));
    text.push('\n');
    for row in rows(options) {
        text.push_str(&format!("| {} |", row.name));
        let first = measured.first().map_or(f64::NAN, row.value);
        for (index, one) in measured.iter().enumerate() {
            let value = (row.value)(one);
            text.push_str(&format!(" {} |", grouped(value, row.digits)));
            if index > 0 {
                text.push_str(&format!(" {} |", ratio(value / first)));
            }
        }
        text.push('\n');
    }
    for one in measured.iter().filter(|one| one.idle.streams != options.idle_streams) {
        text.push_str(&format!(
            "\nThe idle streams of {} were {}.\n",
            one.peer.title(),
            grouped(count(one.idle.streams), 0)
        ));
    }
    text
}

fn rows(options: &Options) -> Vec<Row> {
    let row = |name: String, digits, value| Row { name, value, digits };
    let subscribers = grouped(count(options.subscribers), 0);
    let (stalled, healthy) = (grouped(count(options.stalled), 0), options.healthy);
    vec![
        row(format!("single messages to {subscribers} readers, per core-second"), 0, |one| one.single.per_core_second),
        row(format!("bursts of {} to {subscribers} readers, per core-second", options.burst), 0, |one| {
            one.bursts.per_core_second
        }),
        row(format!("publishing to the last of {subscribers} readers, p50, ms"), 1, |one| one.single.latency_ms(0.5)),
        row(format!("publishing to the last of {subscribers} readers, p99, ms"), 1, |one| one.single.latency_ms(0.99)),
        row("memory per idle stream, bytes".to_owned(), 0, |one| one.idle.bytes_per_stream),
        #[allow(clippy::cast_precision_loss)] // Bytes are far below 2^52.
        row(format!("growth of memory with {stalled} stalled readers, MiB"), 1, |one| {
            one.stalled.growth_bytes as f64 / (1024.0 * 1024.0)
        }),
        row(format!("processor time per delivery to {healthy} others, times that without stalled ones"), 2, |one| {
            one.stalled.processor_ratio
        }),
        row(format!("median latency of {healthy} others, times that without stalled ones"), 2, |one| {
            one.stalled.latency_ratio
        }),
    ]
}

#[allow(clippy::cast_precision_loss)] // Counts are far below 2^52.
fn count(number: usize) -> f64 {
    number as f64
}

/// With commas between thousands.
fn grouped(value: f64, digits: usize) -> String {
    let text = format!("{value:.digits$}");
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    // Not a number stays what it is.
    whole.parse().map_or_else(|_| text.clone(), |whole| thousands(whole) + rest)
}

/// Two significant digits.
fn ratio(ratio: f64) -> String {
    if ratio >= 10.0 {
        format!("{ratio:.0}")
    } else if ratio >= 1.0 {
        format!("{ratio:.1}")
    } else if ratio >= 0.1 {
        format!("{ratio:.2}")
    } else {
        format!("{ratio:.3}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_ratios_are_short() {
        assert_eq!(grouped(1_234_567.8, 0), "1,234,568");
        assert_eq!(grouped(123.46, 1), "123.5");
        assert_eq!(grouped(12.0, 0), "12");
        assert_eq!([45.6, 4.56, 0.456, 0.0456].map(ratio), ["46", "4.6", "0.46", "0.046"]);
    }
}
