//! Events on the DaemonSet, as far as one sync writes them by itself.

use controller::Plan;
use objects::EventType;

use crate::world::{World, check};

fn events(plan: &Plan) -> String {
    let events = plan.events.iter().map(|it| {
        let type_ = match it.type_ {
            EventType::Normal => "Normal",
            EventType::Warning => "Warning",
        };
        format!("{type_} {}: {}", it.reason, it.message)
    });
    events.collect::<Vec<_>>().join("; ")
}

#[test]
fn section_4_events_of_a_sync() {
    let row = |name, pods, want| (name, World::new("a, b x:NoExecute", pods), want);
    check(
        events,
        [
            row("nothing ended", "p a new", ""),
            row(
                "failed",
                "p a new failed",
                "Warning FailedDaemonPod: Found failed daemon pod default/p on node a, will try to kill it",
            ),
            row(
                "failed while it waits for its node",
                "p a new failed unbound",
                "Warning FailedDaemonPod: Found failed daemon pod default/p on node a, will try to kill it",
            ),
            row(
                "succeeded",
                "p a new succeeded",
                "Normal SucceededDaemonPod: Found succeeded daemon pod default/p on node a, will try to delete it",
            ),
            row(
                "ended where none may be, 11.12",
                "p a new, q b new failed",
                "",
            ),
            row("ended and going", "p a new failed terminating", ""),
            (
                "failed and held by back-off",
                World::new("a", "p a new failed").backoff("a", 0, 1),
                "",
            ),
            (
                "an empty selector",
                World::new("a", "").with("spec: {selector: {matchLabels: null}}"),
                "Warning SelectingAll: This daemon set is selecting all pods. A non-empty selector is required.",
            ),
        ],
    );
}
