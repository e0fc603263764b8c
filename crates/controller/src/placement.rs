//! Which nodes should run the daemon pod, and which may keep one they have.

use std::{cell::OnceCell, fmt};

use objects::{
    DaemonSet, Effect, Name, Node, NodeSelectorTerm, PodSpec, Shared, Taint, Toleration,
};
use serde::{Deserialize, Serialize};

use crate::{
    node_affinity::{is_readable, matches},
    tolerations::{self, ToleratedBy},
};

/// The answer for one node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    pub node: Name,
    /// A pod is wanted here.
    pub should_run: bool,
    /// A pod that is here may stay.
    pub should_continue_running: bool,
    /// The rule that decided.
    pub because: Shared<Placement>,
}

/// The first rule that says no, or that none does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Placement {
    /// Every rule was asked and says yes.
    Fits {
        /// Taints on the node that the pod tolerates.
        tolerated: Vec<Taint>,
    },
    /// The template names another node.
    NodeName { wanted: Name },
    /// The node lacks a label of the template's `nodeSelector`, or has another value.
    NodeSelector {
        key: String,
        wanted: String,
        found: Option<String>,
    },
    /// The node meets none of the terms of the required node affinity.
    NodeAffinity,
    /// The pod does not tolerate a taint.
    Taint(Taint),
}

impl fmt::Display for Placement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fits { tolerated } if tolerated.is_empty() => f.write_str("the node fits"),
            Self::Fits { tolerated } => {
                f.write_str("the node fits, tolerated: ")?;
                for (i, taint) in tolerated.iter().enumerate() {
                    write!(f, "{}{taint}", if i > 0 { ", " } else { "" })?;
                }
                Ok(())
            }
            Self::NodeName { wanted } => write!(f, "the template names node {wanted}"),
            Self::NodeSelector {
                key,
                wanted,
                found: None,
            } => {
                write!(f, "no label {key}; nodeSelector wants {key}={wanted}")
            }
            Self::NodeSelector {
                key,
                wanted,
                found: Some(found),
            } => {
                write!(f, "label {key}={found}; nodeSelector wants {key}={wanted}")
            }
            Self::NodeAffinity => f.write_str("no term of the required node affinity matches"),
            Self::Taint(taint) => write!(f, "taint {taint} is not tolerated"),
        }
    }
}

/// A template, prepared to be asked about many nodes.
pub struct Rules<'a> {
    pub(crate) daemon_set: &'a DaemonSet,
    /// Found out when the first node with a taint is asked about: most have none.
    tolerations: OnceCell<Vec<Toleration>>,
    /// Those terms of the required node affinity that can be read, if there is one.
    terms: Option<Vec<&'a NodeSelectorTerm>>,
    /// The answer that most nodes get.
    fits: Shared<Placement>,
}

impl<'a> Rules<'a> {
    /// Of this DaemonSet's template.
    pub fn new(daemon_set: &'a DaemonSet) -> Self {
        let affinity = daemon_set.spec.template.spec.affinity.as_ref();
        let terms = affinity.and_then(|affinity| affinity.required_terms());
        Self {
            daemon_set,
            tolerations: OnceCell::new(),
            terms: terms.map(|it| it.iter().filter(|term| is_readable(term)).collect()),
            fits: Placement::Fits { tolerated: vec![] }.into(),
        }
    }

    /// Asks the rules in their order.
    ///
    /// Models `NodeShouldRunDaemonPod`, `pkg/controller/daemon/daemon_controller.go`, v1.34.
    pub fn decide(&self, node: &Node) -> Decision {
        let because = match self.ask(node) {
            Placement::Fits { tolerated } if tolerated.is_empty() => self.fits.clone(),
            other => other.into(),
        };
        let fits = matches!(*because, Placement::Fits { .. });
        // A taint that keeps pods away does not send those away that are here.
        let may_stay =
            matches!(&*because, Placement::Taint(taint) if taint.effect == Effect::NoSchedule);
        Decision {
            node: node.metadata.name.clone(),
            should_run: fits,
            should_continue_running: fits || may_stay,
            because,
        }
    }

    fn ask(&self, node: &Node) -> Placement {
        let spec = &self.daemon_set.spec.template.spec;
        if !spec.node_name.is_empty() && spec.node_name != node.metadata.name {
            let wanted = spec.node_name.clone();
            return Placement::NodeName { wanted };
        }
        for (key, wanted) in &*spec.node_selector {
            let found = node.metadata.labels.get(key);
            if found != Some(wanted) {
                let (key, wanted, found) = (key.clone(), wanted.clone(), found.cloned());
                return Placement::NodeSelector { key, wanted, found };
            }
        }
        let terms = self.terms.as_ref();
        if terms.is_some_and(|terms| !terms.iter().any(|term| matches(term, node))) {
            return Placement::NodeAffinity;
        }
        let untolerated = |effect: &Effect| {
            let taints = node
                .spec
                .taints
                .iter()
                .filter(|taint| taint.effect == *effect);
            taints
                .into_iter()
                .find(|taint| !self.tolerates(taint))
                .cloned()
        };
        let wrong = untolerated(&Effect::NoExecute).or_else(|| untolerated(&Effect::NoSchedule));
        if let Some(taint) = wrong {
            return Placement::Taint(taint);
        }
        let binding =
            |taint: &&Taint| matches!(taint.effect, Effect::NoSchedule | Effect::NoExecute);
        let tolerated = node.spec.taints.iter().filter(binding).cloned().collect();
        Placement::Fits { tolerated }
    }

