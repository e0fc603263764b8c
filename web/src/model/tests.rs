use cluster::{Fault, ahead::End};
use objects::Name;

use super::*;
use crate::view::preview::Effect;

fn opened() -> Model {
    Model::new(Opening::default())
}

fn after(actions: impl IntoIterator<Item = Action>) -> Model {
    let mut model = opened();
    for action in actions {
        act(&mut model, action);
    }
    model
}

/// Lets what goes on come to its end.
fn run_out(model: &mut Model) {
    for _ in 0..10_000 {
        if model.going.is_some() {
            model.update(Action::Slice(100));
        } else if model.looking.is_some() {
            model.update(Action::LookOn);
        } else {
            return;
        }
    }
    panic!("it goes on for ever");
}

/// Acts, and lets what goes on come to its end.
pub(crate) fn act(model: &mut Model, action: Action) {
    model.update(action);
    run_out(model);
}

/// Acts, and lets all come to rest.
pub(crate) fn settled(model: &mut Model, action: Action) {
    act(model, action);
    act(model, Action::Settle);
}

fn first_pod(model: &Model) -> Key {
    let mut keys = model.work.cluster().store().pods.keys();
    keys.next().expect("there is a pod").clone()
}

fn ready(model: &Model) -> i64 {
    model.daemon_set().map_or(0, |it| it.status.number_ready)
}

fn power(node: &str, on: bool) -> Action {
    Action::Strike(Fault::Power {
        node: node.into(),
        on,
    })
}

fn status(model: &Model, node: &str) -> String {
    model.work.cluster().store().nodes[node].status_cell()
}

#[test]
fn the_first_visit_has_four_nodes_and_a_manifest_without_problems() {
    let model = opened();
    assert_eq!(model.work.cluster().store().nodes.len(), 4);
    assert_eq!(*model.documents.open().problems, []);
    assert_eq!(model.work.timeline().position(), 0);
    assert!(model.shows_welcome);
    assert!(!model.shows_lesson);
}

#[test]
fn apply_and_settle_make_every_node_ready() {
    let model = after([Action::Apply, Action::Settle]);
    assert_eq!(ready(&model), 4);
    let answer = model.documents.open().answer.as_deref();
    assert_eq!(answer, Some("daemonset.apps/node-exporter created"));
    assert_eq!(
        &*model.console.entries()[0].line,
        "kubectl apply -f node-exporter.yaml"
    );
}

#[test]
fn back_undoes_a_step_and_forward_does_the_same_again() {
    let mut model = after([Action::Apply]);
    let mut digests = vec![model.work.cluster().digest()];
    for _ in 0..20 {
        model.update(Action::StepForward);
        digests.push(model.work.cluster().digest());
    }
    for digest in digests.iter().rev().skip(1) {
        model.update(Action::StepBack);
        assert_eq!(model.work.cluster().digest(), *digest);
    }
    for digest in &digests[1..] {
        model.update(Action::StepForward);
        assert_eq!(model.work.cluster().digest(), *digest);
    }
}

#[test]
fn a_bad_text_is_kept_and_changes_nothing_else() {
    let mut model = after([Action::Apply, Action::Settle]);
    let digest = model.work.cluster().digest();
    act(&mut model, Action::Edit("a: b: c".into()));
    act(&mut model, Action::Apply);
    assert_eq!(&*model.documents.open().text, "a: b: c");
    assert_eq!(
        model.documents.open().problems[0].position.to_string(),
        "1:5"
    );
    assert!(model.notice.as_ref().is_some_and(|it| it.is_error));
    let answer = model.documents.open().answer.clone().unwrap_or_default();
    assert!(
        answer.contains("error parsing node-exporter.yaml"),
        "{answer}"
    );
    assert_eq!(model.work.cluster().digest(), digest);
    act(&mut model, Action::Revert);
    assert!(!model.documents.open().is_changed());
}

#[test]
fn a_changed_selector_is_refused_at_its_place() {
    let mut model = after([Action::Apply, Action::Settle]);
    let text = model
        .documents
        .open()
        .text
        .replace("app: node-exporter", "app: other");
    act(&mut model, Action::Edit(text));
    assert!(
        matches!(&model.preview, Preview::Refused(message) if message.ends_with("field is immutable"))
    );
    act(&mut model, Action::Apply);
    let problem = &model.documents.open().problems[0];
    assert_eq!(problem.field.to_string(), "spec.selector");
    assert!(
        problem.message.ends_with("field is immutable"),
        "{}",
        problem.message
    );
    assert_eq!(problem.position.line, 8);
}

