//! The keys, and the words that the page uses besides Kubernetes' own.

use yew::prelude::*;

use super::legend::Legend;
use crate::text;

const KEYS: [(&str, &str); 10] = [
    ("→  ←", "a step forward, a step back"),
    ("space", "play, pause"),
    ("s", "settle: run until all is quiet"),
    (".", "run until the next decision"),
    ("Home  End", "to the first step, to the last that is known"),
    ("?", "this help"),
    ("Escape", "close, or back to the current step"),
    ("Ctrl or Cmd + Enter", "in the editor: apply"),
    ("Escape, Tab", "leave the editor, where Tab indents"),
    ("Tab  ↑  ↓", "in the console: complete, earlier lines"),
];

const WORDS: [(&str, &str); 7] = [
    (
        "Step",
        "the next thing that changes an object: a controller, the scheduler or a kubelet does something, and the sentence at the bottom says what and why",
    ),
    (
        "Next decision",
        "goes on until a pod is created or deleted, or finds no node; what only follows from that is passed over",
    ),
    ("Settle", "goes on until all is quiet"),
    (
        text::QUIET,
        "every component has done its work and waits: nothing happens until you, or the world, change something. It says what is waited for when you press it",
    ),
    (
        text::BUSY,
        "something is still to come by itself; press it to see what",
    ),
    (
        "rev 1, rev 2",
        "the revision of the template that a pod was made from. Blue is the current one, grey an older one that a rollout replaces",
    ),
    (
        "T+4.661s",
        "the cluster's own time since the beginning; it stands still between steps",
    ),
];

#[component]
pub fn HelpDialog() -> Html {
    html! {
        <>
            <h3>{ "Keys" }</h3>
            <dl class="keys">
                { for KEYS.iter().map(|(key, what)| html! { <><dt><kbd>{ key }</kbd></dt><dd>{ what }</dd></> }) }
            </dl>
            <h3>{ "Words" }</h3>
            <dl class="keys">
                { for WORDS.iter().map(|(word, what)| html! { <><dt><b>{ word }</b></dt><dd>{ what }</dd></> }) }
            </dl>
            <h3>{ "Marks" }</h3>
            <Legend />
        </>
    }
}
