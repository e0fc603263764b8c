//! Conditions of pods and nodes.

use objects::{Condition, ConditionStatus, ConditionType, Timestamp};

/// A condition that says so from now on.
pub(crate) fn condition(
    type_: ConditionType,
    status: ConditionStatus,
    reason: &str,
    message: &str,
) -> Condition {
    Condition {
        type_,
        status,
        reason: reason.into(),
        message: message.into(),
        ..Condition::default()
    }
}

/// Puts a condition in the place of the one of its type. The time of transition moves only when
/// the status does.
pub(crate) fn set_condition(conditions: &mut Vec<Condition>, mut new: Condition, now: Timestamp) {
    match conditions
        .iter_mut()
        .find(|condition| condition.type_ == new.type_)
    {
        Some(old) => {
            new.last_transition_time = if old.status == new.status {
                old.last_transition_time
            } else {
                Some(now)
            };
            new.rest = std::mem::take(&mut old.rest);
            *old = new;
        }
        None => {
            new.last_transition_time = Some(now);
            conditions.push(new);
        }
    }
}

/// Says why a pod is ended before its time.
pub(crate) fn disruption_target(reason: &str, message: &str) -> Condition {
    let type_ = ConditionType::Other("DisruptionTarget".into());
    condition(type_, ConditionStatus::True, reason, message)
}
