//! What fan-out promises.

use super::{measures::Measured, peers::Peer};

/// A promise about one figure.
struct Bar {
    name: &'static str,
    value: fn(&Measured) -> f64,
    bound: Bound,
}

enum Bound {
    AtLeast(f64),
    AtMost(f64),
}

#[allow(clippy::cast_precision_loss)] // Bytes are far below 2^52.
const BARS: [Bar; 6] = [
    Bar {
        name: "single messages per core-second",
        value: |measured| measured.single.per_core_second,
        bound: Bound::AtLeast(100_000.0),
    },
    Bar {
        name: "messages of bursts per core-second",
        value: |measured| measured.bursts.per_core_second,
        bound: Bound::AtLeast(800_000.0),
    },
    Bar {
        name: "ms from publishing to the last reader, p99",
        value: |measured| measured.single.latency_ms(0.99),
        bound: Bound::AtMost(25.0),
    },
    Bar {
        name: "bytes per idle stream",
        value: |measured| measured.idle.bytes_per_stream,
        bound: Bound::AtMost(14_000.0),
    },
    Bar {
        name: "MiB that stalled readers cost",
        value: |measured| measured.stalled.growth_bytes as f64 / (1024.0 * 1024.0),
        bound: Bound::AtMost(32.0),
    },
    Bar {
        name: "times the processor time per delivery beside stalled readers",
        value: |measured| measured.stalled.processor_ratio,
        bound: Bound::AtMost(1.5),
    },
];

/// What was promised of tintype and is not so.
pub(super) fn missed(measured: &[Measured]) -> Vec<String> {
    let ours = measured.iter().filter(|one| one.peer == Peer::Tintype);
    ours.flat_map(|ours| BARS.iter().filter_map(|bar| bar.missed((bar.value)(ours)))).collect()
}

impl Bar {
    fn missed(&self, value: f64) -> Option<String> {
        let (is_met, bound) = match self.bound {
            Bound::AtLeast(bound) => (value >= bound, format!("at least {bound:.1}")),
            Bound::AtMost(bound) => (value <= bound, format!("at most {bound:.1}")),
        };
        (!is_met).then(|| format!("{value:.1} {}, which should be {bound}", self.name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_that_is_missed_says_by_how_much() {
        let bar = |bound| Bar { name: "frames", value: |_| 0.0, bound };

        assert_eq!(bar(Bound::AtLeast(10.0)).missed(9.5).unwrap(), "9.5 frames, which should be at least 10.0");
        assert_eq!(bar(Bound::AtMost(10.0)).missed(10.5).unwrap(), "10.5 frames, which should be at most 10.0");
        assert!(bar(Bound::AtLeast(10.0)).missed(10.0).is_none());
        assert!(bar(Bound::AtMost(10.0)).missed(10.0).is_none());
        assert!(bar(Bound::AtMost(10.0)).missed(f64::NAN).is_some());
    }
}
