//! `README.md`: what the other files are, and how to use them.

use super::Target;
use crate::Scenario;

const KWOK: &str = "\
Needs kwokctl (https://kwok.sigs.k8s.io) and kubectl:

    kwokctl create cluster
    ./replay.sh
    kwokctl delete cluster

- `nodes.yaml`: the nodes, fake ones: KWOK takes those with the annotation `kwok.x-k8s.io/node: fake`.
  They have no taint `kwok.x-k8s.io/node=fake:NoSchedule`. KWOK's examples put it to keep pods of
  a cluster that has real nodes, too, off the fake ones; here it would keep the DaemonSets off that
  are the point, and in a cluster of kwokctl's every node is fake. In another cluster put it with
  `kubectl taint nodes -l type=kwok kwok.x-k8s.io/node=fake:NoSchedule`, and give the DaemonSets a
  toleration of it and the node selector `type: kwok`.
- `files/`: what the commands apply; Nodes in them are KWOK's, too.
";

const MANIFESTS: &str = "\
Needs kubectl and a cluster to play with, of kind (https://kind.sigs.k8s.io) for one:

    ./replay.sh

- `nodes.yaml`: what the scenario takes its nodes to be. A cluster has its own: give them these
  names, labels and taints.
- `files/`: what the commands apply.
";

const BOTH: &str = "\
- `objects.yaml`: what is there at the beginning, without what only a server says (uids, owners,
  status), and the namespaces that are used.
- `replay.sh`: the steps. It changes the cluster of kubectl's current context, waits where the
  simulation waits, checks what is simple to check, and exits with 1 if that does not hold. Faults
  are left out, with a comment that says how to do them by hand; what comes of them is checked
  all the same.
  Commands do not wait here, so `delete` has `--wait=false`, `rollout status` `--watch=false` and
  `drain` a limit.
";

pub(super) fn text(scenario: &Scenario, target: Target) -> String {
    let title = [scenario.title.trim(), scenario.metadata.name.trim()];
    let title = title.into_iter().find(|it| !it.is_empty());
    let title = title.unwrap_or("A scenario").replace(['\n', '\r'], " ");
    let of_target = match target {
        Target::Kwok => KWOK,
        Target::Manifests => MANIFESTS,
    };
    format!("# {title}\n\n{of_target}{BOTH}")
}
