//! The page's own words, in one place. Kubernetes' terms and messages are not among them.

pub const TITLE: &str = "DaemonSet Playground";
pub const EDITOR_LABEL: &str = "Manifest of the DaemonSet";
pub const EDITOR_HINT: &str = "Tab indents; Escape, then Tab, leaves the editor";
pub const EDITOR_FILE: &str = "node-exporter.yaml";
pub const MANIFEST_PANE: &str = "Manifest";
pub const CLUSTER_PANE: &str = "Cluster";
pub const STATUS_PANE: &str = "Status and reasons";
pub const APPLY: &str = "Apply";
pub const APPLY_TITLE: &str = "kubectl apply (Ctrl or Cmd+Enter in the editor)";
pub const EDITED: &str = "Edited, not applied yet";
pub const NOT_APPLIED_YET: &str = "Nothing applied yet";
pub const REFUSED: &str = "Not applied: the cluster is as it was";
pub const RESET: &str = "Start over";
pub const RESET_TITLE: &str = "Back to the first cluster and the first manifest";
pub const THEME_AUTO: &str = "Theme: as the system";
pub const THEME_LIGHT: &str = "Theme: light";
pub const THEME_DARK: &str = "Theme: dark";
pub const TO_START: &str = "To the start";
pub const BACK: &str = "Back";
pub const STEP: &str = "Step";
pub const PLAY: &str = "Play";
pub const PAUSE: &str = "Pause";
pub const SETTLE: &str = "Settle";
pub const SPEED: &str = "Speed";
pub const SCRUBBER: &str = "Position in what has happened";
pub const ADD_NODE: &str = "Add a node";
pub const POWER_OFF: &str = "Switch off";
pub const POWER_ON: &str = "Switch on";
pub const CORDON: &str = "Cordon";
pub const UNCORDON: &str = "Uncordon";
pub const DELETE: &str = "Delete";
pub const QUIET: &str = "quiet";
pub const BUSY: &str = "something is under way";
pub const QUIET_NOTICE: &str = "All is quiet: nothing happens until you act, or the world does.";
pub const STILL_BUSY_NOTICE: &str =
    "Stopped after 20,000 steps: this does not come to rest. Settle again to go on.";
pub const NO_POD_YET: &str = "No pod yet";
pub const NO_DAEMON_SET: &str = "No daemon set in this cluster yet";
pub const NODE_GONE: &str = "no longer exists";
pub const WELCOME: &str = "Four nodes, and nothing on them yet.";
pub const WELCOME_HINT: &str =
    "Apply the manifest, then take one Step at a time: each says who did what, and why.";
pub const WHY: &str = "Why";
pub const WHY_EMPTY: &str =
    "Take a step, or choose a node or a pod, to see which rules decided, and on which facts.";
pub const YOU: &str = "You";
pub const THE_WORLD: &str = "The world";
pub const CLOSE_SELECTION: &str = "Back to the current step";
pub const OFF: &str = "off";
