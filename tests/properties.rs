//! What holds of every plan, in any world: nodes, pods and revisions by chance, from seeds.
//!
//! A failure tells its seed; `SEED=17 cargo test -p tests --test properties` runs that one alone,
//! and `SEEDS=100000` runs so many.
#![cfg(not(target_arch = "wasm32"))]

mod properties {
    pub(crate) mod executor;
    pub(crate) mod world;
}

use std::{
    collections::{BTreeMap, BTreeSet},
    env, thread,
};

use controller::{
    Delete, DeleteReason, Index, Phase, Plan,
    daemon_pods::{Current, is_available},
    explain::{Fate, explain},
    placement::{Placement, Rules},
    plan::{BURST_REPLICAS, SyncError},
    reason::Rule,
    sync,
    trace::{Check, Fact, Remedy},
};
use expect_test::expect;
use objects::{
    ControllerRevision, DaemonSet, Name, Node, Pod, Toleration, controller_revision::HASH_LABEL,
};

use properties::{
    executor::{Executor, acts, is_idle},
    world::{Dice, World},
};

const SEEDS: u64 = 400;

/// Tries a property with one seed after the other.
fn for_each_seed(property: impl Fn(&mut Dice)) {
    let number = |name: &str| -> Option<u64> {
        let text = env::var(name).ok()?;
        Some(text.parse().unwrap_or_else(|_| panic!("{name}={text}")))
    };
    let seeds = match number("SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("SEEDS").unwrap_or(SEEDS),
    };
    for seed in seeds {
        let _told = SeedOfFailure(seed);
        property(&mut Dice::new(seed));
    }
}

fn for_each_world(property: impl Fn(&World, &Plan)) {
    for_each_seed(|dice| {
        let world = World::random(dice);
        property(&world, &world.plan());
    });
}

/// Tells the seed when a property fails.
struct SeedOfFailure(u64);

impl Drop for SeedOfFailure {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("with SEED={}", self.0);
        }
    }
}

fn has_duplicates<T: Ord>(items: impl Iterator<Item = T>) -> bool {
    let mut seen = BTreeSet::new();
    !items.into_iter().all(|item| seen.insert(item))
}

/// With surge, too: `manage` creates for a node at most once and then nothing rolls, and a node
/// that may get a pod beside an old one is looked at once.
#[test]
fn no_node_gets_two_pods_in_one_sync() {
    for_each_world(|_, plan| {
        assert!(!has_duplicates(plan.creates.iter().map(|it| &it.node)));
    });
}

#[test]
fn pods_are_created_only_where_one_should_run() {
    for_each_world(|world, plan| {
        let rules = Rules::new(&world.daemon_set);
        for create in &plan.creates {
            let node = world.node(&create.node).expect("the node exists");
            assert!(rules.decide(node).should_run, "{create:?}");
        }
    });
}

/// Not in one plan, and not in a later one: but, as upstream, a pod that is being deleted is deleted
/// again if it waits for a node that does not exist.
#[test]
fn no_pod_is_deleted_twice() {
    for_each_world(|world, plan| {
        assert!(!has_duplicates(plan.deletes.iter().map(|it| &it.pod)));
        for delete in &plan.deletes {
            let again = world.pod(&delete.pod).metadata.is_being_deleted();
            assert!(!again || delete.reason == DeleteReason::NodeMissing);
        }
    });
}

#[test]
fn only_pods_of_the_daemon_set_are_touched() {
    for_each_world(|world, plan| {
        let adopted = |name: &Name| plan.adopt_pods.contains(name);
        let is_own = |name: &Name| {
            let metadata = &world.pod(name).metadata;
            world.selects(&metadata.labels) && (world.owns(metadata) || adopted(name))
        };
        assert!(plan.deletes.iter().all(|it| is_own(&it.pod)));
        assert!(plan.relabel_pods.iter().all(is_own));
        for name in &plan.adopt_pods {
            let metadata = &world.pod(name).metadata;
            assert!(metadata.controller().is_none() && world.selects(&metadata.labels));
        }
        for name in &plan.release_pods {
            let metadata = &world.pod(name).metadata;
            assert!(world.owns(metadata) && !world.selects(&metadata.labels));
        }
    });
}

#[test]
fn pods_are_created_and_deleted_only_when_earlier_ones_have_been_seen() {
    for_each_world(|world, plan| {
        let may_act = world.expectations_met && !world.is_left_alone();
        assert!(may_act || !acts(plan), "{plan:#?}");
        assert_eq!(plan.by.is_some(), acts(plan));
    });
}