/// What the one DaemonSet of the open text would do.
#[track_caller]
fn foretold(model: &Model) -> &Effect {
    let Preview::DaemonSets(effects) = &model.preview else {
        panic!("{:?}", model.preview)
    };
    let [effect] = &effects[..] else {
        panic!("{effects:?}")
    };
    effect
}

#[test]
fn a_new_image_rolls_one_node_at_a_time_as_was_foretold() {
    let mut model = after([Action::Apply, Action::Settle]);
    let text = model.documents.open().text.replace("v1.9.0", "v1.9.1");
    act(&mut model, Action::Edit(text));
    let effect = foretold(&model);
    let outlook = &effect.outlook;
    let names = |names: &std::collections::BTreeSet<Name>| names.len();
    assert_eq!((names(&outlook.old), effect.at_a_time), (4, 1));
    assert_eq!((names(&outlook.replaced), &outlook.end), (4, &End::Done));
    assert_eq!(names(&outlook.removes), 0);
    act(&mut model, Action::Apply);
    loop {
        let position = model.work.timeline().position();
        model.update(Action::StepForward);
        if model.work.timeline().position() == position {
            break;
        }
        let store = model.work.cluster().store();
        let pods = store.pods.values();
        let ready = pods.filter(|pod| pod.is_ready() && !pod.metadata.is_being_deleted());
        assert!(ready.count() >= 3);
    }
    assert_eq!(ready(&model), 4);
    let status = &model.daemon_set().unwrap().status;
    assert_eq!(status.updated_number_scheduled, 4);
}

#[test]
fn a_preview_tells_what_is_deleted_at_once() {
    let mut model = after([Action::Apply, Action::Settle]);
    let text = model
        .documents
        .open()
        .text
        .replace("kubernetes.io/os: linux", "disk: ssd");
    act(&mut model, Action::Edit(text.clone()));
    let outlook = &foretold(&model).outlook;
    let of = [&outlook.removes, &outlook.old, &outlook.creates].map(|it| it.len());
    assert_eq!(of, [4, 0, 0]);
    let unchanged = model.documents.open().applied.clone().unwrap();
    act(&mut model, Action::Edit(unchanged.to_string()));
    assert_eq!(model.preview, Preview::NoChange);
}

#[test]
fn nodes_are_added_switched_cordoned_and_deleted() {
    let mut model = after([
        Action::Apply,
        Action::Settle,
        power("worker-2", false),
        Action::Settle,
    ]);
    assert_eq!(status(&model, "worker-2"), "NotReady");
    assert_eq!(ready(&model), 3);
    act(&mut model, power("worker-2", true));
    act(&mut model, Action::Settle);
    assert_eq!(status(&model, "worker-2"), "Ready");
    act(&mut model, Action::Kubectl("cordon worker-2".into()));
    act(&mut model, Action::Settle);
    assert_eq!(status(&model, "worker-2"), "Ready,SchedulingDisabled");
    act(&mut model, Action::AddNode);
    act(&mut model, Action::Settle);
    assert_eq!(ready(&model), 5);
    assert!(model.work.cluster().store().nodes["worker-4"].is_ready());
    act(&mut model, Action::Kubectl("delete node worker-2".into()));
    act(&mut model, Action::Settle);
    assert_eq!(ready(&model), 4);
}

#[test]
fn many_nodes_are_added_with_labels_and_taints() {
    let add = |labels: &str, taints: &str| Action::AddNodes {
        pool: "gpu".into(),
        count: 3,
        labels: labels.into(),
        taints: taints.into(),
    };
    let model = after([
        add("disk=ssd, zone=a", "gpu=yes:NoSchedule"),
        Action::Settle,
    ]);
    let nodes = &model.work.cluster().store().nodes;
    assert_eq!(nodes.len(), 7);
    assert_eq!(
        nodes["gpu-3"]
            .metadata
            .labels
            .get("zone")
            .map(String::as_str),
        Some("a")
    );
    assert_eq!(
        nodes["gpu-3"].spec.taints[0].to_string(),
        "gpu=yes:NoSchedule"
    );
    let model = after([add("disk", "")]);
    assert!(
        model
            .notice
            .is_some_and(|it| it.is_error && it.text.contains("KEY=VALUE"))
    );
    assert_eq!(model.work.cluster().store().nodes.len(), 4);
}

