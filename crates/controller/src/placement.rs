//! Which nodes should run the daemon pod, and which may keep one they have.

use std::fmt;

use objects::{
    DaemonSet, Effect, Name, Node, NodeSelectorTerm, Taint, Toleration, affinity::METADATA_NAME,
};
use serde::{Deserialize, Serialize};

/// The answer for one node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    pub node: Name,
    /// A pod is wanted here.
    pub should_run: bool,
    /// A pod that is here may stay.
    pub should_continue_running: bool,
    /// The rule that decided.
    pub because: Placement,
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

impl Placement {
    /// The smallest edit that would turn a no of this rule into a yes.
    pub fn remedy(&self) -> Option<String> {
        match self {
            Self::NodeSelector { key, wanted, .. } => {
                Some(format!("label the node {key}={wanted}"))
            }
            Self::Taint(taint) => Some(format!("tolerate {taint}")),
            Self::Fits { .. } | Self::NodeName { .. } | Self::NodeAffinity => None,
        }
    }
}

/// One rule, asked about one node, with the fact that answered it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Check {
    pub passed: bool,
    pub fact: Fact,
}

/// What a rule was about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Fact {
    /// The template names a node, this one or another.
    NodeName { wanted: Name },
    /// A label of the template's `nodeSelector`, and what the node has.
    NodeSelector {
        key: String,
        wanted: String,
        found: Option<String>,
    },
    /// The number of the first term of the required affinity that matches, from 1.
    NodeAffinity { matched: Option<usize> },
    /// A taint, and whether its effect lets a pod that is here stay.
    Taint { taint: Taint, may_stay: bool },
    /// Nothing in the template or on the node keeps the pod away.
    Unconstrained,
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NodeName { wanted } => write!(f, "the template names node {wanted}"),
            Self::NodeSelector { key, wanted, found } => match found {
                Some(found) if found == wanted => {
                    write!(f, "label {key}={found} is as nodeSelector wants")
                }
                Some(found) => write!(f, "label {key}={found}, but nodeSelector wants {wanted}"),
                None => write!(f, "no label {key}, but nodeSelector wants {key}={wanted}"),
            },
            Self::NodeAffinity {
                matched: Some(term),
            } => {
                write!(f, "term {term} of the required node affinity matches")
            }
            Self::NodeAffinity { matched: None } => {
                f.write_str("no term of the required node affinity matches")
            }
            Self::Taint { taint, .. } => write!(f, "taint {taint}"),
            Self::Unconstrained => f.write_str("no node selector, no affinity, no taint"),
        }
    }
}

/// A template, prepared to be asked about many nodes.
pub struct Rules<'a> {
    daemon_set: &'a DaemonSet,
    tolerations: Vec<Toleration>,
}

impl<'a> Rules<'a> {
    /// Of this DaemonSet's template.
    pub fn new(daemon_set: &'a DaemonSet) -> Self {
        Self {
            daemon_set,
            tolerations: tolerations(daemon_set),
        }
    }

    /// Asks the rules in their order.
    ///
    /// Models `NodeShouldRunDaemonPod`, `pkg/controller/daemon/daemon_controller.go`, v1.34.
    pub fn decide(&self, node: &Node) -> Decision {
        let (should_run, should_continue_running, because) = self.ask(node);
        Decision {
            node: node.metadata.name.clone(),
            should_run,
            should_continue_running,
            because,
        }
    }

