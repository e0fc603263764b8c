//! What stands below the help of the program and of each command: examples. A test runs them.

pub(crate) const PROGRAM: &str = "\
Examples:
  daemonset run web/lessons/first-rollout.yaml
  daemonset explain dump.yaml --node worker-1
  daemonset reconcile dump.yaml
  daemonset lint agent.yaml
  daemonset export --to kwok rollout web/lessons/first-rollout.yaml

A dump is what kubectl gets: kubectl get ds,nodes,pods,controllerrevisions -A -o yaml
FILE may be `-`, standard input. Colours: on a terminal, unless NO_COLOR is set.
Exit code: 0 all is well, 1 something was found (a problem, a failed expectation), 2 it could not be done.";

pub(crate) const RUN: &str = "\
Examples:
  daemonset run web/lessons/first-rollout.yaml
  # Only whether it holds what it expects
  daemonset run --quiet web/lessons/first-rollout.yaml
  # Other names and other latencies, ten minutes more
  daemonset run --seed 8 --until 10m web/lessons/first-rollout.yaml
  # Who did how much
  daemonset run -o json web/lessons/first-rollout.yaml | grep -c daemonset-controller";

pub(crate) const RECONCILE: &str = "\
Examples:
  # From a cluster: kubectl get ds,nodes,pods,controllerrevisions -A -o yaml > dump.yaml
  daemonset reconcile dump.yaml
  daemonset reconcile --daemonset kube-system/agent --now 2026-01-01T00:00:00Z dump.yaml
  # In a pipe, one JSON value for each DaemonSet
  cat dump.yaml | daemonset reconcile -o json -";

pub(crate) const EXPLAIN: &str = "\
Examples:
  # From a cluster: kubectl get ds,nodes,pods,controllerrevisions -A -o yaml > dump.yaml
  daemonset explain dump.yaml --node worker-1
  daemonset explain dump.yaml --node worker-1 --daemonset kube-system/agent
  cat dump.yaml | daemonset explain - --node worker-1 -o json";

pub(crate) const LINT: &str = "\
Examples:
  daemonset lint agent.yaml
  daemonset lint agent.yaml dump.yaml
  # One JSON value for each problem
  daemonset lint -o json agent.yaml";

pub(crate) const EXPORT: &str = "\
Examples:
  # For a cluster that `kwokctl create cluster` makes; then rollout/replay.sh
  daemonset export --to kwok rollout web/lessons/first-rollout.yaml
  # For a cluster with nodes of its own; over an earlier export
  daemonset export --to manifests --force rollout web/lessons/first-rollout.yaml";

pub(crate) const RENDER: &str = "\
Examples:
  daemonset render web/lessons/first-rollout.yaml > cluster.svg
  # After the twelfth step
  daemonset render --step 12 -o svg web/lessons/first-rollout.yaml > cluster.svg";

pub(crate) const COMPLETIONS: &str = "\
Examples:
  # To be sourced by ~/.bashrc
  daemonset completions bash > daemonset.bash
  # To lie in a folder of $fpath
  daemonset completions zsh > _daemonset
  daemonset completions fish > daemonset.fish";
