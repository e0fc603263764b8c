//! Expectations that kubectl can check with a command or two. The functions are those of the
//! script.

use objects::{FieldPath, Taint};
use serde_json::Value;

use super::shell::{self, quote};
use crate::{
    expect::{Expect, Number},
    read::Read,
};

/// The lines that check it; none where that takes more than a look.
pub(super) fn lines(expect: &Expect) -> String {
    let source = expect.source();
    let mut lines = String::new();
    for function in ["exists", "absent"] {
        if let Some((kind, key)) = source[function].as_str().and_then(|it| it.split_once('/')) {
            lines += &line(&[&[function.to_owned()], &object(kind, key)[..]].concat());
        }
    }
    match (source["daemonSet"].as_str(), source["node"].as_str()) {
        (Some(key), node) => lines += &of_daemon_set(source, key, node),
        (None, Some(node)) => lines += &of_node(source, node),
        (None, None) => {}
    }
    lines
}

fn of_daemon_set(source: &Value, key: &str, node: Option<&str>) -> String {
    let (namespace, name) = key.split_once('/').unwrap_or(("default", key));
    let of = |function: &str| vec![function.to_owned(), namespace.to_owned(), name.to_owned()];
    let mut lines = String::new();
    for (counter, number) in source["status"].as_object().into_iter().flatten() {
        let mut words = vec!["kubectl".to_owned(), "get".to_owned()];
        words.extend(object("daemonset", key));
        words.extend(["-o".to_owned(), format!("jsonpath={{.status.{counter}}}")]);
        lines += &check(&format!("{key} {counter}"), number, words);
    }
    for function in ["total", "ready"] {
        let what = format!("{key} pods {function}");
        lines += &check(&what, &source["pods"][function], of(function));
    }
    if let Some(node) = node {
        let mut words = of("on");
        words.push(node.to_owned());
        lines += &check(&format!("{key} pods on {node}"), &source["pods"], words);
    }
    if let Some((operator, want)) = operator(&source["eachNode"]) {
        let words = ["each_node".to_owned(), operator.to_owned(), want];
        lines += &line(&[&words, &of("")[1..]].concat());
    }
    lines
}

fn of_node(source: &Value, node: &str) -> String {
    let mut lines = String::new();
    let name = quote(node);
    if let Some(status) = source["status"].as_str() {
        let found = format!("kubectl get node {name} --no-headers | awk '{{ print $2 }}'");
        lines += &is(&format!("node {node}"), status, &found);
    }
    let taints = source["taints"].as_array();
    let taints: Option<Vec<Taint>> = taints.and_then(|taints| {
        let texts = taints.iter().map(|it| it.as_str()?.parse().ok());
        texts.collect()
    });
    if let Some(taints) = taints {
        // Values count only where they are written.
        let mut taints: Vec<String> = taints
            .iter()
            .map(|it| format!("{}:{}", it.key, it.effect.as_str()))
            .collect();
        taints.sort();
        let found = format!(
            "kubectl get node {name} -o 'jsonpath={{range .spec.taints[*]}}{{.key}}:{{.effect}}{{\"\\n\"}}{{end}}' | LC_ALL=C sort"
        );
        lines += &is(
            &format!("taints of node {node}"),
            &taints.join("\n"),
            &found,
        );
    }
    lines
}

/// A line that compares a number with the one that a command prints; none without a number.
fn check(what: &str, number: &Value, command: Vec<String>) -> String {
    operator(number).map_or_else(String::new, |(operator, want)| {
        let head = ["check", what, operator, &want].map(str::to_owned);
        line(&[&head, &command[..]].concat())
    })
}

/// A line that compares a text with what a command prints.
fn is(what: &str, want: &str, command: &str) -> String {
    format!("is {} {} \"$({command})\"\n", quote(what), quote(want))
}

fn operator(number: &Value) -> Option<(&'static str, String)> {
    let number = Number::read(number.clone(), &FieldPath::root()).ok()?;
    let (operator, want) = match number {
        Number::Exactly(n) => ("-eq", n),
        Number::AtMost(n) => ("-le", n),
        Number::AtLeast(n) => ("-ge", n),
    };
    Some((operator, want.to_string()))
}

fn line(words: &[String]) -> String {
    format!("{}\n", shell::line(words))
}

/// `KIND/NAME --namespace=NAMESPACE`.
fn object(kind: &str, key: &str) -> Vec<String> {
    let (namespace, name) = match key.split_once('/') {
        Some((namespace, name)) => (Some(namespace), name),
        None => (None, key),
    };
    let mut words = vec![format!("{kind}/{name}")];
    words.extend(namespace.map(|it| format!("--namespace={it}")));
    words
}

/// As it is written.
pub(super) fn text(source: &Value) -> String {
    crate::yaml::flow(source)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::{Step, testing};

    #[track_caller]
    fn check(expectation: &str, want: &Expect) {
        let scenario = testing::read(&format!("- expect: {expectation}\n"));
        let [Step::Expect(it)] = &scenario.steps[..] else {
            panic!("{expectation}");
        };
        want.assert_eq(&lines(it));
    }

    #[test]
    fn what_a_look_or_two_can_check_is_checked() {
        check(
            "{ daemonSet: tools/agent, status: { numberReady: '>= 2' } }",
            &expect![[r#"
                check 'tools/agent numberReady' -ge 2 kubectl get daemonset/agent --namespace=tools -o 'jsonpath={.status.numberReady}'
            "#]],
        );
        check(
            "{ daemonSet: agent, pods: { total: 4, ready: '<= 3', updated: 1 } }",
            &expect![[r#"
                check 'agent pods total' -eq 4 total default agent
                check 'agent pods ready' -le 3 ready default agent
            "#]],
        );
        check(
            "{ daemonSet: agent, eachNode: 1 }",
            &expect![[r#"
                each_node -eq 1 default agent
            "#]],
        );
        check(
            "{ daemonSet: agent, node: worker-1, pods: 0 }",
            &expect![[r#"
                check 'agent pods on worker-1' -eq 0 on default agent worker-1
            "#]],
        );
        check(
            "{ node: worker-1, status: 'Ready,SchedulingDisabled', taints: [ 'b=c:NoSchedule', 'a:NoExecute' ] }",
            &expect![[r#"
                is 'node worker-1' Ready,SchedulingDisabled "$(kubectl get node worker-1 --no-headers | awk '{ print $2 }')"
                is 'taints of node worker-1' 'a:NoExecute
                b:NoSchedule' "$(kubectl get node worker-1 -o 'jsonpath={range .spec.taints[*]}{.key}:{.effect}{"\n"}{end}' | LC_ALL=C sort)"
            "#]],
        );
        check(
            "{ absent: pod/tools/a }",
            &expect![[r#"
                absent pod/a --namespace=tools
            "#]],
        );
        check("{ event: { reason: Evicted } }", &expect![""]);
    }
}
