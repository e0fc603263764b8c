//! Every rule that decides about a node, with its answer and the facts that gave it.

use std::fmt;

use objects::{Condition, FieldPath, Name, Node, Taint, taint::Effect};
use serde::{Deserialize, Serialize};

use crate::{
    node_affinity::Term,
    placement::Rules,
    reason::Rule,
    tolerations::{self, ToleratedBy},
};

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
    /// The terms of the required node affinity; one must be met.
    NodeAffinity { terms: Vec<Term> },
    /// The `number`th taint of the node, from 0, and which toleration is for it, if one is.
    Taint {
        number: usize,
        taint: Taint,
        tolerated_by: Option<Box<ToleratedBy>>,
        /// Of the tolerations that the controller adds, the one of this key is for that effect.
        automatic_for: Option<Effect>,
        /// Whether the effect lets a pod that is here stay.
        may_stay: bool,
        /// The condition of the node that the taint follows from, and goes with.
        condition: Option<Box<Condition>>,
    },
    /// Nothing in the template or on the node keeps the pod away.
    Unconstrained,
}

/// The smallest edit that would turn a no into a yes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Remedy {
    LabelNode {
        key: String,
        value: String,
    },
    UnlabelNode {
        key: String,
    },
    Tolerate(Taint),
    DropNodeName,
    /// The taint says that the node cannot run pods now; whoever put it there takes it off once
    /// the node can.
    NodeRecovers {
        taint: Taint,
        /// What the node, or who watches it, says of that.
        condition: Option<Box<Condition>>,
    },
}

impl Rules<'_> {
    /// Every rule there is to ask about a node, with its answer. [`Rules::decide`] stops at the
    /// first no; this goes on, so that one sees all that would have to change.
    ///
    /// Models `nodeShouldRunDaemonPod` and `predicates`,
    /// `pkg/controller/daemon/daemon_controller.go`, v1.34.
    pub fn trace(&self, node: &Node) -> Vec<Check> {
        let spec = &self.daemon_set.spec.template.spec;
        let mut checks = Vec::new();
        let mut push = |passed, fact| checks.push(Check { passed, fact });
        if !spec.node_name.is_empty() {
            let wanted = spec.node_name.clone();
            push(wanted == node.metadata.name, Fact::NodeName { wanted });
        }
        for (key, wanted) in &*spec.node_selector {
            let found = node.metadata.labels.get(key).cloned();
            let (key, wanted) = (key.clone(), wanted.clone());
            let passed = found.as_ref() == Some(&wanted);
            push(passed, Fact::NodeSelector { key, wanted, found });
        }
        if let Some(terms) = spec.affinity.as_ref().and_then(|it| it.required_terms()) {
            let terms: Vec<_> = terms.iter().map(|term| Term::of(term, node)).collect();
            let passed = terms.iter().any(|term| term.met == Some(true));
            push(passed, Fact::NodeAffinity { terms });
        }
        for (number, taint) in node.spec.taints.iter().enumerate() {
            let may_stay = match taint.effect {
                Effect::NoExecute => false,
                Effect::NoSchedule => true,
                Effect::PreferNoSchedule | Effect::Other(_) => continue,
            };
            let tolerated_by = self.tolerated_by(taint).map(Box::new);
            let passed = tolerated_by.is_some();
            let mut automatic = tolerations::automatic(spec);
            let automatic_for = automatic.find(|it| it.key == taint.key);
            push(
                passed,
                Fact::Taint {
                    number,
                    taint: taint.clone(),
                    tolerated_by,
                    automatic_for: automatic_for.and_then(|it| it.effect),
                    may_stay,
                    condition: node.condition_for(taint).cloned().map(Box::new),
                },
            );
        }
        if checks.is_empty() {
            checks.push(Check {
                passed: true,
                fact: Fact::Unconstrained,
            });
        }
        checks
    }
}

impl Check {
    /// The smallest edit that would turn a no of this rule into a yes.
    pub fn remedy(&self) -> Option<Remedy> {
        if self.passed {
            return None;
        }
        match &self.fact {
            Fact::NodeName { .. } => Some(Remedy::DropNodeName),
            Fact::NodeSelector { key, wanted, .. } => Some(Remedy::LabelNode {
                key: key.clone(),
                value: wanted.clone(),
            }),
            Fact::NodeAffinity { terms } => terms.iter().find_map(Term::remedy),
            Fact::Taint {
                taint, condition, ..
            } if recovery(taint).is_some() => Some(Remedy::NodeRecovers {
                taint: taint.clone(),
                condition: condition.clone(),
            }),
            Fact::Taint { taint, .. } => Some(Remedy::Tolerate(taint.clone())),
            Fact::Unconstrained => None,
        }
    }