    fn tolerations(&self) -> impl Iterator<Item = &Toleration> {
        let all = || tolerations::tolerations(self.daemon_set);
        self.tolerations.get_or_init(all).iter()
    }

    fn tolerates(&self, taint: &Taint) -> bool {
        self.tolerations().any(|it| it.tolerates(taint))
    }

    /// What tolerates a taint, first of all what no edit takes away.
    pub(crate) fn tolerated_by(&self, taint: &Taint) -> Option<ToleratedBy> {
        let spec = &self.daemon_set.spec.template.spec;
        if let Some(automatic) = tolerations::automatic(spec).find(|it| it.tolerates(taint)) {
            let is_for_all = tolerations::automatic(&PodSpec::default()).any(|it| it == automatic);
            return Some(match is_for_all {
                true => ToleratedBy::Automatic(automatic),
                false => ToleratedBy::AutomaticInHostNetwork(automatic),
            });
        }
        let found = self.tolerations().find(|it| it.tolerates(taint))?;
        Some(ToleratedBy::Template(found.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(template_spec: &str, node: &str, want: (bool, bool, &str)) {
        let daemon_set: DaemonSet =
            serde_yaml::from_str(&format!("spec: {{template: {{spec: {template_spec}}}}}"))
                .unwrap();
        let node: Node = serde_yaml::from_str(node).unwrap();
        let decision = Rules::new(&daemon_set).decide(&node);
        let got = (
            decision.should_run,
            decision.should_continue_running,
            decision.because.to_string(),
        );
        assert_eq!(
            (got.0, got.1, got.2.as_str()),
            want,
            "{template_spec} {node:?}"
        );
    }

    /// The rows of semantics 3.3, and 11.1 to 11.4.
    #[test]
    fn the_first_rule_that_says_no_decides() {
        let plain = "metadata: {name: n, labels: {disk: ssd}}";
        check("{}", plain, (true, true, "the node fits"));
        check(
            "{nodeName: m}",
            plain,
            (false, false, "the template names node m"),
        );
        check(
            "{nodeSelector: {disk: hdd}}",
            plain,
            (false, false, "label disk=ssd; nodeSelector wants disk=hdd"),
        );
        check(
            "{nodeSelector: {zone: a}}",
            plain,
            (false, false, "no label zone; nodeSelector wants zone=a"),
        );
        let tainted = |taint: &str| format!("metadata: {{name: n}}\nspec: {{taints: [{taint}]}}");
        check(
            "{}",
            &tainted("{key: gpu, effect: NoExecute}"),
            (false, false, "taint gpu:NoExecute is not tolerated"),
        );
        check(
            "{}",
            &tainted("{key: gpu, value: a, effect: NoSchedule}"),
            (false, true, "taint gpu=a:NoSchedule is not tolerated"),
        );
        check(
            "{}",
            &tainted("{key: gpu, effect: PreferNoSchedule}"),
            (true, true, "the node fits"),
        );
        check(
            "{tolerations: [{operator: Exists}]}",
            &tainted("{key: gpu, effect: NoExecute}"),
            (true, true, "the node fits, tolerated: gpu:NoExecute"),
        );
        let not_ready = |effect: &str| {
            tainted(&format!(
                "{{key: node.kubernetes.io/not-ready, effect: {effect}}}"
            ))
        };
        check(
            "{}",
            &not_ready("NoExecute"),
            (
                true,
                true,
                "the node fits, tolerated: node.kubernetes.io/not-ready:NoExecute",
            ),
        );
        check(
            "{}",
            &not_ready("NoSchedule"),
            (
                false,
                true,
                "taint node.kubernetes.io/not-ready:NoSchedule is not tolerated",
            ),
        );
        let network = tainted("{key: node.kubernetes.io/network-unavailable, effect: NoSchedule}");
        check(
            "{}",
            &network,
            (
                false,
                true,
                "taint node.kubernetes.io/network-unavailable:NoSchedule is not tolerated",
            ),
        );
        check(
            "{hostNetwork: true}",
            &network,
            (
                true,
                true,
                "the node fits, tolerated: node.kubernetes.io/network-unavailable:NoSchedule",
            ),
        );
    }

    #[test]
    fn terms_are_ored_and_those_that_cannot_be_read_are_skipped() {
        let affinity = |terms: &str| {
            format!(
                "{{affinity: {{nodeAffinity: {{requiredDuringSchedulingIgnoredDuringExecution: {{nodeSelectorTerms: [{terms}]}}}}}}}}"
            )
        };
        let node = "metadata: {name: n, labels: {disk: ssd}}";
        let no = (
            false,
            false,
            "no term of the required node affinity matches",
        );
        let yes = (true, true, "the node fits");
        check(&affinity("{}"), node, no);
        check(
            &affinity(
                "{matchExpressions: [{key: disk, operator: Foo}]}, {matchExpressions: [{key: disk, operator: Exists}]}",
            ),
            node,
            yes,
        );
        check(
            &affinity("{matchExpressions: [{key: disk, operator: In, values: [hdd]}]}"),
            node,
            no,
        );
        check(
            &affinity("{matchFields: [{key: metadata.name, operator: In, values: [n]}]}"),
            node,
            yes,
        );
        check(
            &affinity("{matchFields: [{key: metadata.name, operator: In, values: [n, m]}]}"),
            node,
            no,
        );
    }
}