#[test]
fn playing_takes_steps_and_stops_when_all_is_quiet() {
    let mut model = opened();
    model.update(Action::Apply);
    model.update(Action::TogglePlay);
    for _ in 0..1000 {
        model.update(Action::Tick);
    }
    assert!(model.going.is_none());
    assert_eq!(ready(&model), 4);
}

#[test]
fn it_runs_until_a_decision_or_until_a_pod_is_ready() {
    let mut model = after([Action::Apply, Action::UntilDecision]);
    assert!(model.work.last_decided());
    let pod = first_pod(&model);
    act(&mut model, Action::UntilReady(pod.clone()));
    assert!(model.work.cluster().store().pods[&pod].is_ready());
    assert!(!model.work.cluster().is_quiet());
}

#[test]
fn acting_in_the_past_begins_a_branch_and_the_old_one_can_be_returned_to() {
    let mut model = after([
        Action::Apply,
        Action::Settle,
        Action::Seek(3),
        Action::AddNode,
    ]);
    assert_eq!(model.work.timeline().len(), 4);
    act(&mut model, Action::Settle);
    let with_five = model.work.link();
    act(&mut model, Action::SwitchBranch(0));
    act(&mut model, Action::ToEnd);
    assert_eq!(ready(&model), 4);
    act(&mut model, Action::SwitchBranch(0));
    act(&mut model, Action::ToEnd);
    assert_eq!(ready(&model), 5);
    assert_eq!(model.work.link(), with_five);
}

#[test]
fn a_link_opens_where_it_was_made() {
    let mut model = after([
        Action::Apply,
        Action::Settle,
        power("worker-1", false),
        Action::Settle,
        Action::StepBack,
    ]);
    act(
        &mut model,
        Action::Console("label node worker-2 disk=ssd".into()),
    );
    let again = Model::new(Opening {
        link: Some(model.work.link()),
        ..Opening::default()
    });
    assert_eq!(again.work.cluster().digest(), model.work.cluster().digest());
    assert_eq!(
        again.work.timeline().position(),
        model.work.timeline().position()
    );
    assert!(again.notice.is_none());
}

#[test]
fn a_damaged_link_says_so_and_loads_nothing_of_it() {
    let model = after([Action::Apply]);
    let link = model.work.link();
    let broken = Model::new(Opening {
        link: Some(link[..link.len() - 9].to_owned()),
        ..Opening::default()
    });
    assert!(broken.notice.is_some_and(|it| it.is_error));
    assert_eq!(
        broken.work.cluster().digest(),
        opened().work.cluster().digest()
    );
}

#[test]
fn starting_over_can_be_undone() {
    let mut model = after([Action::Apply, Action::Settle, Action::Edit("x".into())]);
    let digest = model.work.cluster().digest();
    act(&mut model, Action::StartOver);
    assert_eq!(model.work.timeline().len(), 0);
    assert!(model.notice.as_ref().is_some_and(|it| it.undoes));
    act(&mut model, Action::Undo);
    assert_eq!(model.work.cluster().digest(), digest);
    assert_eq!(&*model.documents.open().text, "x");
}

#[test]
fn every_lesson_leads_to_its_end_and_finds_what_it_expects() {
    for included in lessons::LESSONS {
        let mut model = opened();
        act(&mut model, Action::OpenLesson(included.name.into()));
        assert!(model.shows_lesson, "{}", included.name);
        let n_steps = model.work.scenario().steps.len();
        for _ in 0..n_steps {
            if model.work.n_led() == n_steps {
                break;
            }
            act(&mut model, Action::LessonNext);
            assert_eq!(model.lesson.astray, None, "{}", included.name);
        }
        assert_eq!(model.work.n_led(), n_steps, "{}", included.name);
        assert_eq!(model.work.scenario().title, included.title);
    }
}

#[test]
fn a_prediction_is_taken_once_and_judged() {
    let mut model = opened();
    act(&mut model, Action::OpenLesson("one-per-node".into()));
    let asked = (0..20).find_map(|_| {
        let scenario = model.work.scenario().clone();
        let asked = model
            .lesson
            .page(&scenario, model.work.n_led())
            .asked
            .map(|it| it.0);
        if asked.is_none() {
            act(&mut model, Action::LessonNext);
        }
        asked
    });
    let asked = asked.expect("the first lesson asks");
    for text in [" 3. ", "4"] {
        act(
            &mut model,
            Action::LessonAnswer {
                asked,
                text: text.into(),
            },
        );
    }
    assert!(model.lesson.answer(asked).is_some_and(|it| it.is_right));
}

