//! Time of processors, which other work on the machine disturbs less than a clock on the wall.

use anyhow::Context;

/// What finished child processes, and theirs, had used at some moment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ProcessorTime {
    seconds: f64,
}

impl ProcessorTime {
    /// Linux keeps account in `/proc/self/stat`, of children that were waited for.
    pub(crate) fn of_children() -> anyhow::Result<Self> {
        let text = std::fs::read_to_string("/proc/self/stat").context("processor time is read from Linux's /proc")?;
        let seconds = seconds_of_children(&text).with_context(|| format!("/proc/self/stat is {text:?}"))?;
        Ok(Self { seconds })
    }

    /// Seconds of processors since then.
    pub(crate) fn until_now(self) -> anyhow::Result<f64> {
        Ok(Self::of_children()?.seconds - self.seconds)
    }
}

fn seconds_of_children(stat: &str) -> Option<f64> {
    // The name of the program, in parentheses, may have any character; `state` after it is field 3 of proc(5).
    let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace().skip(13);
    let (user, system): (u32, u32) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    #[allow(clippy::cast_precision_loss)] // There are 100 in a second.
    let per_second = rustix::param::clock_ticks_per_second() as f64;
    Some((f64::from(user) + f64::from(system)) / per_second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_of_children_is_read_past_any_program_name() {
        let stat = "42 (a) b) S 1 2 3 4 5 6 7 8 9 10 700 800 250 150 20 0 1 0 99";

        let seconds = seconds_of_children(stat).unwrap();

        assert!((seconds * rustix::param::clock_ticks_per_second() as f64 - 400.0).abs() < 0.001);
    }
}
