//! What the fuzz targets share: a world of objects, and what must hold of every sync in it.

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    fs::File,
    io::{Result, Seek, Write},
    sync::OnceLock,
};

use controller::{Backoff, Observed, reconcile};
use objects::{ControllerRevision, DaemonSet, Millis, Name, Node, Object, Pod};

/// The most pods that one sync creates, and separately deletes, upstream as here.
const BURST: usize = 250;

type Key = (Name, Name);

/// Leaves an input in the file that `FUZZ_INPUT` names, until the next: libFuzzer cannot write
/// down an input that overflows the stack.
pub fn keep(input: &[u8]) {
    static FILE: OnceLock<Option<File>> = OnceLock::new();
    let file = FILE.get_or_init(|| File::create(env::var_os("FUZZ_INPUT")?).ok());
    let write = |mut file: &File| -> Result<()> {
        file.rewind()?;
        file.write_all(input)?;
        file.set_len(input.len() as u64)
    };
    if let Some(file) = file {
        write(file).expect("an input can be written");
    }
}

/// Objects by what makes them one, as in the API server: it has none twice.
#[derive(Default)]
pub struct World {
    pub daemon_sets: Vec<DaemonSet>,
    pub nodes: BTreeMap<Name, Node>,
    pub pods: BTreeMap<Key, Pod>,
    pub revisions: BTreeMap<Key, ControllerRevision>,
    pub failed_pods_backoff: Backoff,
    pub expects_nothing: bool,
    pub now: Millis,
}

impl World {
    /// The world of these objects, at a moment soon after the last that they speak of.
    pub fn of(objects: impl IntoIterator<Item = Object>) -> Self {
        let mut world = Self {
            expects_nothing: true,
            ..Self::default()
        };
        for mut object in objects {
            object.default();
            match object {
                Object::DaemonSet(it) => world.daemon_sets.push(*it),
                Object::Node(it) => world.add_node(*it),
                Object::Pod(it) => world.add_pod(*it),
                Object::ControllerRevision(it) => world.add_revision(*it),
                Object::Event(_) | Object::Other(_) => {}
            }
        }
        let times = world.pods.values().flat_map(|pod| {
            let conditions = pod.status.conditions.iter();
            conditions
                .filter_map(|it| it.last_transition_time)
                .chain(pod.metadata.creation_timestamp)
        });
        let latest = times.max().unwrap_or_default();
        world.now = latest.to_unix_millis() + Millis::from_secs(1);
        world
    }

    pub fn add_node(&mut self, node: Node) {
        self.nodes.insert(node.metadata.name.clone(), node);
    }

    pub fn add_pod(&mut self, pod: Pod) {
        let metadata = &pod.metadata;
        let key = (metadata.namespace.clone(), metadata.name.clone());
        self.pods.insert(key, pod);
    }

    pub fn add_revision(&mut self, revision: ControllerRevision) {
        let metadata = &revision.metadata;
        let key = (metadata.namespace.clone(), metadata.name.clone());
        self.revisions.insert(key, revision);
    }

    /// Syncs every DaemonSet, each as if the others' syncs had not been.
    pub fn check(&self) {
        for daemon_set in &self.daemon_sets {
            self.check_sync(daemon_set);
        }
    }

    fn check_sync(&self, daemon_set: &DaemonSet) {
        let namespace = &daemon_set.metadata.namespace;
        let pods = self.pods.values();
        let revisions = self.revisions.values();
        let observed = Observed {
            nodes: self.nodes.values().collect(),
            pods: pods
                .filter(|it| it.metadata.namespace == *namespace)
                .collect(),
            revisions: revisions
                .filter(|it| it.metadata.namespace == *namespace)
                .collect(),
            expectations_met: self.expects_nothing,
            failed_pods_backoff: &self.failed_pods_backoff,
        };
        let plan = reconcile(&observed, daemon_set, self.now);

        let again = reconcile(&observed, daemon_set, self.now);
        assert_eq!(plan, again, "the same world, another plan");

        assert!(
            plan.creates.len() <= BURST,
            "{} creates",
            plan.creates.len()
        );
        assert!(
            plan.deletes.len() <= BURST,
            "{} deletes",
            plan.deletes.len()
        );
        if !self.expects_nothing {
            assert!(plan.creates.is_empty() && plan.deletes.is_empty());
        }

        let decisions = observed.decisions(daemon_set);
        let wanted: BTreeSet<&Name> = decisions
            .iter()
            .filter(|it| it.should_run)
            .map(|it| &it.node)
            .collect();
        let mut created = BTreeSet::new();
        for create in &plan.creates {
            assert!(created.insert(&create.node), "{create:?} comes twice");
            assert!(wanted.contains(&create.node), "{create:?} is not wanted");
        }
        let mut deleted = BTreeSet::new();
        for delete in &plan.deletes {
            assert!(deleted.insert(&delete.pod), "{delete:?} comes twice");
            let key = (namespace.clone(), delete.pod.clone());
            assert!(self.pods.contains_key(&key), "{delete:?}: no such pod");
        }

        // An older status may say anything, a new one counts nodes.
        if plan.status_updated && plan.error.is_none() {
            for (name, count) in plan.status.counters() {
                let nodes = i64::try_from(self.nodes.len()).unwrap_or(i64::MAX);
                assert!((0..=nodes).contains(&count), "{name} is {count}");
            }
        }

        // Reasons are put into words at the edge: that must not fail either.
        let creates = plan.creates.iter().map(|it| it.reason.to_string());
        let deletes = plan.deletes.iter().map(|it| it.reason.to_string());
        let decisions = decisions.iter().map(|it| it.because.to_string());
        let words = creates.chain(deletes).chain(decisions);
        assert!(words.into_iter().all(|words| !words.is_empty()));
        drop(plan.requeue_after.map(|after| after.to_string()));
        drop(plan.error.map(|error| error.to_string()));
    }
}
