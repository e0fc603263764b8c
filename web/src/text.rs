//! The page's own words, in one place. Kubernetes' terms and messages are not among them.

pub const TITLE: &str = "DaemonSet Playground";

// The head.
pub const LESSONS: &str = "Lessons";
pub const EXAMPLES: &str = "Examples";
pub const IMPORT: &str = "Import a cluster";
/// The same where there is little room: the first word, and the rest.
pub const IMPORT_SHORT: (&str, &str) = ("Import", " a cluster");
pub const SHARE: &str = "Share";
pub const KEYS: &str = "Help: keys, words, marks";
pub const START_OVER: &str = "Start over";
pub const START_OVER_ASKS: &str = "Back to the first step of this scenario, with its own manifests? What you did here can be had back with Undo.";
pub const STARTED_OVER: &str = "Started over.";
pub const OPENED: &str = "Opened. What was here before can be had back.";
pub const UNDO: &str = "Undo";
pub const THEME_AUTO: &str = "Theme: as the system";
pub const THEME_LIGHT: &str = "Theme: light";
pub const THEME_DARK: &str = "Theme: dark";
pub const OPEN_WHOLE: &str = "Open in the playground";

// The editor.
pub const EDITOR_LABEL: &str = "Manifest";
pub const EDITOR_HINT: &str =
    "Tab goes on until something is typed, then it indents; Escape, then Tab, leaves the editor";
pub const MANIFEST_PANE: &str = "Manifests and console";
pub const TAB_NODES: &str = "Nodes";
pub const TAB_SCENARIO: &str = "Scenario";
pub const APPLY: &str = "Apply";
pub const APPLY_TITLE: &str = "kubectl apply (Ctrl or Cmd+Enter in the editor)";
pub const LOAD: &str = "Load";
pub const LOAD_TITLE: &str = "Begin anew with this scenario (Ctrl or Cmd+Enter in the editor)";
pub const EDIT: &str = "edit";
pub const SAVE: &str = "Save";
pub const SAVE_TITLE: &str =
    "Send what was changed, as kubectl edit does (Ctrl or Cmd+Enter in the editor)";
pub const CANCEL_EDIT: &str = "Cancel the edit";
pub const BEHIND: &str =
    "The daemon set in the cluster has been changed otherwise since. Your text is as you left it.";
pub const BEHIND_DIFFERENCE: &str = "What changed";
pub const TAKE_OVER: &str = "Take it over";
pub const TAKE_OVER_TITLE: &str = "Show what the cluster has; your text can be brought back";
pub const PUT_ASIDE: &str = "This is what the cluster has; your text is put aside.";
pub const BRING_BACK: &str = "Bring it back";
pub const REVERT: &str = "Revert";
pub const REVERT_TITLE: &str = "Back to the text that was applied";
pub const CHANGES: &str = "Changes";
pub const CANNOT_BE_APPLIED: &str = "Cannot be applied as it is";
pub const TOO_LONG: &str = "This text is longer than 4 MB: import it as a cluster instead.";
pub const LOOKING: &str = "Looking at what this would do …";
pub const NO_CHANGE: &str = "No change: the cluster is as the manifest says";
pub const SCENARIO_EFFECT: &str = "Loading begins anew; what is here can be had back";

// The cluster.
pub const CLUSTER_PANE: &str = "Cluster";
pub const ADD_NODE: &str = "Add a node";
pub const ADD_NODES: &str = "Add several…";
pub const POWER_OFF: &str = "Switch off";
pub const POWER_ON: &str = "Switch on";
pub const CORDON: &str = "Cordon";
pub const UNCORDON: &str = "Uncordon";
pub const DRAIN: &str = "Drain";
pub const TAINT: &str = "Taint";
pub const LABEL: &str = "Label";
pub const DELETE: &str = "Delete";
pub const MORE: &str = "More";
pub const FAULTS: &str = "Faults…";
pub const QUIET: &str = "quiet";
pub const BUSY: &str = "at work";
pub const NO_POD_YET: &str = "No pod yet";
pub const NOTHING_TO_RUN: &str = "Nothing to run yet";
pub const NODE_GONE: &str = "no longer exists";
pub const OFF: &str = "off";
pub const SILENT: &str = "not heard of";
pub const STOPPED: &str = "kubelet stopped";
pub const FIND: &str = "Find a node or a label";

// Time.
pub const TO_START: &str = "To the start";
pub const BACK: &str = "Back";
pub const STEP: &str = "Step";
pub const PLAY: &str = "Play";
pub const PAUSE: &str = "Pause";
pub const SETTLE: &str = "Settle";
pub const SETTLE_TITLE: &str = "Run until all is quiet";
pub const DECISION: &str = "Next decision";
pub const DECISION_TITLE: &str =
    "Run until the next decision: a pod is created or deleted, or finds no node";
pub const SPEED: &str = "Speed of playing";
pub const SCRUBBER: &str = "Position in what has happened";
pub const QUIET_NOTICE: &str = "All is quiet: nothing happens until you act, or the world does.";
pub const WELCOME_APPLY: &str = "Apply the manifest";
pub const WELCOME_THEN: &str = ", then take one Step at a time: each says who did what, and why.";
pub const AT_THE_START: &str = "Nothing has happened yet.";
pub const YOU: &str = "You";
pub const THE_WORLD: &str = "The world";

pub const NOTHING_TO_OPEN: &str = "There is no scenario, no manifest and no cluster in this text";
pub const TIME_PANE: &str = "Steps";
pub const BY_STEPS: &str = "across: step by step";

