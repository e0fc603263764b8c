//! What the marks of pods mean: shapes are phases, fills are revisions.

use yew::prelude::*;

use super::mark::PodMark;
use crate::view::nodes::Mark;

/// Each with whether it is of the current revision; that is said of the first two.
const MARKS: [(Mark, bool); 6] = [
    (Mark::Ready, true),
    (Mark::Ready, false),
    (Mark::Starting, true),
    (Mark::Pending, true),
    (Mark::Going, true),
    (Mark::Lost, true),
];

#[component]
pub fn Legend() -> Html {
    html! {
        <ul class="legend" aria-label="What the marks of pods mean" data-testid="legend">
            { for MARKS.into_iter().map(|(mark, is_current)| html! {
                <li>
                    <PodMark {mark} {is_current} />
                    { mark.word() }
                    if mark == Mark::Ready { { if is_current { ", current revision" } else { ", older revision" } } }
                </li>
            }) }
        </ul>
    }
}
