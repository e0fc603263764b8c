//! Faults: a real cluster has no command for them, but ways to come near.

use cluster::{
    Fault,
    fault::{Behaviour, Component, Pressure, Pull},
};

use super::{Target, shell};

const NOT_READY: &str = "node-not-ready.stage.kwok.x-k8s.io";

/// How to do what the fault does.
pub(super) fn advice(fault: &Fault, target: Target) -> String {
    match target {
        Target::Kwok => on_kwok(fault),
        Target::Manifests => on_kind(fault),
    }
}

fn on_kwok(fault: &Fault) -> String {
    match fault {
        Fault::Kubelet { node, runs: false } | Fault::Power { node, on: false } => format!(
            "KWOK has no kubelet to stop. Nearest is its stage for nodes that are not ready (taint\n\
             not-ready in place of unreachable):\n\
             \x20 kubectl apply -k https://github.com/kubernetes-sigs/kwok/kustomize/stage/node/chaos\n\
             \x20 {}",
            shell::line(["kubectl", "label", &format!("node/{node}"), &format!("{NOT_READY}=true")])
        ),
        Fault::Kubelet { node, runs: true } | Fault::Power { node, on: true } => {
            shell::line(["kubectl", "label", &format!("node/{node}"), &format!("{NOT_READY}-")])
        }
        Fault::Pressure { node, on_what, on } => {
            let status = if *on { "True" } else { "False" };
            let patch = format!(
                r#"{{"status":{{"conditions":[{{"type":"{}","status":"{status}"}}]}}}}"#,
                condition(*on_what)
            );
            let node = format!("node/{node}");
            shell::line(["kubectl", "patch", &node, "--subresource=status", "-p", &patch])
        }
        Fault::Pull { .. } | Fault::Image { .. } => "KWOK runs no containers: to it every image is there and ready. A Stage can say otherwise\n\
             of some pods: https://kwok.sigs.k8s.io/docs/user/stages-configuration/; those of\n\
             kustomize/stage/pod/chaos let containers fail."
            .to_owned(),
        Fault::Component { component, runs } => {
            let verb = if *runs { "unpause" } else { "pause" };
            let (container, also) = match component {
                Component::Scheduler => ("kube-scheduler", ""),
                Component::DaemonSetController | Component::NodeLifecycle => (
                    "kube-controller-manager",
                    " (with all other controllers)",
                ),
            };
            format!(
                "In a cluster that `kwokctl create cluster --runtime docker` made{also}:\n\
                 \x20 docker {verb} kwok-kwok-{container}"
            )
        }
    }
}

fn on_kind(fault: &Fault) -> String {
    let docker = |words: &[&str]| {
        let words = std::iter::once("docker").chain(words.iter().copied());
        format!("On kind:\n  {}", shell::line(words))
    };
    match fault {
        Fault::Kubelet { node, runs } => {
            let verb = if *runs { "start" } else { "stop" };
            docker(&["exec", node, "systemctl", verb, "kubelet"])
        }
        Fault::Power { node, on } => docker(&[if *on { "start" } else { "stop" }, node]),
        Fault::Pressure { node, on_what, on } => format!(
            "Let the kubelet of {} find {} of {}, with its setting evictionHard.",
            shell::quote(node),
            if *on { "too little" } else { "enough" },
            match on_what {
                Pressure::Disk => "nodefs.available",
                Pressure::Memory => "memory.available",
                Pressure::Pid => "pid.available",
            }
        ),
        Fault::Pull { goes, .. } => match goes {
            Pull::Fails => "Take an image that the registry does not have.".to_owned(),
            Pull::Slow(time) => {
                format!("Take a large image, or a registry that takes {time} to answer.")
            }
            Pull::Ok => "Let the registry have the image again.".to_owned(),
        },
        Fault::Image { behaves, .. } => match behaves {
            Behaviour::Crash => "Give the container `command: [ \"false\" ]`.".to_owned(),
            Behaviour::NeverReady => {
                "Give the container `readinessProbe: { exec: { command: [ \"false\" ] } }`."
                    .to_owned()
            }
            Behaviour::ReadyAfter(time) => {
                format!("Give the container a readinessProbe that succeeds {time} after the start.")
            }
            Behaviour::Ok => "Take an image that starts and becomes ready.".to_owned(),
        },
        Fault::Component { component, runs } => {
            let manifest = match component {
                Component::Scheduler => "kube-scheduler.yaml",
                Component::DaemonSetController | Component::NodeLifecycle => {
                    "kube-controller-manager.yaml"
                }
            };
            let there = format!("/etc/kubernetes/manifests/{manifest}");
            let away = format!("/root/{manifest}");
            let (from, to) = if *runs { (away, there) } else { (there, away) };
            docker(&["exec", "kind-control-plane", "mv", &from, &to])
        }
    }
}

fn condition(on_what: Pressure) -> &'static str {
    match on_what {
        Pressure::Disk => "DiskPressure",
        Pressure::Memory => "MemoryPressure",
        Pressure::Pid => "PIDPressure",
    }
}
