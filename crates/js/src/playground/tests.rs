use super::*;

const SCENARIO: &str = "apiVersion: daemonset-playground/v1
kind: Scenario
nodePools: [ { name: n, count: 2 } ]
files:
  agent.yaml: |
    apiVersion: apps/v1
    kind: DaemonSet
    metadata: { name: agent }
    spec:
      selector: { matchLabels: { app: agent } }
      template:
        metadata: { labels: { app: agent } }
        spec: { containers: [ { name: agent, image: 'agent:1' } ] }
steps:
- say: Two nodes.
- kubectl: apply -f agent.yaml
- run: quiet
- mark: there
- expect: { daemonSet: agent, status: { numberReady: 3 } }
- ask: { question: And now?, answer: 2 }
- fault: node/n-2 power off
- run: 60s
";

fn loaded() -> Playground {
    Playground::load(SCENARIO).expect("it can be loaded")
}

fn state(playground: &Playground) -> Value {
    serde_json::from_str(&playground.state()).expect("it is JSON")
}

#[test]
fn what_cannot_be_loaded_is_told_as_data() {
    let error = Playground::load("kind: Scenario\n")
        .map(|_| ())
        .unwrap_err();
    assert_eq!(
        error,
        json!([{
            "line": 1,
            "column": 1,
            "field": "apiVersion",
            "message": "expected daemonset-playground/v1, found nothing",
            "text": "1:1: error: apiVersion: expected daemonset-playground/v1, found nothing",
        }])
    );
}

#[test]
fn steps_are_taken_one_by_one_and_back() {
    let mut playground = loaded();
    assert_eq!(playground.step(), None);
    assert!(!playground.back());
    let applied = playground.kubectl("kubectl apply -f agent.yaml", Files::new());
    assert_eq!(
        applied,
        json!({ "output": "daemonset.apps/agent created\n", "exitCode": 0 })
    );
    let step = playground.step().expect("the controller goes on");
    assert_eq!(step["step"], 2);
    assert_eq!(step["actor"], "daemonset-controller");
    assert!(playground.back());
    assert_eq!(state(&playground)["step"], 1);
    assert_eq!(state(&playground)["steps"], 2);
    assert_eq!(playground.step(), Some(step));
    assert_eq!(playground.seek(usize::MAX), 2);
    assert_eq!(playground.seek(0), 0);
}

#[test]
fn time_passes_as_a_scenario_says_it() {
    let mut playground = loaded();
    playground.kubectl("apply -f agent.yaml", Files::new());
    assert_eq!(playground.run("3 steps").unwrap()["steps"], 3);
    let ran = playground.run("quiet").unwrap();
    assert_eq!(ran["quiet"], true);
    let then = ran["timeMs"].as_i64().unwrap();
    assert_eq!(playground.run("30s").unwrap()["timeMs"], then + 30_000);
    assert_eq!(
        playground.run("soon"),
        Err("cannot run for \"soon\": give quiet, a duration such as 60s, or 5 steps".into())
    );
    let state = state(&playground);
    assert_eq!(state["daemonSets"][0]["status"]["numberReady"], 2);
    assert_eq!(state["pods"].as_array().map(Vec::len), Some(2));
    assert_eq!(state["nodes"][1]["metadata"]["name"], "n-2");
}

#[test]
fn a_command_reads_files_that_are_given_with_it() {
    let mut playground = loaded();
    let node = "apiVersion: v1\nkind: Node\nmetadata: { name: x }\n";
    let files = Files::from([("-".to_owned(), node.to_owned())]);
    let done = playground.kubectl("apply -f -", files);
    assert_eq!(done["output"], "node/x created\n");
    let refused = playground.kubectl("apply -f x.yaml", Files::new());
    assert_eq!(refused["exitCode"], 1);
}

#[test]
fn the_world_strikes() {
    let mut playground = loaded();
    assert_eq!(playground.fault("node/n-1 power off"), Ok(()));
    assert_eq!(state(&playground)["step"], 1);
    assert_eq!(
        playground.fault("node/x power off"),
        Err("there is no machine \"x\"".into())
    );
    assert!(playground.fault("rain").is_err());
}