#[test]
fn a_cluster_is_imported_with_what_is_said_of_it() {
    let dump = after([
        Action::Apply,
        Action::Settle,
        Action::Console("get nodes,ds,pods,controllerrevisions -A -o yaml".into()),
    ]);
    let text = dump.console.entries().last().unwrap().answer.to_string();
    let mut model = opened();
    model.update(Action::Import(text));
    while model.import.is_some() {
        model.update(Action::ImportSlice(4));
    }
    let store = model.work.cluster().store();
    assert_eq!(
        (store.nodes.len(), store.pods.len(), store.daemon_sets.len()),
        (4, 4, 1)
    );
    let notice = model.notice.as_ref().unwrap();
    assert!(
        notice
            .text
            .starts_with("Imported 4 nodes, 1 DaemonSet, 4 pods, 1 revision."),
        "{}",
        notice.text
    );
    assert_eq!(model.documents.open().title, "node-exporter");
    assert!(!model.documents.open().is_changed());
    run_out(&mut model);
    // What a link of it opens goes the same way.
    act(
        &mut model,
        Action::Console("delete pods --all -n monitoring".into()),
    );
    act(&mut model, Action::Settle);
    assert_eq!(ready(&model), 4);
    let opened = Model::new(Opening {
        link: Some(model.work.link()),
        ..Opening::default()
    });
    assert_eq!(
        opened.work.cluster().digest(),
        model.work.cluster().digest()
    );
    act(&mut model, Action::Undo);
    assert_eq!(model.work.timeline().len(), 0);
}

#[test]
fn what_is_no_cluster_is_not_imported() {
    for text in [
        "",
        "a: [",
        "{}",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n",
    ] {
        let mut model = opened();
        model.update(Action::Import(text.into()));
        while model.import.is_some() {
            model.update(Action::ImportSlice(4));
        }
        assert!(model.notice.is_some_and(|it| it.is_error), "{text}");
        assert_eq!(model.work.cluster().store().nodes.len(), 4);
    }
}

#[test]
fn tabs_show_the_nodes_and_the_scenario() {
    let mut model = after([Action::Apply, Action::Settle]);
    act(&mut model, Action::OpenTab(Tab::Nodes));
    assert_eq!(*model.documents.open().problems, []);
    let text =
        model
            .documents
            .open()
            .text
            .replacen("\n  name: worker-1\n", "\n  name: worker-9\n", 1);
    act(&mut model, Action::Edit(text));
    act(&mut model, Action::Apply);
    assert!(
        model
            .work
            .cluster()
            .has(&ObjectRef::node(&Name::from("worker-9")))
    );
    act(&mut model, Action::OpenTab(Tab::Scenario));
    assert_eq!(*model.documents.open().problems, []);
    assert!(
        model
            .documents
            .open()
            .text
            .contains("apply -f node-exporter.yaml")
    );
    act(&mut model, Action::Apply);
    act(&mut model, Action::Settle);
    assert!(
        model
            .work
            .cluster()
            .has(&ObjectRef::node(&Name::from("worker-9")))
    );
}

#[test]
fn the_console_edits_in_the_editor_and_takes_faults() {
    let mut model = after([Action::Apply, Action::Settle]);
    act(
        &mut model,
        Action::Console("edit ds node-exporter -n monitoring".into()),
    );
    assert!(model.documents.open().text.contains("kind: DaemonSet"));
    act(
        &mut model,
        Action::Console("fault node/worker-1 kubelet stop".into()),
    );
    assert_eq!(model.work.cluster().kubelet_runs("worker-1"), Some(false));
    act(&mut model, Action::Console("fault nonsense".into()));
    assert!(model.console.entries().last().unwrap().failed);
}

#[test]
fn a_lesson_that_was_interrupted_goes_on_where_it_was() {
    let mut model = opened();
    model.update(Action::OpenLesson("one-per-node".into()));
    while model.going.is_none() {
        model.update(Action::LessonNext);
    }
    model.update(Action::Tick);
    model.update(Action::StepForward);
    assert!(model.going.is_none());
    let n_led = model.work.n_led();
    model.update(Action::Settle);
    run_out(&mut model);
    assert!(model.work.n_led() > n_led);
    assert_eq!(model.lesson.astray, None);
}