    /// What the answer means, where the fact alone does not say.
    pub fn consequence(&self) -> Option<String> {
        let Fact::Taint {
            taint,
            tolerated_by,
            automatic_for,
            may_stay,
            ..
        } = &self.fact
        else {
            return None;
        };
        if let Some(tolerated_by) = tolerated_by {
            return Some(format!("tolerated by {tolerated_by}"));
        }
        let mut text = match may_stay {
            true => "not tolerated: no new pod, one that is here may stay".to_owned(),
            false => "not tolerated: no pod may be here".to_owned(),
        };
        if let Some(effect) = automatic_for
            && *effect != taint.effect
        {
            let effect = effect.as_str();
            text += &format!(
                "; the toleration that the controller adds to every daemon pod is for {effect} only"
            );
        }
        Some(text)
    }
}

/// What has to happen to a node with this taint, if the taint says that it cannot run pods now.
fn recovery(taint: &Taint) -> Option<&'static str> {
    Some(match taint.key.as_str() {
        "node.kubernetes.io/not-ready" => "get the node ready",
        "node.kubernetes.io/unreachable" => "bring the node back",
        "node.kubernetes.io/network-unavailable" => "set up the network of the node",
        "node.cloudprovider.kubernetes.io/uninitialized" => {
            "let the cloud controller manager initialize the node"
        }
        "node.cloudprovider.kubernetes.io/shutdown" => "start the machine of the node",
        _ => return None,
    })
}

impl Remedy {
    /// The edit of the template for a daemon that is to run on such a node all the same.
    pub fn otherwise(&self) -> Option<Self> {
        match self {
            Self::NodeRecovers { taint, .. } => Some(Self::Tolerate(taint.clone())),
            _ => None,
        }
    }
}

impl Fact {
    /// The field of the DaemonSet and that of the Node that gave the answer.
    pub fn fields(&self) -> (Option<FieldPath>, Option<FieldPath>) {
        let template = FieldPath::of("spec.template.spec");
        let label = |key: &str| FieldPath::of("metadata.labels").key(key);
        match self {
            Self::NodeName { .. } => (
                Some(template.child("nodeName")),
                Some(FieldPath::of("metadata.name")),
            ),
            Self::NodeSelector { key, .. } => (
                Some(template.child("nodeSelector").key(key)),
                Some(label(key)),
            ),
            Self::NodeAffinity { terms } => {
                let path = "affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms";
                let met = terms.iter().position(|term| term.met == Some(true));
                let path = template.child(path);
                (
                    Some(met.map_or(path.clone(), |met| path.index(met))),
                    Some(FieldPath::of("metadata.labels")),
                )
            }
            Self::Taint {
                number,
                tolerated_by,
                ..
            } => {
                // What the controller adds stands in the pods, and not in the template.
                let is_automatic = tolerated_by.as_ref().is_some_and(|it| it.is_automatic());
                (
                    (!is_automatic).then(|| template.child("tolerations")),
                    Some(FieldPath::of("spec.taints").index(*number)),
                )
            }
            Self::Unconstrained => (None, None),
        }
    }
}

/// A rule about a node has the name of the field that it reads.
impl Rule for Fact {
    fn rule(&self) -> &'static str {
        match self {
            Self::NodeName { .. } => "nodeName",
            Self::NodeSelector { .. } => "nodeSelector",
            Self::NodeAffinity { .. } => "nodeAffinity",
            Self::Taint { .. } => "taint",
            Self::Unconstrained => "unconstrained",
        }
    }

    fn upstream(&self) -> &'static str {
        match self {
            Self::NodeName { .. } => "daemon_controller.go predicates",
            Self::NodeSelector { .. } | Self::NodeAffinity { .. } => {
                "daemon_controller.go predicates (GetRequiredNodeAffinity)"
            }
            Self::Taint {
                tolerated_by: Some(it),
                ..
            } if it.is_automatic() => "util/daemonset_util.go AddOrUpdateDaemonPodTolerations",
            Self::Taint { .. } => "daemon_controller.go predicates (FindMatchingUntoleratedTaint)",
            Self::Unconstrained => "daemon_controller.go NodeShouldRunDaemonPod",
        }
    }
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
            Self::NodeAffinity { terms } => {
                if let Some(met) = terms.iter().position(|term| term.met == Some(true)) {
                    return write!(f, "term {} of the required node affinity matches", met + 1);
                }
                f.write_str("no term of the required node affinity matches")?;
                for (number, term) in (1..).zip(terms) {
                    let not_met = term.requirements.iter().filter(|it| it.met != Some(true));
                    let not_met: Vec<String> = not_met.map(ToString::to_string).collect();
                    match (term.requirements.is_empty(), term.met) {
                        (true, _) => write!(f, "; term {number} is empty and matches nothing")?,
                        (_, None) => {
                            write!(f, "; term {number} is skipped: {}", not_met.join(" and "))?;
                        }
                        _ => write!(f, "; term {number}: {}", not_met.join(" and "))?,
                    }
                }
                Ok(())
            }
            Self::Taint { taint, .. } => write!(f, "taint {taint}"),
            Self::Unconstrained => f.write_str("no node selector, no affinity, no taint"),
        }
    }
}