#[test]
fn on_delete_rolls_nothing() {
    for_each_world(|world, plan| {
        if !world.daemon_set.is_rolling_update() {
            assert_ne!(plan.by, Some(Phase::RollingUpdate));
        }
    });
}

/// With one more world that is large enough for the limit to count.
#[test]
fn no_sync_goes_beyond_the_burst() {
    for_each_world(|_, plan| {
        let longest = plan.creates.len().max(plan.deletes.len());
        assert!(longest <= BURST_REPLICAS);
    });
    let n_nodes = BURST_REPLICAS + 1;
    let plan = World::plain(n_nodes, false).plan();
    assert_eq!(plan.creates.len(), BURST_REPLICAS);
    let plan = World::plain(n_nodes, true).plan();
    assert_eq!(plan.deletes.len(), BURST_REPLICAS);
}

#[test]
fn the_counters_agree_with_each_other() {
    for_each_world(|world, plan| {
        let status = &plan.status;
        if !plan.status_updated {
            assert_eq!(*status, world.daemon_set.status);
            return;
        }
        if let Some(SyncError::HashCollision { .. }) = plan.error {
            return;
        }
        let desired = status.desired_number_scheduled;
        let descending = [
            world.nodes.len() as i64,
            desired,
            status.current_number_scheduled,
            status.number_ready,
            status.number_available,
            0,
        ];
        assert!(
            descending.is_sorted_by(|more, less| more >= less),
            "{status:#?}"
        );
        assert!(status.updated_number_scheduled <= status.current_number_scheduled);
        assert_eq!(status.number_unavailable, desired - status.number_available);
        assert!(desired + status.number_misscheduled <= world.nodes.len() as i64);
        let generation = world.daemon_set.metadata.generation;
        assert!(!world.expectations_met || status.observed_generation == generation);
    });
}

#[test]
fn a_decision_is_what_its_checks_say() {
    for_each_world(|world, _| {
        let rules = Rules::new(&world.daemon_set);
        for node in &world.nodes {
            let (decision, checks) = (rules.decide(node), rules.trace(node));
            let failed: Vec<_> = checks.iter().filter(|check| !check.passed).collect();
            let lets_stay = |fact: &Fact| matches!(fact, Fact::Taint { may_stay: true, .. });
            let about = format!("{decision:?} {checks:?}");
            assert_eq!(decision.should_run, failed.is_empty(), "{about}");
            assert_eq!(
                decision.should_continue_running,
                failed.iter().all(|check| lets_stay(&check.fact)),
                "{about}"
            );
            let fits = matches!(*decision.because, Placement::Fits { .. });
            assert_eq!(decision.should_run, fits, "{about}");
        }
    });
}

#[test]
fn a_remedy_makes_its_check_pass() {
    for_each_world(|world, _| {
        for node in &world.nodes {
            for check in Rules::new(&world.daemon_set).trace(node) {
                let Some(remedy) = check.remedy() else {
                    continue;
                };
                let (mut daemon_set, mut node) = (world.daemon_set.clone(), node.clone());
                apply(&remedy, &mut daemon_set, &mut node);
                let checks = Rules::new(&daemon_set).trace(&node);
                let same_rule = |it: &&Check| is_same_rule(&it.fact, &check.fact);
                let mut same = checks.iter().filter(same_rule);
                assert!(same.all(|it| it.passed), "{remedy:?} {check:?} {checks:?}");
            }
        }
    });
}

fn apply(remedy: &Remedy, daemon_set: &mut DaemonSet, node: &mut Node) {
    let spec = &mut daemon_set.spec.template.spec;
    let labels = &mut node.metadata.labels;
    match remedy {
        Remedy::LabelNode { key, value } => drop(labels.insert(key.clone(), value.clone())),
        Remedy::UnlabelNode { key } => drop(labels.remove(key)),
        Remedy::DropNodeName => spec.node_name = Name::default(),
        // Without an effect the taint is as good as gone, and the others keep their numbers.
        Remedy::NodeRecovers { taint, .. } => {
            let taints = node.spec.taints.iter_mut().filter(|it| *it == taint);
            taints.for_each(|it| it.effect = objects::Effect::PreferNoSchedule);
        }
        Remedy::Tolerate(taint) => spec.tolerations.push(Toleration {
            key: taint.key.clone(),
            value: taint.value.clone(),
            effect: Some(taint.effect.clone()),
            ..Toleration::default()
        }),
    }
}

