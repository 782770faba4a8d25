use std::{fmt, time::Duration as StdDuration};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Visitor};
use specta::{Type, Types, datatype::DataType};

use super::WireForm;

/// A length of time, sent as ISO 8601 has it: `PT90S`, `PT0.25S`.
///
/// It is written in seconds with up to nine decimals, so nothing is lost.
/// Days, hours, minutes and seconds are read (`P1DT2H30M1.5S`); years, months and weeks are refused, because their
/// length depends on a calendar or on taste.
///
/// ```
/// use tintype::wire::Duration;
///
/// let timeout = Duration::from(std::time::Duration::from_millis(1_500));
/// assert_eq!(serde_json::to_string(&timeout)?, "\"PT1.5S\"");
/// assert_eq!(serde_json::from_str::<Duration>("\"PT0M1.5S\"")?, timeout);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration(pub StdDuration);

impl From<StdDuration> for Duration {
    fn from(duration: StdDuration) -> Self {
        Self(duration)
    }
}

impl From<Duration> for StdDuration {
    fn from(duration: Duration) -> Self {
        duration.0
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PT{}", self.0.as_secs())?;
        if self.0.subsec_nanos() > 0 {
            let decimals = format!("{:09}", self.0.subsec_nanos());
            write!(f, ".{}", decimals.trim_end_matches('0'))?;
        }
        f.write_str("S")
    }
}

impl Serialize for Duration {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Duration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Iso8601).map(Self)
    }
}

struct Iso8601;

impl Visitor<'_> for Iso8601 {
    type Value = StdDuration;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an ISO 8601 duration of days, hours, minutes and seconds, such as \"PT1.5S\"")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<StdDuration, E> {
        parse(text).ok_or_else(|| E::invalid_value(serde::de::Unexpected::Str(text), &self))
    }
}

/// `P[nD][T[nH][nM][n[.n]S]]` with at least one part; `None` for anything else and for what is out of range.
fn parse(text: &str) -> Option<StdDuration> {
    let (days, time) = match text.strip_prefix('P')?.split_once('T') {
        Some((days, time)) if !time.is_empty() => (days, time),
        Some(_) => return None,
        None => (text.strip_prefix('P')?, ""),
    };
    let mut seconds: u64 = 0;
    let mut parts = 0;
    let mut add = |number: &str, unit: u64| -> Option<()> {
        parts += 1;
        seconds = seconds.checked_add(digits(number)?.checked_mul(unit)?)?;
        Some(())
    };
    if !days.is_empty() {
        add(days.strip_suffix('D')?, 86_400)?;
    }
    let mut rest = time;
    for (letter, unit) in [('H', 3_600), ('M', 60)] {
        if let Some((number, after)) = rest.split_once(letter) {
            add(number, unit)?;
            rest = after;
        }
    }
    let mut nanos = 0;
    if !rest.is_empty() {
        let (whole, fraction) =
            rest.strip_suffix('S')?.split_once(['.', ',']).unwrap_or((rest.strip_suffix('S')?, "0"));
        add(whole, 1)?;
        if fraction.is_empty() || fraction.len() > 9 {
            return None;
        }
        nanos = u32::try_from(digits(&format!("{fraction:0<9}"))?).ok()?;
    }
    (parts > 0).then(|| StdDuration::new(seconds, nanos))
}

fn digits(text: &str) -> Option<u64> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

impl Type for Duration {
    fn definition(_: &mut Types) -> DataType {
        WireForm::Duration.describe()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_iso_8601_has_them() {
        let read = |text| parse(text).map(|duration| (duration.as_secs(), duration.subsec_nanos()));

        assert_eq!(read("PT1.5S"), Some((1, 500_000_000)));
        assert_eq!(read("P1DT2H30M1.000000001S"), Some((95_401, 1)));
        assert_eq!(read("P2D"), Some((172_800, 0)));
        assert_eq!(read("PT5M"), Some((300, 0)));
        assert_eq!(read("PT18446744073709551615S"), Some((u64::MAX, 0)));
        for text in ["", "P", "PT", "P1Y", "P1M", "P1W", "PT-1S", "-PT1S", "PT1.S", "PT1.0000000001S", "PT1S2M", "1S"] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(read("PT18446744073709551616S"), None);
        assert_eq!(read("P213503982334602D"), None);
    }
}