#[test]
fn what_was_typed_and_not_applied_is_there_again() {
    let mut model = after([Action::Apply]);
    act(&mut model, Action::Edit("kind: half".into()));
    let again = Model::new(Opening {
        kept: Some(model.work.link()),
        drafts: model.documents.drafts(),
        ..Opening::default()
    });
    assert_eq!(&*again.documents.open().text, "kind: half");
    assert!(again.documents.open().applied.is_none() || again.documents.open().is_changed());
    assert_eq!(again.work.timeline().len(), model.work.timeline().len());
}

#[test]
fn a_manifest_that_was_applied_twice_is_one_tab() {
    let mut model = after([Action::Apply, Action::Settle]);
    let text = model.documents.open().text.replace("v1.9.0", "v1.9.1");
    act(&mut model, Action::Edit(text.clone()));
    act(&mut model, Action::Apply);
    let again = Model::new(Opening {
        link: Some(model.work.link()),
        ..Opening::default()
    });
    let titles: Vec<&str> = again.documents.all().iter().map(|it| &*it.title).collect();
    assert_eq!(titles, ["node-exporter", "Nodes", "Scenario"]);
    assert_eq!(*again.documents.open().text, *text);
    assert!(!again.documents.open().is_changed());
}

#[test]
fn a_pod_is_waited_for_through_its_back_off() {
    let image = "prom/node-exporter:v1.9.0";
    let strike = |what: &str| Action::Strike(format!("image {image} pull {what}").parse().unwrap());
    let mut model = after([strike("fail"), Action::Apply, Action::Settle, strike("ok")]);
    assert!(model.work.cluster().is_quiet());
    let pod = first_pod(&model);
    act(&mut model, Action::UntilReady(pod.clone()));
    assert!(model.work.cluster().store().pods[&pod].is_ready());
}

const SET_IMAGE: &str =
    "set image -n monitoring ds/node-exporter node-exporter=prom/node-exporter:v1.9.1";

#[test]
fn the_manifest_goes_with_what_becomes_of_its_object() {
    let mut model = after([Action::Apply, Action::Settle]);
    let first = model.documents.open().text.clone();
    act(&mut model, Action::Console(SET_IMAGE.into()));
    let second = first.replace("v1.9.0", "v1.9.1");
    assert_eq!(*model.documents.open().text, *second);
    assert!(!model.documents.open().is_changed());
    assert_eq!(model.preview, Preview::NoChange);

    act(&mut model, Action::StepBack);
    assert_eq!(model.documents.open().text, first);
    act(&mut model, Action::ToEnd);
    assert_eq!(*model.documents.open().text, *second);

    act(&mut model, Action::Settle);
    let undo = "rollout undo ds/node-exporter -n monitoring";
    act(&mut model, Action::Console(undo.into()));
    assert_eq!(model.documents.open().text, first);

    // It is there again in a link, which holds the text that was applied.
    act(&mut model, Action::Console(SET_IMAGE.into()));
    let again = Model::new(Opening {
        link: Some(model.work.link()),
        ..Opening::default()
    });
    assert_eq!(*again.documents.open().text, *second);
}

#[test]
fn what_is_typed_is_kept_when_the_object_changes_otherwise() {
    let mut model = after([Action::Apply, Action::Settle]);
    let first = model.documents.open().text.clone();
    let typed = first.replace("maxUnavailable: 10%", "maxUnavailable: 2");
    act(&mut model, Action::Edit(typed.clone()));
    assert_eq!(model.documents.open().behind, None);
    act(&mut model, Action::Console(SET_IMAGE.into()));
    let second = first.replace("v1.9.0", "v1.9.1");
    assert_eq!(*model.documents.open().text, *typed);
    assert_eq!(model.documents.open().behind.as_deref(), Some(&*second));

    act(&mut model, Action::TakeOver);
    assert_eq!(*model.documents.open().text, *second);
    assert!(!model.documents.open().is_changed());
    act(&mut model, Action::BringBack);
    assert_eq!(*model.documents.open().text, *typed);
    assert_eq!(model.documents.open().put_aside, None);

    act(&mut model, Action::Revert);
    assert_eq!(*model.documents.open().text, *second);
}

