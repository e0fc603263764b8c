//! Lengths of time as the tables have them.

use objects::Millis;

/// Models `duration.HumanDuration`, apimachinery `pkg/util/duration/duration.go`, v1.34.
pub(super) fn age(age: Millis) -> String {
    // Go cuts toward nought.
    let seconds = age.0 / 1000;
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
    let two = |first: i64, unit: &str, second: i64, part: &str| match second {
        0 => format!("{first}{unit}"),
        second => format!("{first}{unit}{second}{part}"),
    };
    match seconds {
        ..-1 => "<invalid>".to_owned(),
        -1 => "0s".to_owned(),
        0..120 => format!("{seconds}s"),
        _ if minutes < 10 => two(minutes, "m", seconds % 60, "s"),
        _ if minutes < 180 => format!("{minutes}m"),
        _ if hours < 8 => two(hours, "h", minutes % 60, "m"),
        _ if hours < 48 => format!("{hours}h"),
        _ if days < 8 => two(days, "d", hours % 24, "h"),
        _ if days < 730 => format!("{days}d"),
        _ if days < 2920 => two(days / 365, "y", days % 365, "d"),
        _ => format!("{}y", days / 365),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_cut_to_whole_units() {
        let (minute, hour, day) = (60, 3600, 86_400);
        for (seconds, want) in [
            (-2, "<invalid>"),
            (-1, "0s"),
            (0, "0s"),
            (119, "119s"),
            (120, "2m"),
            (125, "2m5s"),
            (10 * minute + 59, "10m"),
            (179 * minute, "179m"),
            (3 * hour + 10 * minute, "3h10m"),
            (7 * hour, "7h"),
            (47 * hour, "47h"),
            (51 * hour, "2d3h"),
            (400 * day, "400d"),
            (740 * day, "2y10d"),
            (9 * 365 * day, "9y"),
        ] {
            assert_eq!(age(Millis::from_secs(seconds)), want, "{seconds}");
        }
    }
}