    fn ask(&self, node: &Node) -> (bool, bool, Placement) {
        let spec = &self.daemon_set.spec.template.spec;
        if !spec.node_name.is_empty() && spec.node_name != node.metadata.name {
            return (
                false,
                false,
                Placement::NodeName {
                    wanted: spec.node_name.clone(),
                },
            );
        }
        for (key, wanted) in &*spec.node_selector {
            let found = node.metadata.labels.get(key);
            if found != Some(wanted) {
                let (key, wanted, found) = (key.clone(), wanted.clone(), found.cloned());
                return (false, false, Placement::NodeSelector { key, wanted, found });
            }
        }
        let terms = spec
            .affinity
            .as_ref()
            .and_then(|affinity| affinity.required_terms());
        if terms.is_some_and(|terms| !terms.iter().any(|term| matches(term, node) == Some(true))) {
            return (false, false, Placement::NodeAffinity);
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
        if let Some(taint) = untolerated(&Effect::NoExecute) {
            return (false, false, Placement::Taint(taint));
        }
        if let Some(taint) = untolerated(&Effect::NoSchedule) {
            return (false, true, Placement::Taint(taint));
        }
        let binding =
            |taint: &&Taint| matches!(taint.effect, Effect::NoSchedule | Effect::NoExecute);
        let tolerated = node.spec.taints.iter().filter(binding).cloned().collect();
        (true, true, Placement::Fits { tolerated })
    }

    /// Every rule there is to ask about a node, with its answer. [`Rules::decide`] stops at the
    /// first no; this goes on, so that one sees all that would have to change.
    pub fn trace(&self, node: &Node) -> Vec<Check> {
        let spec = &self.daemon_set.spec.template.spec;
        let mut checks = Vec::new();
        if !spec.node_name.is_empty() {
            let passed = spec.node_name == node.metadata.name;
            checks.push(Check {
                passed,
                fact: Fact::NodeName {
                    wanted: spec.node_name.clone(),
                },
            });
        }
        for (key, wanted) in &*spec.node_selector {
            let found = node.metadata.labels.get(key);
            let (key, wanted_, found_) = (key.clone(), wanted.clone(), found.cloned());
            let fact = Fact::NodeSelector {
                key,
                wanted: wanted_,
                found: found_,
            };
            checks.push(Check {
                passed: found == Some(wanted),
                fact,
            });
        }
        if let Some(terms) = spec
            .affinity
            .as_ref()
            .and_then(|affinity| affinity.required_terms())
        {
            let matched = terms
                .iter()
                .position(|term| matches(term, node) == Some(true));
            let fact = Fact::NodeAffinity {
                matched: matched.map(|index| index + 1),
            };
            checks.push(Check {
                passed: matched.is_some(),
                fact,
            });
        }
        for taint in node
            .spec
            .taints
            .iter()
            .filter(|taint| taint.effect != Effect::PreferNoSchedule)
        {
            let may_stay = taint.effect != Effect::NoExecute;
            let fact = Fact::Taint {
                taint: taint.clone(),
                may_stay,
            };
            checks.push(Check {
                passed: self.tolerates(taint),
                fact,
            });
        }
        if checks.is_empty() {
            checks.push(Check {
                passed: true,
                fact: Fact::Unconstrained,
            });
        }
        checks
    }

    fn tolerates(&self, taint: &Taint) -> bool {
        self.tolerations
            .iter()
            .any(|toleration| toleration.tolerates(taint))
    }
}

/// Whether a node meets a term; `None` if the term cannot be read, which is as good as no term.
///
/// Models `nodeSelectorTerm.match`, component-helpers `scheduling/corev1/nodeaffinity`, v1.34.
pub fn matches(term: &NodeSelectorTerm, node: &Node) -> Option<bool> {
    if term.match_expressions.is_empty() && term.match_fields.is_empty() {
        return Some(false);
    }
    let mut all = true;
    for expression in &term.match_expressions {
        all &= expression.matches(node.metadata.labels.get(&expression.key))?;
    }
    for field in &term.match_fields {
        let [wanted] = &field.values[..] else {
            return None;
        };
        let found: &str = if field.key == METADATA_NAME {
            &node.metadata.name
        } else {
            ""
        };
        all &= match field.operator.as_str() {
            "In" => found == wanted,
            "NotIn" => found != wanted,
            _ => return None,
        };
    }
    Some(all)
}

/// The tolerations of a daemon pod: the template's, and the automatic ones, each in the place of
/// one of the template's that differs from it at most in its seconds.
///
/// Models `AddOrUpdateDaemonPodTolerations`, `pkg/controller/daemon/util/daemonset_util.go`, v1.34.
pub fn tolerations(daemon_set: &DaemonSet) -> Vec<Toleration> {
    let spec = &daemon_set.spec.template.spec;
    let mut tolerations = (*spec.tolerations).clone();
    let always = [
        ("not-ready", Effect::NoExecute),
        ("unreachable", Effect::NoExecute),
        ("disk-pressure", Effect::NoSchedule),
        ("memory-pressure", Effect::NoSchedule),
        ("pid-pressure", Effect::NoSchedule),
        ("unschedulable", Effect::NoSchedule),
    ];
    let in_host_network = spec
        .host_network
        .then_some(("network-unavailable", Effect::NoSchedule));
    for (key, effect) in always.into_iter().chain(in_host_network) {
        let automatic = Toleration::exists(&format!("node.kubernetes.io/{key}"), effect);
        match tolerations
            .iter_mut()
            .find(|toleration| toleration.same_match(&automatic))
        {
            Some(toleration) => *toleration = automatic,
            None => tolerations.push(automatic),
        }
    }
    tolerations
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

    #[test]
    fn an_automatic_toleration_takes_the_place_of_one_with_seconds() {
        let daemon_set: DaemonSet = serde_yaml::from_str(
            "spec: {template: {spec: {tolerations: [{key: node.kubernetes.io/not-ready, operator: Exists, effect: NoExecute, tolerationSeconds: 60}, {key: a, operator: Exists}]}}}",
        ).unwrap();
        let tolerations = tolerations(&daemon_set);
        assert_eq!(tolerations.len(), 7);
        assert_eq!(tolerations[0].toleration_seconds, None);
        assert_eq!(tolerations[1].key, "a");
    }
}