#[test]
fn what_the_console_applies_was_applied() {
    let mut model = after([Action::Apply, Action::Settle]);
    let text = model.documents.open().text.replace("v1.9.0", "v1.9.1");
    act(&mut model, Action::Edit(text.clone()));
    act(
        &mut model,
        Action::Console("apply -f node-exporter.yaml".into()),
    );
    assert!(!model.documents.open().is_changed());
    assert_eq!(model.documents.open().behind, None);
    assert_eq!(*model.documents.open().text, *text);
}

#[test]
fn an_imported_manifest_that_nobody_touched_changes_nothing() {
    let mut dump = after([Action::Apply, Action::Settle]);
    // Made by create, it lacks the annotation of apply.
    for line in [
        "delete ds node-exporter -n monitoring",
        "create -f node-exporter.yaml",
        "get nodes,ds,pods,controllerrevisions -A -o yaml",
    ] {
        act(&mut dump, Action::Console(line.into()));
        act(&mut dump, Action::Settle);
    }
    let text = dump.console.entries().last().unwrap().answer.to_string();
    let mut model = opened();
    model.update(Action::Import(text));
    while model.import.is_some() {
        model.update(Action::ImportSlice(4));
    }
    assert_eq!(model.preview, Preview::NoChange);
    let text = format!("{}# mine\n", model.documents.open().text);
    act(&mut model, Action::Edit(text));
    assert!(
        matches!(&model.preview, Preview::DaemonSets(effects) if effects.iter().all(|it| it.touches_no_pod())),
        "{:?}",
        model.preview
    );
}

#[test]
fn what_is_edited_can_be_saved_whatever_happened_meanwhile() {
    let mut model = after([Action::Apply, Action::Settle]);
    let edit = || Action::Console("edit ds node-exporter -n monitoring".into());
    let open = |model: &Model| model.documents.open().title.clone();
    for limit in [3, 4] {
        act(&mut model, edit());
        assert_eq!(open(&model), "edit node-exporter");
        // The status is written, and with it the resourceVersion is another.
        act(&mut model, Action::Console(SET_IMAGE.into()));
        act(&mut model, Action::Settle);
        let text = model.documents.open().text.clone();
        let before = format!("revisionHistoryLimit: {}", [10, 3][limit - 3]);
        assert!(text.contains(&before), "{text}");
        let text = text.replace(&before, &format!("revisionHistoryLimit: {limit}"));
        act(&mut model, Action::Edit(text));
        act(&mut model, Action::Apply);
        assert_eq!(model.notice, None);
        assert_eq!(open(&model), "node-exporter");
        let spec = &model.daemon_set().unwrap().spec;
        assert_eq!(spec.revision_history_limit, Some(limit as i64));
        assert_eq!(
            spec.template.spec.containers[0].image,
            "prom/node-exporter:v1.9.1"
        );
    }
    assert!(
        model
            .documents
            .open()
            .text
            .contains("revisionHistoryLimit: 4")
    );
    act(&mut model, edit());
    act(&mut model, Action::Revert);
    assert_eq!(open(&model), "node-exporter");
}

#[test]
fn a_card_shows_the_labels_that_a_written_manifest_asks_for() {
    let mut model = opened();
    act(&mut model, Action::OpenLesson("labels-and-affinity".into()));
    let nodes = crate::view::nodes::nodes(&model);
    let lab = nodes.iter().find(|it| *it.name == *"lab-1").unwrap();
    assert_eq!(
        lab.labels,
        ["feature.node.kubernetes.io/pci-10de.present=true"]
    );
}

#[test]
fn a_pod_is_marked_as_current_when_the_counters_count_it_so() {
    let mut model = after([Action::Apply, Action::Settle]);
    let key = first_pod(&model);
    let line = format!(
        "label pod {} -n monitoring controller-revision-hash=another --overwrite",
        key.name
    );
    act(&mut model, Action::Console(line));
    act(&mut model, Action::Settle);
    let cluster = model.work.cluster();
    let counted = model
        .daemon_set()
        .map(|it| it.status.updated_number_scheduled);
    assert_eq!(counted, Some(4));
    let pod = &cluster.store().pods[&key];
    assert_eq!(
        crate::view::Revisions::of(cluster).of_pod(pod),
        (None, true)
    );
}
