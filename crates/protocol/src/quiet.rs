//! Hours in which devices give no notice.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use utoipa::ToSchema;

const MINUTES: i64 = 24 * 60;

/// A time of day to the minute, on the clock of the device that reads it: `HH:MM`, 00:00 to 23:59.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ToSchema)]
#[schema(value_type = String, pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$", example = "22:30")]
pub struct TimeOfDay(i64);

impl TimeOfDay {
    /// So many minutes after midnight, if that is on the same day.
    #[must_use]
    pub fn new(minutes: i64) -> Option<Self> {
        (0..MINUTES).contains(&minutes).then_some(Self(minutes))
    }

    /// Minutes after midnight.
    #[must_use]
    pub fn minutes(self) -> i64 {
        self.0
    }

    fn parse(text: &str) -> Option<Self> {
        let [a, b, b':', c, d] = text.as_bytes() else { return None };
        let number = |high: &u8, low: &u8| {
            (high.is_ascii_digit() && low.is_ascii_digit())
                .then(|| i64::from(high - b'0') * 10 + i64::from(low - b'0'))
        };
        let (hours, minutes) = (number(a, b)?, number(c, d)?);
        (hours < 24 && minutes < 60).then_some(Self(hours * 60 + minutes))
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl Serialize for TimeOfDay {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TimeOfDay {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom("expected a time of day as HH:MM"))
    }
}

/// From a time of day until another, over midnight where the second is the earlier one. The two differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuietHours {
    /// Quiet from here.
    pub from: TimeOfDay,
    /// And no longer from here.
    pub until: TimeOfDay,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_day_is_exactly_hh_mm() {
        for (text, minutes) in [("00:00", 0), ("08:05", 485), ("23:59", 1_439)] {
            let time = TimeOfDay::parse(text).unwrap();
            assert_eq!((time.minutes(), time.to_string().as_str()), (minutes, text));
            assert_eq!(TimeOfDay::new(minutes), Some(time));
        }
        for bad in
            ["", "24:00", "12:60", "8:05", "08:5", "08.05", "08:05 ", "-1:00", "０8:05", "ab:cd"]
        {
            assert_eq!(TimeOfDay::parse(bad), None, "{bad}");
        }
        assert_eq!((TimeOfDay::new(-1), TimeOfDay::new(1_440)), (None, None));
    }
}