#[test]
fn a_node_is_explained() {
    let mut playground = loaded();
    let none = Err("there is no DaemonSet in the cluster".to_owned());
    assert_eq!(playground.explain("n-1", None), none);
    playground.kubectl("apply -f agent.yaml", Files::new());
    let told = playground.explain("n-1", None).unwrap();
    assert_eq!(told["daemonSet"], "default/agent");
    assert_eq!(told["shouldRun"], true);
    assert_eq!(
        playground.explain("n-3", Some("agent")),
        Err("no node n-3; there are n-1, n-2".into())
    );
    assert_eq!(
        playground.explain("n-1", Some("other")),
        Err("no DaemonSet other; there are default/agent".into())
    );
    let other = SCENARIO.replace("metadata: { name: agent }", "metadata: { name: other }");
    let files = Files::from([("agent.yaml".to_owned(), {
        let scenario = Scenario::read(&other).expect("it can be read");
        scenario.files["agent.yaml"].clone()
    })]);
    playground.kubectl("apply -f agent.yaml", files);
    assert_eq!(
        playground.explain("n-1", None),
        Err("several DaemonSets: name one of default/agent, default/other".into())
    );
    let told = playground.explain("n-1", Some("default/other")).unwrap();
    assert_eq!(told["daemonSet"], "default/other");
}

#[test]
fn a_scenario_is_played_and_what_fails_is_told_with_its_place() {
    let mut playground = loaded();
    playground.kubectl("cordon n-1", Files::new());
    let played = playground.play(Until::Steps(usize::MAX)).unwrap();
    assert_eq!(played["checks"], json!({ "passed": 0, "failed": 1 }));
    assert_eq!(
        played["failures"],
        json!([{
            "index": 4,
            "line": 19,
            "column": 3,
            "field": "steps[4]",
            "wrong": ["status.numberReady: expected 3, found 2"],
        }])
    );
    assert_eq!(
        (&played["unchecked"], &played["unplayed"]),
        (&json!(0), &json!(0))
    );
    let told = played["told"].as_array().unwrap();
    assert_eq!(
        told[0],
        json!({ "index": 0, "position": 0, "say": "Two nodes." })
    );
    assert_eq!(told[1]["kubectl"], "apply -f agent.yaml");
    assert_eq!(told[2]["mark"], "there");
    assert_eq!(told[3]["ask"]["answer"], 2);
    // What was done before the scenario was played is gone.
    assert_eq!(state(&playground)["step"], played["steps"]);
    assert_eq!(state(&playground)["nodes"][0]["spec"], Value::Null);
    assert_eq!(playground.play(Until::Steps(usize::MAX)).unwrap(), played);
}

#[test]
fn a_scenario_is_played_to_a_mark_and_looked_at_step_by_step() {
    let mut playground = loaded();
    let played = playground.play(Until::Mark("there")).unwrap();
    assert_eq!(played["unplayed"], 4);
    assert_eq!(played["quiet"], true);
    let steps = played["steps"].as_u64().unwrap();
    playground.seek(0);
    for number in 1..=steps {
        assert_eq!(
            playground.step().map(|it| it["step"].clone()),
            Some(number.into())
        );
    }
    assert_eq!(playground.step(), None);
    assert_eq!(
        playground.play(Until::Mark("here")),
        Err("no mark here; there are there".into())
    );
}

#[test]
fn objects_have_nothing_to_play() {
    let mut playground =
        Playground::load("apiVersion: v1\nkind: Node\nmetadata: { name: a }\n").unwrap();
    playground.kubectl("cordon a", Files::new());
    let played = playground.play(Until::Steps(usize::MAX)).unwrap();
    assert_eq!(played["checks"], json!({ "passed": 0, "failed": 0 }));
    assert_eq!(played["steps"], 1);
    assert_eq!(
        playground.play(Until::Mark("x")),
        Err("no mark x; the scenario has none".into())
    );
}

#[test]
fn a_text_that_is_cut_off_is_loaded_or_refused() {
    let objects = scenario::Scenario::read(SCENARIO).expect("it can be read");
    let manifest = &objects.files["agent.yaml"];
    for text in [SCENARIO, manifest] {
        for end in 0..text.len() {
            if let Ok(mut playground) = Playground::load(&text[..end]) {
                playground.run("5 steps").expect("so few end");
                playground
                    .play(Until::Steps(usize::MAX))
                    .expect("it begins");
                playground.state();
            }
        }
    }
}
