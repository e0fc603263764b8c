//! The revisions of the DaemonSet, how they differ, and the way back.

use cluster::Key;
use yew::prelude::*;

use super::emit;
use crate::{
    model::Action,
    text,
    view::{diff::Line, revisions::RevisionView},
};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub history: Option<(Key, Vec<RevisionView>)>,
    pub act: Callback<Action>,
}

#[component]
pub fn HistoryPanel(props: &Props) -> Html {
    let Some((key, revisions)) = &props.history else {
        return html! { <div class="block"><p class="block__empty">{ text::NO_DAEMON_SET }</p></div> };
    };
    html! {
        <div class="block history" data-testid="history">
            <h2 class="block__title">{ format!("kubectl rollout history ds/{} -n {}", key.name, key.namespace) }</h2>
            if revisions.is_empty() {
                <p class="block__empty">{ text::NO_REVISIONS }</p>
            }
            { for revisions.iter().map(|revision| html! { <Revision key={revision.name.clone()} revision={revision.clone()} of={key.clone()} act={props.act.clone()} /> }) }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct RevisionProps {
    revision: RevisionView,
    of: Key,
    act: Callback<Action>,
}

#[component]
fn Revision(props: &RevisionProps) -> Html {
    let revision = &props.revision;
    let undo = format!(
        "rollout undo ds/{} -n {} --to-revision={}",
        props.of.name, props.of.namespace, revision.number
    );
    html! {
        <section class="revision" data-testid="revision" data-revision={revision.number.to_string()}>
            <h3>
                <span class={if revision.is_current { "revision__dot revision__dot--current" } else { "revision__dot" }} aria-hidden="true" />
                { format!("Revision {}", revision.number) }
                if revision.is_current { <span class="revision__current">{ "current" }</span> }
                <span class="revision__pods">{ text::count(revision.n_pods, "pod", "pods") }</span>
            </h3>
            <p class="revision__name">{ &revision.name }</p>
            if let Some(cause) = &revision.change_cause { <p>{ cause }</p> }
            if !revision.diff.is_empty() {
                <details>
                    <summary>{ "From this to the current one" }</summary>
                    { diff(&revision.diff) }
                </details>
            }
            if !revision.is_current {
                <button class="button button--small" title={format!("kubectl {undo}")} onclick={emit(&props.act, Action::Kubectl(undo.clone()))} data-testid="revision-undo">{ text::UNDO_TO }</button>
            }
        </section>
    }
}

/// Lines with their signs, so that colour is not all that tells them apart.
pub fn diff(lines: &[Line]) -> Html {
    let line = |class: &'static str, sign: &str, text: &str| {
        html! { <span {class}>{ format!("{sign} {text}\n") }</span> }
    };
    html! {
        <pre class="diff" tabindex="0">
            { for lines.iter().map(|it| match it {
                Line::Same(text) => line("diff__same", " ", text),
                Line::Removed(text) => line("diff__removed", "-", text),
                Line::Added(text) => line("diff__added", "+", text),
                Line::Skipped(n) => line("diff__skipped", " ", &format!("… {}", text::count(*n, "line", "lines"))),
            }) }
        </pre>
    }
}
