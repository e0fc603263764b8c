//! `node`: its STATUS and its taints.

use std::fmt;

use cluster::Cluster;
use objects::{FieldPath, Taint};
use serde_json::Value;

use super::{Missing, differ};
use crate::read::{Mapping, Read, Wrong};

pub(super) const FIELDS: [&str; 2] = ["status", "taints"];

/// What a node must be like.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct NodeExpect {
    node: String,
    status: Option<String>,
    /// All of them.
    taints: Option<Vec<WantedTaint>>,
}

/// `KEY[=VALUE]:EFFECT`; without `=` any value will do.
#[derive(Clone, Debug, PartialEq)]
struct WantedTaint {
    taint: Taint,
    has_value: bool,
}

impl WantedTaint {
    fn fits(&self, taint: &Taint) -> bool {
        self.taint.same_key_and_effect(taint)
            && (!self.has_value || self.taint.value == taint.value)
    }
}

impl fmt::Display for WantedTaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.taint)
    }
}

impl Read for WantedTaint {
    fn read(value: Value, at: &FieldPath) -> Result<Self, Wrong> {
        let text = String::read(value, at)?;
        let wrong = |message: String| {
            Wrong::new(
                at,
                format!("{message}; give KEY:EFFECT or KEY=VALUE:EFFECT"),
            )
        };
        Ok(Self {
            taint: text.parse().map_err(wrong)?,
            has_value: text.contains('='),
        })
    }
}

impl NodeExpect {
    pub(super) fn read(fields: &mut Mapping) -> Result<Self, Wrong> {
        Ok(Self {
            node: fields.required("node")?,
            status: fields.optional("status")?,
            taints: fields.optional("taints")?,
        })
    }

    pub(super) fn check(&self, cluster: &Cluster, wrong: &mut Vec<String>) -> Result<(), Missing> {
        let node = cluster.store().nodes.get(self.node.as_str());
        let node = node.ok_or_else(|| Missing::node(&self.node))?;
        if let Some(status) = &self.status {
            differ("status", status, &node.status_cell(), wrong);
        }
        if let Some(wanted) = &self.taints {
            let found = &node.spec.taints;
            let all_wanted = found
                .iter()
                .all(|it| wanted.iter().any(|wanted| wanted.fits(it)));
            let all_found = wanted
                .iter()
                .all(|wanted| found.iter().any(|it| wanted.fits(it)));
            if !(all_wanted && all_found) {
                let (wanted, found) = (list(wanted), list(found));
                wrong.push(format!("taints: expected {wanted}, found {found}"));
            }
        }
        Ok(())
    }
}

fn list<T: fmt::Display>(items: &[T]) -> String {
    match items {
        [] => "none".to_owned(),
        items => items
            .iter()
            .map(T::to_string)
            .collect::<Vec<_>>()
            .join(", "),
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::check_all;

    #[test]
    fn status_and_taints_are_compared() {
        check_all(
            "- kubectl: cordon worker-1\n- run: quiet\n",
            &[
                ("{node: worker-1}", ""),
                ("{node: worker-1, status: 'Ready,SchedulingDisabled'}", ""),
                (
                    "{node: worker-1, status: Ready}",
                    "status: expected Ready, found Ready,SchedulingDisabled",
                ),
                ("{node: worker-2, status: Ready, taints: []}", ""),
                ("{node: worker-3}", "missing: node worker-3 does not exist"),
                ("{node: gpu-1, taints: ['gpu=yes:NoSchedule']}", ""),
                ("{node: gpu-1, taints: ['gpu:NoSchedule']}", ""),
                (
                    "{node: gpu-1, taints: ['gpu=no:NoSchedule']}",
                    "taints: expected gpu=no:NoSchedule, found gpu=yes:NoSchedule",
                ),
                (
                    "{node: gpu-1, taints: ['gpu=:NoSchedule']}",
                    "taints: expected gpu:NoSchedule, found gpu=yes:NoSchedule",
                ),
                (
                    "{node: gpu-1, taints: ['gpu:NoExecute']}",
                    "taints: expected gpu:NoExecute, found gpu=yes:NoSchedule",
                ),
                (
                    "{node: gpu-1, taints: []}",
                    "taints: expected none, found gpu=yes:NoSchedule",
                ),
                (
                    "{node: worker-2, taints: ['a:NoSchedule']}",
                    "taints: expected a:NoSchedule, found none",
                ),
            ],
        );
    }
}