fn is_same_rule(one: &Fact, other: &Fact) -> bool {
    match (one, other) {
        (Fact::NodeSelector { key, .. }, Fact::NodeSelector { key: same, .. }) => key == same,
        (Fact::Taint { number, .. }, Fact::Taint { number: same, .. }) => number == same,
        _ => one.rule() == other.rule(),
    }
}

#[test]
fn an_explanation_says_what_the_plan_does() {
    for_each_world(|world, plan| {
        for node in &world.nodes {
            let name = &node.metadata.name;
            let explained = explain(&world.observed(), &world.daemon_set, name, world.now);
            let explained = explained.expect("the node is among those observed");
            let create = plan.creates.iter().find(|it| it.node == *name);
            assert_eq!(explained.creates.as_ref(), create.map(|it| &it.reason));
            let deleted = explained.pods.iter().filter_map(|story| match &story.fate {
                Fate::Deleted(reason) => Some((&story.pod, reason)),
                Fate::Stays | Fate::Waits(_) => None,
            });
            let deletes = plan.deletes.iter().filter(|it| it.node == *name);
            assert_eq!(
                deleted.collect::<BTreeMap<_, _>>(),
                deletes.map(|it| (&it.pod, &it.reason)).collect(),
            );
            let is_silent = explained.pods.is_empty() && explained.waits.is_none();
            let is_wanted = explained.decision.should_run && create.is_none();
            assert!(!is_wanted || !is_silent, "{name} {world}");
        }
    });
}

/// What a plan says when the order is forgotten in which names were found.
fn unordered(mut plan: Plan) -> Plan {
    let revisions = &mut plan.revisions;
    for names in [
        &mut plan.adopt_pods,
        &mut plan.release_pods,
        &mut plan.relabel_pods,
        &mut revisions.adopt,
        &mut revisions.release,
        &mut revisions.relabel,
        &mut revisions.delete,
    ] {
        names.sort();
    }
    plan
}

/// Nodes are given by name; for pods and revisions any order is as good.
#[test]
fn the_order_of_pods_and_revisions_does_not_matter() {
    for_each_seed(|dice| {
        let world = World::random(dice);
        let mut shuffled = world.clone();
        dice.shuffle(&mut shuffled.pods);
        dice.shuffle(&mut shuffled.revisions);
        assert_eq!(unordered(world.plan()), unordered(shuffled.plan()));
    });
}

#[test]
fn the_pods_of_one_daemon_set_do_not_matter_to_another() {
    for_each_seed(|dice| {
        let agent = World::random(dice);
        let proxy = World::with_nodes(dice, "proxy", agent.nodes.clone());
        for (one, other) in [(&agent, &proxy), (&proxy, &agent)] {
            let mut both = one.clone();
            both.pods.extend(other.pods.iter().cloned());
            both.revisions.extend(other.revisions.iter().cloned());
            assert_eq!(both.plan(), one.plan());
        }
    });
}

#[test]
fn a_plan_comes_out_of_json_as_it_went_in() {
    for_each_world(|_, plan| {
        let text = serde_json::to_string(plan).expect("a plan can be written");
        let read: Plan = serde_json::from_str(&text).expect("a plan can be read");
        assert_eq!(read, *plan);
    });
}

/// The DaemonSet's pods by the node they are on or wait for.
fn own_pods(world: &World) -> BTreeMap<&str, Vec<&Pod>> {
    let mut own = BTreeMap::<&str, Vec<&Pod>>::new();
    for pod in world.pods.iter().filter(|it| world.owns(&it.metadata)) {
        if let Some(node) = pod.target_node() {
            own.entry(node).or_default().push(pod);
        }
    }
    own
}

#[test]
fn every_world_settles_with_one_pod_where_one_should_run() {
    for_each_seed(|dice| {
        let world = World::random(dice);
        let mut executor = Executor::new(world, dice.pick(&[1, 1, 2, 3]));
        executor.settle(|_, _| {});
        let world = &executor.world;
        let plan = world.plan();
        assert!(is_idle(&plan), "{plan:#?}");
        if !world.is_left_alone() {
            is_as_it_should_be(world, &plan);
        }
    });
}

