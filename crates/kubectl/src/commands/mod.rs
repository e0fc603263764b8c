//! The commands, a file each: how its words are read, and what it does.

pub(crate) mod cordon;
pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod describe;
pub(crate) mod drain;
pub(crate) mod edit;
pub(crate) mod events;
pub(crate) mod explain;
pub(crate) mod files;
pub(crate) mod get;
pub(crate) mod help;
pub(crate) mod label;
pub(crate) mod logs;
pub(crate) mod patch;
pub(crate) mod rollout;
pub(crate) mod scale;
pub(crate) mod set;
pub(crate) mod taint;
pub(crate) mod version;

#[cfg(test)]
pub(crate) mod tests {
    use cluster::{Cluster, Timeline};

    use crate::{Files, execute};

    const WORLD: &str = "
apiVersion: v1
kind: Node
metadata: {name: n1, labels: {zone: a}}
---
apiVersion: v1
kind: Node
metadata: {name: n2, labels: {zone: b}}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent, labels: {tier: x}}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec:
      containers:
      - {name: main, image: 'agent:1'}
---
apiVersion: v1
kind: Pod
metadata: {name: bare, labels: {app: bare}}
spec:
  nodeName: n1
  containers:
  - {name: c, image: 'web:1'}
";

    /// Two nodes, a DaemonSet that is rolled out, and a pod of nobody.
    pub(crate) fn world() -> Timeline {
        let mut timeline = Timeline::new(Cluster::new(7));
        let files = Files::from([("world.yaml".to_owned(), WORLD.to_owned())]);
        let output = execute("create -f world.yaml", &files, &mut timeline);
        assert_eq!(output.exit_code, 0, "{}", output.text);
        settle(&mut timeline);
        timeline
    }

    pub(crate) fn settle(timeline: &mut Timeline) {
        while timeline.forward().is_some() {}
    }

    /// Lines of `$ COMMAND`, each with what it prints, done one after the other in a world.
    #[track_caller]
    pub(crate) fn check_with(files: &Files, timeline: &mut Timeline, script: &str) {
        let mut got = String::new();
        for line in script.lines() {
            let Some(command) = line.strip_prefix("$ ") else {
                continue;
            };
            got += &format!("$ {command}\n");
            if command == "settle" {
                settle(timeline);
                continue;
            }
            let output = execute(command, files, timeline);
            got += &output.text;
            if output.exit_code != 0 {
                got += &format!("[{}]\n", output.exit_code);
            }
        }
        assert_eq!(got.trim_end(), script.trim());
    }

    #[track_caller]
    pub(crate) fn check(script: &str) {
        check_with(&Files::new(), &mut world(), script);
    }

    /// Lines with a character dropped, doubled, or put in.
    fn damaged(line: &str) -> Vec<String> {
        let chars: Vec<char> = line.chars().collect();
        let mut lines = Vec::new();
        for at in 0..chars.len() {
            let (before, after) = (&chars[..at], &chars[at..]);
            let with = |middle: &[char], after: &[char]| -> String {
                before.iter().chain(middle).chain(after).collect()
            };
            lines.push(with(&[], &after[1..]));
            lines.push(with(&after[..1], after));
            for c in [' ', '-', '=', ':', '/', '[', ']', '.', ',', '{', 'é', '9'] {
                lines.push(with(&[c], after));
                lines.push(with(&[c], &after[1..]));
            }
        }
        lines
    }

    #[test]
    fn no_damaged_line_makes_a_panic() {
        let files = Files::new();
        let world = world();
        for line in [
            "label nodes n1 n2 k=v j- --overwrite",
            "annotate ds --all a.b/c=d e-",
            "taint nodes n1 k=v:NoSchedule j:NoExecute- i-",
            "delete pods -l 'a in (b,c),!d' --cascade=orphan --grace-period=5",
            "delete ds,pods --field-selector metadata.name!=x -A",
            "set image ds/agent main=a:2 *=b",
            "rollout undo ds/agent --to-revision=1",
            "rollout history ds --revision=1",
            "drain n1 --force --ignore-daemonsets --timeout=1m --pod-selector a=b",
            "get pods,ds -Ao wide --show-labels -l a!=b",
            "get ds -o jsonpath='{range .items[0:2]}{.a[?(@.b==\"c\")]..d}{\"\\n\"}{end}'",
            "get ds agent -o yaml",
            "patch ds agent --type=json -p '[{\"op\": \"add\", \"path\": \"/a/-\", \"value\": 1}]'",
            "patch ds agent -p '{\"spec\": {\"template\": {\"spec\": {\"containers\": [{\"name\": \"x\"}]}}}}'",
            "scale ds/agent --replicas=3",
            "set env ds/agent A=b C- -c ma*",
            "set resources ds/agent --limits=cpu=1,memory=1Gi --dry-run=server",
            "describe node n1 --show-events=false",
            "events --for ds/agent --types=Normal -A",
            "explain ds.spec.template.spec.containers",
            "help rollout undo",
            "get pods --sort-by={.spec.nodeName} -w",
        ] {
            for line in damaged(line) {
                let mut timeline = world.clone();
                let output = execute(&line, &files, &mut timeline);
                let is_said = !output.text.is_empty() || output.exit_code == 0;
                assert!(is_said, "{line}");
            }
        }
    }
}
