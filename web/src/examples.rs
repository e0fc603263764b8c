//! Manifests to begin with: what DaemonSets are for, with the fields of well-known ones.

/// A manifest that comes with the page.
pub struct Example {
    pub title: &'static str,
    /// What is worth seeing in it.
    pub about: &'static str,
    pub file: &'static str,
    pub text: &'static str,
}

pub const EXAMPLES: [Example; 4] = [
    Example {
        title: "Logs: fluentd",
        about: "reads every node's log files; tolerates the control plane's taint",
        file: "fluentd.yaml",
        text: include_str!("../examples/logs.yaml"),
    },
    Example {
        title: "Monitoring: node-exporter",
        about: "in the host's network, on every node whatever its taints, rolled 10% at a time",
        file: "node-exporter.yaml",
        text: include_str!("../examples/monitoring.yaml"),
    },
    Example {
        title: "Storage: ebs-csi-node",
        about: "privileged, system-node-critical, kept off some nodes by affinity",
        file: "ebs-csi-node.yaml",
        text: include_str!("../examples/storage.yaml"),
    },
    Example {
        title: "Network: calico-node",
        about: "makes the node's network, so it starts where others must wait",
        file: "calico-node.yaml",
        text: include_str!("../examples/network.yaml"),
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_can_be_applied() {
        for example in &EXAMPLES {
            let problems = objects::manifest::lint(example.text).problems;
            assert_eq!(problems, [], "{}", example.title);
        }
    }
}
