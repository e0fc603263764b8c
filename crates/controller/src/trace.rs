//! Every rule that decides about a node, with its answer and the facts that gave it.

use std::fmt;

use objects::{FieldPath, Name, Node, Taint, Toleration, taint::Effect};
use serde::{Deserialize, Serialize};

use crate::{node_affinity::Term, placement::Rules, reason::Rule};

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
        tolerated_by: Option<Box<Toleration>>,
        /// Whether the effect lets a pod that is here stay.
        may_stay: bool,
    },
    /// Nothing in the template or on the node keeps the pod away.
    Unconstrained,
}

/// The smallest edit that would turn a no into a yes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Remedy {
    LabelNode { key: String, value: String },
    UnlabelNode { key: String },
    Tolerate(Taint),
    DropNodeName,
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
            let tolerated_by = self.tolerated_by(taint).cloned().map(Box::new);
            let passed = tolerated_by.is_some();
            let taint = taint.clone();
            push(
                passed,
                Fact::Taint {
                    number,
                    taint,
                    tolerated_by,
                    may_stay,
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
            Fact::Taint { taint, .. } => Some(Remedy::Tolerate(taint.clone())),
            Fact::Unconstrained => None,
        }
    }
}

impl Check {
    /// What the answer means, where the fact alone does not say.
    pub fn consequence(&self) -> Option<String> {
        let Fact::Taint {
            tolerated_by,
            may_stay,
            ..
        } = &self.fact
        else {
            return None;
        };
        Some(match (tolerated_by, may_stay) {
            (Some(toleration), _) => format!("tolerated by {toleration}"),
            (None, true) => "not tolerated: no new pod, one that is here may stay".into(),
            (None, false) => "not tolerated: no pod may be here".into(),
        })
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
            Self::Taint { number, .. } => (
                Some(template.child("tolerations")),
                Some(FieldPath::of("spec.taints").index(*number)),
            ),
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
        }
    }
}