impl fmt::Display for Remedy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LabelNode { key, value } => write!(f, "label the node {key}={value}"),
            Self::UnlabelNode { key } => write!(f, "remove the label {key} from the node"),
            Self::Tolerate(taint) => write!(f, "tolerate {taint}"),
            Self::DropNodeName => f.write_str("remove nodeName from the template"),
            Self::NodeRecovers { taint, condition } => {
                f.write_str(recovery(taint).unwrap_or("mend the node"))?;
                let Some(condition) = condition else {
                    return f.write_str(", and the taint goes");
                };
                let type_ = condition.type_.as_str();
                write!(f, " (its condition {type_} is {:?}", condition.status)?;
                if !condition.message.is_empty() {
                    write!(f, ": {}", condition.message.trim_end_matches('.'))?;
                }
                f.write_str("), and the taint goes")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use objects::DaemonSet;

    use super::*;

    /// What is said of the one taint of a node: consequence, field of the DaemonSet, remedy.
    #[track_caller]
    fn check(template_spec: &str, node: &str, want: [&str; 3]) {
        let daemon_set: DaemonSet =
            serde_yaml::from_str(&format!("spec: {{template: {{spec: {template_spec}}}}}"))
                .unwrap();
        let node: Node = serde_yaml::from_str(node).unwrap();
        let [check] = &Rules::new(&daemon_set).trace(&node)[..] else {
            panic!("one taint, one check");
        };
        let or_none = |it: Option<String>| it.unwrap_or_else(|| "-".into());
        let got = [
            or_none(check.consequence()),
            or_none(check.fact.fields().0.map(|it| it.to_string())),
            or_none(check.remedy().map(|it| it.to_string())),
        ];
        assert_eq!(got, want, "{template_spec} {node:?}");
    }

    fn tainted(key: &str, effect: &str) -> String {
        format!("{{spec: {{taints: [{{key: {key}, effect: {effect}}}]}}}}")
    }

    #[test]
    fn what_the_controller_adds_is_not_the_templates() {
        let unschedulable = tainted("node.kubernetes.io/unschedulable", "NoSchedule");
        let want = [
            "tolerated by node.kubernetes.io/unschedulable:NoSchedule, which the controller adds to every daemon pod",
            "-",
            "-",
        ];
        check("{}", &unschedulable, want);
        // Nor is it where the template tolerates the taint, too: without that it is the same.
        check("{tolerations: [{operator: Exists}]}", &unschedulable, want);
        check(
            "{hostNetwork: true}",
            &tainted("node.kubernetes.io/network-unavailable", "NoSchedule"),
            [
                "tolerated by node.kubernetes.io/network-unavailable:NoSchedule, which the controller adds to every daemon pod in the host's network",
                "-",
                "-",
            ],
        );
        check(
            "{tolerations: [{operator: Exists}]}",
            &tainted("gpu", "NoSchedule"),
            [
                "tolerated by everything",
                "spec.template.spec.tolerations",
                "-",
            ],
        );
    }

    #[test]
    fn of_a_node_that_is_not_well_the_remedy_is_the_node() {
        check(
            "{}",
            "{spec: {taints: [{key: node.kubernetes.io/unreachable, effect: NoSchedule}]}, status: {conditions: [{type: Ready, status: Unknown, reason: NodeStatusUnknown, message: Kubelet stopped posting node status.}]}}",
            [
                "not tolerated: no new pod, one that is here may stay; the toleration that the controller adds to every daemon pod is for NoExecute only",
                "spec.template.spec.tolerations",
                "bring the node back (its condition Ready is Unknown: Kubelet stopped posting node status), and the taint goes",
            ],
        );
        check(
            "{}",
            "{spec: {taints: [{key: node.kubernetes.io/network-unavailable, effect: NoSchedule}]}, status: {conditions: [{type: NetworkUnavailable, status: 'True'}]}}",
            [
                "not tolerated: no new pod, one that is here may stay",
                "spec.template.spec.tolerations",
                "set up the network of the node (its condition NetworkUnavailable is True), and the taint goes",
            ],
        );
        // Ready again, and not yet told to be so.
        check(
            "{}",
            "{spec: {taints: [{key: node.kubernetes.io/not-ready, effect: NoSchedule}]}, status: {conditions: [{type: Ready, status: 'True'}]}}",
            [
                "not tolerated: no new pod, one that is here may stay; the toleration that the controller adds to every daemon pod is for NoExecute only",
                "spec.template.spec.tolerations",
                "get the node ready, and the taint goes",
            ],
        );
        check(
            "{}",
            &tainted("gpu", "NoExecute"),
            [
                "not tolerated: no pod may be here",
                "spec.template.spec.tolerations",
                "tolerate gpu:NoExecute",
            ],
        );
    }
}
