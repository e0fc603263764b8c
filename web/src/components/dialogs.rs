//! Windows: one at a time, over the page, closed by Escape.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use yew::prelude::*;

use super::{
    emit,
    faults_dialog::FaultsDialog,
    focus::{focused, give_back},
    help_dialog::HelpDialog,
    import_dialog::ImportDialog,
    node_dialogs::{AddNodesDialog, LabelDialog, MoreDialog, TaintDialog},
    share_dialog::ShareDialog,
};
use crate::{
    examples::EXAMPLES,
    model::Action,
    text,
    view::dialog::{DialogView, all_lessons},
};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub view: Rc<DialogView>,
    /// What there is to say about the last action: here it is seen.
    pub notice: Html,
    pub act: Callback<Action>,
}

#[component]
pub fn Dialogs(props: &Props) -> Html {
    let place = use_node_ref();
    {
        let place = place.clone();
        use_effect_with((), move |()| {
            // The browser gives the focus back only if the window is closed before it is gone.
            let before = focused();
            if let Some(dialog) = place.cast::<web_sys::HtmlDialogElement>()
                && !dialog.open()
            {
                let _ = dialog.show_modal();
            }
            move || give_back(before)
        });
    }
    let act = &props.act;
    let onclose = act.reform(|_: Event| Action::CloseDialog);
    // A click beside the window closes it: only there is it the dialog itself that is hit.
    let onclick = {
        let (place, act) = (place.clone(), act.clone());
        Callback::from(move |event: MouseEvent| {
            let hit = event
                .target()
                .and_then(|it| it.dyn_into::<web_sys::Element>().ok());
            if hit.is_some() && hit == place.cast::<web_sys::Element>() {
                act.emit(Action::CloseDialog);
            }
        })
    };
    let (title, body) = match &*props.view {
        DialogView::Lessons { current } => (text::LESSONS.to_owned(), lessons(current, act)),
        DialogView::Examples => (text::EXAMPLES.to_owned(), examples(act)),
        DialogView::Import => (
            text::IMPORT.to_owned(),
            html! { <ImportDialog act={act.clone()} /> },
        ),
        DialogView::Share(view) => (
            text::SHARE.to_owned(),
            html! { <ShareDialog view={view.clone()} /> },
        ),
        DialogView::Keys => (text::KEYS.to_owned(), html! { <HelpDialog /> }),
        DialogView::AddNodes => (
            "Add nodes".to_owned(),
            html! { <AddNodesDialog act={act.clone()} /> },
        ),
        DialogView::Taint { node, taints } => (
            format!("Taints of {node}"),
            html! { <TaintDialog node={node.clone()} taints={taints.clone()} act={act.clone()} /> },
        ),
        DialogView::Label { node, labels } => (
            format!("Labels of {node}"),
            html! { <LabelDialog node={node.clone()} labels={labels.clone()} act={act.clone()} /> },
        ),
        DialogView::More(view) => (
            format!("More for {}", view.node),
            html! { <MoreDialog view={view.clone()} act={act.clone()} /> },
        ),
        DialogView::Faults(view) => (
            "Faults".to_owned(),
            html! { <FaultsDialog view={view.clone()} act={act.clone()} /> },
        ),
        DialogView::StartOver => (text::START_OVER.to_owned(), start_over(act)),
    };
    html! {
        <dialog class="dialog" ref={place} {onclose} {onclick} aria-labelledby="dialog-title" data-testid="dialog">
            <div class="dialog__box">
                <header class="dialog__head">
                    <h2 id="dialog-title">{ title }</h2>
                    <button class="button button--icon" aria-label="Close" onclick={emit(act, Action::CloseDialog)} data-testid="dialog-close">{ "✕" }</button>
                </header>
                { props.notice.clone() }
                { body }
            </div>
        </dialog>
    }
}

fn lessons(current: &str, act: &Callback<Action>) -> Html {
    html! {
        <ol class="lessons">
            { for all_lessons().into_iter().enumerate().map(|(number, (name, title))| html! {
                <li>
                    <button class={classes!("lessons__item", (name == current).then_some("lessons__item--current"))} onclick={emit(act, Action::OpenLesson(name.to_owned()))} data-testid="lesson-open" data-lesson={name}>
                        <span class="lessons__number">{ number + 1 }</span>
                        <span>{ title }</span>
                        if name == current { <small>{ "open" }</small> }
                    </button>
                </li>
            }) }
        </ol>
    }
}

fn examples(act: &Callback<Action>) -> Html {
    html! {
        <ul class="lessons">
            { for EXAMPLES.iter().map(|example| html! {
                <li>
                    <button class="lessons__item lessons__item--example" onclick={emit(act, Action::OpenManifest { name: example.file.to_owned(), text: example.text.to_owned() })} data-testid="example-open">
                        <b>{ example.title }</b>
                        <small>{ example.about }</small>
                    </button>
                </li>
            }) }
        </ul>
    }
}

fn start_over(act: &Callback<Action>) -> Html {
    html! {
        <>
            <p>{ text::START_OVER_ASKS }</p>
            <p class="dialog__foot">
                <button class="button button--primary" onclick={emit(act, Action::StartOver)} data-testid="start-over">{ text::START_OVER }</button>
                <button class="button" onclick={emit(act, Action::CloseDialog)}>{ "Cancel" }</button>
            </p>
        </>
    }
}