/// What a world has come to when its next plan is this one, which does nothing.
#[track_caller]
fn is_as_it_should_be(world: &World, plan: &Plan) {
    let daemon_set = &world.daemon_set;
    let current = Current::new(daemon_set, plan.hash());
    let desired = plan.status.desired_number_scheduled;
    // Any percentage of no nodes is none, and then nothing rolls: the one node that may always be
    // unavailable is one that should run a pod.
    let rolls = daemon_set.is_rolling_update()
        && (daemon_set.max_surge(desired) > Some(0)
            || daemon_set.max_unavailable(desired) > Some(0));
    let mut own = own_pods(world);
    for decision in world.decisions() {
        let pods = own.remove(&*decision.node).unwrap_or_default();
        let (least, most) = match (decision.should_run, decision.should_continue_running) {
            (true, _) => (1, 1),
            (false, true) => (0, 1),
            (false, false) => (0, 0),
        };
        let (node, n_pods) = (&decision.node, pods.len());
        assert!(least <= n_pods && n_pods <= most, "{node}: {world}");
        let is_updated = pods
            .iter()
            .all(|pod| current.includes(&pod.metadata.labels));
        assert!(is_updated || !rolls, "{node}: {world}");
    }
    assert!(own.is_empty(), "pods on nodes that do not exist: {world}");
    let selected = |pod: &&Pod| world.selects(&pod.metadata.labels);
    let is_own = |pod: &&Pod| world.owns(&pod.metadata);
    assert!(world.pods.iter().filter(is_own).all(|it| selected(&it)));
    let is_orphan = |pod: &&Pod| pod.metadata.controller().is_none();
    assert!(!world.pods.iter().filter(is_orphan).any(|it| selected(&it)));
    the_history_is_as_it_should_be(world, plan);
}

fn the_history_is_as_it_should_be(world: &World, plan: &Plan) {
    let own = || world.revisions.iter().filter(|it| world.owns(&it.metadata));
    let (current, old): (Vec<_>, Vec<_>) =
        own().partition(|it| it.holds(&world.daemon_set.spec.template));
    let latest = old.iter().map(|it| it.revision).max().unwrap_or(0);
    assert!(current.len() <= 1);
    for revision in &current {
        assert!(revision.revision > latest);
        assert_eq!(revision.hash(), plan.hash.as_ref());
    }
    let own_pods = own_pods(world);
    let labels = own_pods.values().flatten().map(|pod| &pod.metadata.labels);
    let live: BTreeSet<_> = labels.filter_map(|it| it.get(HASH_LABEL)).collect();
    let is_dead = |it: &&ControllerRevision| it.hash().is_none_or(|hash| !live.contains(hash));
    let limit = world.daemon_set.spec.revision_history_limit.unwrap_or(10);
    let is_within_limit = old.len() as i64 <= limit;
    assert!(is_within_limit || !old.into_iter().any(|it| is_dead(&it)));
}

/// The nodes, also such as do not exist, with an available pod, and those with two pods. A pod that
/// is being deleted does not count, though it may serve for some time yet.
fn available_and_surging(world: &World) -> (BTreeSet<Name>, BTreeSet<Name>) {
    let min_ready_seconds = world.daemon_set.spec.min_ready_seconds;
    let (mut available, mut surging) = (BTreeSet::new(), BTreeSet::new());
    for (node, mut pods) in own_pods(world) {
        pods.retain(|pod| !pod.metadata.is_being_deleted());
        if pods.len() > 1 {
            surging.insert(Name::from(node));
        }
        let is_available = |pod: &&Pod| is_available(pod, min_ready_seconds, world.now);
        if pods.iter().any(is_available) {
            available.insert(Name::from(node));
        }
    }
    (available, surging)
}

/// The nodes that should run a pod.
fn desired(world: &World) -> BTreeSet<Name> {
    let decisions = world.decisions().into_iter().filter(|it| it.should_run);
    decisions.map(|it| it.node).collect()
}

/// Of a DaemonSet that should run on so many nodes: how many may be unavailable for its rollout's
/// sake, and how many may surge.
fn bounds(world: &World, n_desired: usize) -> (usize, usize) {
    let number = |it: Option<i64>| usize::try_from(it.expect("it can be read")).expect("it fits");
    let n_desired = n_desired as i64;
    match number(world.daemon_set.max_surge(n_desired)) {
        0 => (number(world.daemon_set.max_unavailable(n_desired)), 0),
        max_surge => (0, max_surge),
    }
}

#[test]
fn a_rollout_keeps_within_its_bounds_to_its_end() {
    for_each_seed(|dice| {
        let world = World::before_rollout(dice);
        let mut executor = Executor::new(world, dice.pick(&[1, 1, 2, 5]));
        executor.settle(|world, _| {
            let desired = desired(world);
            let (max_unavailable, max_surge) = bounds(world, desired.len());
            let (available, surging) = available_and_surging(world);
            assert!(
                desired.difference(&available).count() <= max_unavailable,
                "{world}"
            );
            assert!(surging.len() <= max_surge, "{world}");
        });
        let world = &executor.world;
        is_as_it_should_be(world, &world.plan());
    });
}

