//! Taints on nodes, and the tolerations of pods.

use std::fmt;

use crate::{
    Timestamp,
    fields::{object, words},
};

words! {
    /// What a taint does to pods that do not tolerate it. Words the API server would not have
    /// taken match only themselves.
    pub enum Effect {
        /// Keeps pods from being scheduled here; those that are here stay.
        NoSchedule,
        /// Is weighed by the scheduler; no rule of a DaemonSet reads it.
        PreferNoSchedule,
        /// Keeps pods away and ends those that are here.
        NoExecute,
        ..Other
    }
}

object! {
    /// Models `v1.Taint`.
    pub struct Taint {
        effect: Effect = always "effect",
        key: String = always "key",
        time_added: Option<Timestamp> = "timeAdded",
        value: String = "value",
    }
}

impl Taint {
    /// A taint without a value.
    pub fn new(key: &str, effect: Effect) -> Self {
        Self {
            key: key.to_owned(),
            effect,
            ..Self::default()
        }
    }

    /// Whether it is the same taint: one node has at most one of a key and effect.
    pub fn same_key_and_effect(&self, other: &Self) -> bool {
        self.key == other.key && self.effect == other.effect
    }
}

/// `KEY[=VALUE]:EFFECT`, as kubectl takes and prints it.
impl fmt::Display for Taint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.key)?;
        if !self.value.is_empty() {
            write!(f, "={}", self.value)?;
        }
        write!(f, ":{}", self.effect.as_str())
    }
}

/// Reads `KEY[=VALUE]:EFFECT`.
impl std::str::FromStr for Taint {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let invalid = || format!("invalid taint spec: {text}");
        let (key, effect) = text.split_once(':').ok_or_else(invalid)?;
        let (key, value) = key.split_once('=').unwrap_or((key, ""));
        if key.is_empty() || effect.contains(':') {
            return Err(invalid());
        }
        let effect = match effect {
            "NoSchedule" => Effect::NoSchedule,
            "PreferNoSchedule" => Effect::PreferNoSchedule,
            "NoExecute" => Effect::NoExecute,
            other => {
                return Err(format!(
                    "invalid taint effect: {other}, unsupported taint effect"
                ));
            }
        };
        Ok(Self {
            value: value.to_owned(),
            ..Self::new(key, effect)
        })
    }
}

object! {
    /// Models `v1.Toleration`. Empty parts are left out, and mean "any" (key, effect) or `Equal`.
    pub struct Toleration {
        effect: Option<Effect> = "effect",
        key: String = "key",
        operator: String = "operator",
        toleration_seconds: Option<i64> = "tolerationSeconds",
        value: String = "value",
    }
}

/// `key=value:effect`, `key` alone, or `everything`, as far as it is narrowed.
impl fmt::Display for Toleration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.key.is_empty(), self.operator.as_str()) {
            (true, _) => f.write_str("everything")?,
            (false, "Exists") => f.write_str(&self.key)?,
            (false, _) => write!(f, "{}={}", self.key, self.value)?,
        }
        match self.for_effect() {
            Some(effect) => write!(f, ":{}", effect.as_str()),
            None => Ok(()),
        }
    }
}

impl Toleration {
    /// One that tolerates a key and effect, whatever the value.
    pub fn exists(key: &str, effect: Effect) -> Self {
        Self {
            key: key.to_owned(),
            effect: Some(effect),
            operator: "Exists".into(),
            ..Self::default()
        }
    }

    /// The effect it is for, unless it is for all.
    fn for_effect(&self) -> Option<&Effect> {
        self.effect
            .as_ref()
            .filter(|effect| !effect.as_str().is_empty())
    }

    /// Models `Toleration.ToleratesTaint`, component-helpers and
    /// `staging/src/k8s.io/api/core/v1/toleration.go`, v1.34.
    pub fn tolerates(&self, taint: &Taint) -> bool {
        if self
            .for_effect()
            .is_some_and(|effect| *effect != taint.effect)
        {
            return false;
        }
        if !self.key.is_empty() && self.key != taint.key {
            return false;
        }
        match self.operator.as_str() {
            "" | "Equal" => self.value == taint.value,
            "Exists" => true,
            _ => false,
        }
    }

    /// Whether a later toleration takes this one's place: all but the seconds are equal.
    ///
    /// Models `Toleration.MatchToleration`, the same file.
    pub fn same_match(&self, other: &Self) -> bool {
        self.key == other.key
            && self.for_effect() == other.for_effect()
            && self.operator == other.operator
            && self.value == other.value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tolerations_match_as_upstream() {
        let check = |toleration: &str, taint: &str, want: bool| {
            let toleration: Toleration = serde_yaml::from_str(toleration).unwrap();
            assert_eq!(
                toleration.tolerates(&taint.parse().unwrap()),
                want,
                "{toleration:?} {taint}"
            );
        };
        check("{operator: Exists}", "k=v:NoExecute", true);
        check(
            "{operator: Exists, effect: NoSchedule}",
            "k=v:NoExecute",
            false,
        );
        check("{key: k, operator: Exists}", "k=v:NoSchedule", true);
        check("{key: k, value: v}", "k=v:NoSchedule", true);
        check(
            "{key: k, operator: Equal, value: v}",
            "k=w:NoSchedule",
            false,
        );
        check("{key: k}", "k:NoSchedule", true);
        check("{key: j, operator: Exists}", "k:NoSchedule", false);
        check(
            "{key: k, operator: Lt, value: '5'}",
            "k=4:NoSchedule",
            false,
        );
        check("{key: k, effect: ''}", "k:NoSchedule", true);
    }
}