// Why.
pub const STATUS_PANE: &str = "Status and reasons";
pub const WHY: &str = "Why";
pub const EVENTS: &str = "Events";
pub const HISTORY: &str = "History";
pub const YAML: &str = "YAML";
pub const WHY_EMPTY: &str =
    "Take a step, or choose a node or a pod, to see which rules decided, and on which facts.";
pub const CLOSE_SELECTION: &str = "Back to the current step";
pub const NO_DAEMON_SET: &str = "No daemon set in this cluster yet";
pub const CONTROLLER_DOES_NOT_LOOK: &str =
    "the controller does not look at that, only at labels and taints";
pub const MACHINE_IS_OFF: &str = "The machine is switched off";
pub const KUBELET_IS_SILENT: &str = "Nothing has been heard of its kubelet since before the beginning: the machine is off, broken or cut off";
pub const KUBELET_IS_STOPPED: &str = "The kubelet is stopped";
pub const ONLY_IF_IT_MUST: &str = "Only if it has to run on such nodes, as a network plugin does: ";
pub const THERE_FROM_THE_BEGINNING: &str = "It was there from the beginning";
pub const ALL_IS_AS_WANTED: &str = "All is as it is wanted";
pub const ALL_IS_AS_WANTED_DETAIL: &str =
    "Every component has done its work, and waits for you or the world to change something.";
pub const OBSERVED_GENERATION: &str = "the generation of the spec that the controller has seen";
pub const SCHEDULER_MESSAGE: &str = "the scheduler's message";
pub const WHY_QUIET: &str = "Why is nothing happening?";
pub const WHY_QUIET_SHORT: &str = "why?";
pub const WHAT_NEXT: &str = "What is it waiting for?";
pub const WHAT_NEXT_SHORT: &str = "on what?";
pub const NO_EVENTS: &str = "No events yet.";
pub const FILTER_EVENTS: &str = "Filter events";
pub const NO_REVISIONS: &str = "No revisions yet: the first comes with the first sync.";
pub const UNDO_TO: &str = "Undo to this";

// The console.
pub const CONSOLE: &str = "Console";
pub const CONSOLE_INPUT: &str = "kubectl command";
pub const CONSOLE_PLACEHOLDER: &str = "get pods -o wide";
pub const CONSOLE_EMPTY: &str =
    "Type a kubectl command, or use the page's buttons: what they stand for appears here.";

// Lessons.
pub const WELCOME: &str = "What does a DaemonSet do?";
pub const WELCOME_SAYS: &str = "It keeps one copy of a pod on every node that meets its criteria, and only one. Here is a small cluster to try that on: apply the manifest, switch nodes off, change the image, and take one step at a time; every step says who did what, and why.";
pub const WELCOME_START: &str = "Start the first lesson";
pub const ALL_LESSONS: &str = "All lessons";
pub const CLOSE: &str = "Close";
pub const NEXT: &str = "Next";
pub const NEXT_DOES: &str = "does";
pub const PREDICT_FIRST: &str = "First say what you think will happen, above: then Next shows it.";
pub const GOES_ON_BY_ITSELF: &str =
    "The cluster is at work: watch it, or press Settle. Then the lesson goes on.";
pub const LEAVE: &str = "Leave the lesson";
pub const RESUME: &str = "Back to the lesson";
pub const ANSWER: &str = "Answer";
pub const YOUR_ANSWER: &str = "Your prediction";
pub const ANSWER_WITH_A_NUMBER: &str = "Answer with a number, such as 3.";
pub const SEE_WHETHER: &str = "Go on and see.";
pub const ASTRAY: &str =
    "The cluster is not as the lesson expects: you have gone your own way, which is fine.";
pub const LESSON_DONE: &str = "That was the lesson.";
pub const NEXT_LESSON: &str = "Next lesson";

// Other work.
pub const NOTHING_TO_IMPORT: &str = "There are no nodes, DaemonSets or pods in this: get them with kubectl get nodes,ds,pods,controllerrevisions -A -o yaml";
pub const IMPORTED_TITLE: &str = "An imported cluster";
pub const CANNOT_READ_FILE: &str = "The file cannot be read as text.";

pub fn no_such_lesson(name: &str) -> String {
    format!("There is no lesson {name:?}; the list is under {LESSONS}.")
}

pub fn never_ready(pod: &str) -> String {
    format!("All is quiet, and pod {pod} is not ready: ask why of the pod.")
}

pub fn not_loaded(error: &impl std::fmt::Display) -> String {
    format!("Not loaded: {error}")
}

pub fn too_large_to_import(size: usize, most: usize) -> String {
    format!(
        "This is {} MB, and at most {} MB can be imported: leave out kinds or namespaces",
        size >> 20,
        most >> 20
    )
}

pub fn cannot_import(wrong: &str) -> String {
    format!("Nothing was imported: {wrong}")
}

/// What was imported, and what was not.
pub fn imported(counts: [usize; 4], others: usize, wrong: &[String]) -> String {
    let names = [
        ("node", "nodes"),
        ("DaemonSet", "DaemonSets"),
        ("pod", "pods"),
        ("revision", "revisions"),
    ];
    let parts = counts
        .iter()
        .zip(names)
        .map(|(n, (one, many))| count(*n, one, many));
    let mut text = format!("Imported {}.", parts.collect::<Vec<_>>().join(", "));
    if others > 0 {
        text += &format!(" {others} objects of other kinds are kept, and no rule here reads them.");
    }
    if let Some(first) = wrong.first() {
        text += &format!(" Left out {}, the first because: {first}.", wrong.len());
    }
    text + " Nothing left this page."
}

/// `1 node`, `2 nodes`.
pub fn count(n: usize, one: &str, many: &str) -> String {
    match n {
        1 => format!("1 {one}"),
        n => format!("{} {many}", thousands(n)),
    }
}

/// `12,345`.
pub fn thousands(n: usize) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