/// Where more is unavailable than may be, an update makes it no worse.
#[test]
fn no_sync_of_an_update_goes_beyond_its_bounds() {
    for_each_world(|world, plan| {
        if plan.by != Some(Phase::RollingUpdate) {
            return;
        }
        let desired = desired(world);
        let (max_unavailable, _) = bounds(world, desired.len());
        let mut after = world.clone();
        after
            .pods
            .retain(|pod| plan.deletes.iter().all(|it| it.pod != pod.metadata.name));
        let (before, _) = available_and_surging(world);
        let (after, _) = available_and_surging(&after);
        let n_unavailable = desired.difference(&before).count();
        let most = max_unavailable.max(n_unavailable);
        assert!(desired.difference(&after).count() <= most, "{world}");
        let is_sunset = |it: &Delete| matches!(it.reason, DeleteReason::Sunset { .. });
        let sunset = plan.deletes.iter().any(is_sunset);
        assert!(!sunset || after.len() >= desired.len(), "{world}");
    });
}

/// A world that changes a little from sync to sync, seen by one that is told what has changed and
/// by one that looks at all of it.
#[test]
fn an_index_that_is_told_of_every_change_is_as_good_as_a_new_one() {
    for_each_seed(|dice| {
        let mut world = World::random(dice);
        let mut index = Index::default();
        for _ in 0..6 {
            let observed = world.observed();
            let memory = observed.memory();
            let plan = sync(&mut index, &observed, memory, &world.daemon_set, world.now);
            assert_eq!(plan, world.plan(), "{world}");
            world.change(dice, &mut index);
        }
    });
}

/// Else the other properties would say little.
#[test]
fn there_is_a_world_for_all_that_a_plan_can_say() {
    let mut said = BTreeSet::new();
    for seed in 0..SEEDS {
        let world = World::random(&mut Dice::new(seed));
        let plan = world.plan();
        let mut say = |what: &str, why: String| {
            // Of a reason with its details, the reason.
            let why = why.split(' ').next().unwrap_or_default();
            said.insert(format!("{what} {why}"));
        };
        for create in &plan.creates {
            say("create", format!("{:?}", create.reason));
        }
        for delete in &plan.deletes {
            say("delete", format!("{:?}", delete.reason));
        }
        for event in &plan.events {
            say("event", event.reason.clone());
        }
        if let Some(error) = &plan.error {
            say("error", format!("{error:?}"));
        }
        let changes = &plan.revisions;
        for (what, is_said) in [
            ("pods adopt", !plan.adopt_pods.is_empty()),
            ("pods release", !plan.release_pods.is_empty()),
            ("pods relabel", !plan.relabel_pods.is_empty()),
            ("revisions adopt", !changes.adopt.is_empty()),
            ("revisions release", !changes.release.is_empty()),
            ("revisions relabel", !changes.relabel.is_empty()),
            ("revisions delete", !changes.delete.is_empty()),
            ("revisions bump", changes.bump.is_some()),
            ("revisions create", changes.create.is_some()),
            ("status written", plan.status_updated),
            (
                "status kept",
                !plan.status_updated && !world.is_left_alone(),
            ),
            ("requeue", plan.requeue_after.is_some()),
            ("nothing", is_idle(&plan) && !world.is_left_alone()),
        ] {
            if is_said {
                said.insert(what.to_owned());
            }
        }
    }
    let said: Vec<String> = said.into_iter().collect();
    // All but the error of a strategy that the API server does not let in.
    expect![[r#"
        create NoDaemonPod
        create NoRunningPod
        create OldNotAvailable
        create SurgeRoom
        delete Duplicate
        delete Failed
        delete NewAvailable
        delete NodeMissing
        delete NodeMustNotRun
        delete OldNotAvailable
        delete OldNotReadyBesideNew
        delete OldNotWanted
        delete RollingUpdate
        delete Succeeded
        delete Sunset
        error HashCollision
        error NodeNotFound
        event FailedDaemonPod
        event SelectingAll
        event SucceededDaemonPod
        nothing
        pods adopt
        pods relabel
        pods release
        requeue
        revisions adopt
        revisions bump
        revisions create
        revisions delete
        revisions relabel
        revisions release
        status kept
        status written"#]]
    .assert_eq(&said.join("\n"));
}
