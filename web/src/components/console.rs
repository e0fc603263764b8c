//! The console: kubectl with history and completion, its output as a terminal shows it.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use yew::prelude::*;

use super::{emit, typed};
use crate::{
    effects::Page,
    host,
    model::{Action, console::Entry},
    text,
};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub entries: Rc<Vec<Entry>>,
    /// The lines that were said, the last first.
    pub history: Rc<Vec<Rc<str>>>,
    pub page: Rc<Page>,
    pub act: Callback<Action>,
}

/// The choices of a completion that are listed.
const CHOICES_MAX: usize = 40;

#[component]
pub fn ConsolePane(props: &Props) -> Html {
    let line = use_state_eq(String::new);
    // Which of the earlier lines is taken up again; and the choices of a completion.
    let taken = use_state_eq(|| None::<usize>);
    let choices = use_state_eq(Vec::<String>::new);
    let output = use_node_ref();
    {
        let output = output.clone();
        use_effect_with(props.entries.clone(), move |_| {
            if let Some(output) = output.cast::<web_sys::Element>() {
                output.set_scroll_top(output.scroll_height());
            }
        });
    }
    let oninput = {
        let (line, taken, choices) = (line.clone(), taken.clone(), choices.clone());
        Callback::from(move |event: InputEvent| {
            line.set(typed(&event));
            taken.set(None);
            choices.set(Vec::new());
        })
    };
    let onkeydown = {
        let (line, taken, choices) = (line.clone(), taken.clone(), choices.clone());
        let (history, page, act) = (props.history.clone(), props.page.clone(), props.act.clone());
        Callback::from(move |event: KeyboardEvent| {
            let recall = |at: Option<usize>| {
                taken.set(at);
                let recalled = at.and_then(|at| history.get(at));
                let recalled = recalled.map_or("", |it| it.strip_prefix("kubectl ").unwrap_or(it));
                line.set(recalled.to_owned());
            };
            match event.key().as_str() {
                "Enter" => {
                    host::say((*line).clone(), act.clone());
                    line.set(String::new());
                    taken.set(None);
                    choices.set(Vec::new());
                }
                "ArrowUp" if !history.is_empty() => {
                    let next = taken.map_or(0, |at| at + 1);
                    recall(Some(next.min(history.len() - 1)));
                }
                "ArrowDown" => recall(taken.and_then(|at| at.checked_sub(1))),
                "Tab" if !event.shift_key() && !line.is_empty() => {
                    let found = page.complete(&line);
                    let (before, word) = line.split_at(found.start.min(line.len()));
                    let common = common_start(&found.choices);
                    match &found.choices[..] {
                        // Nothing to complete: who is in the middle of a line stays there, or what
                        // is typed next would be keys of the page. Escape, then Tab, leaves.
                        [] => choices.set(Vec::new()),
                        [only] => {
                            let end = if only.ends_with(['=', '/']) { "" } else { " " };
                            line.set(format!("{before}{only}{end}"));
                            choices.set(Vec::new());
                        }
                        several => {
                            if common.len() > word.len() {
                                line.set(format!("{before}{common}"));
                            }
                            choices.set(several.iter().take(CHOICES_MAX).cloned().collect());
                        }
                    }
                }
                "Escape" => {
                    choices.set(Vec::new());
                    if let Some(input) = event
                        .target()
                        .and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok())
                    {
                        let _ = input.blur();
                    }
                    return;
                }
                _ => return,
            }
            event.prevent_default();
        })
    };
    html! {
        <div class="console">
            <div class="console__output" ref={output} tabindex="0" role="log" aria-label={text::CONSOLE} data-testid="console-output">
                if props.entries.is_empty() {
                    <p class="console__empty">{ text::CONSOLE_EMPTY }</p>
                }
                { for props.entries.iter().map(|entry| html! { <Said key={entry.number} entry={entry.clone()} act={props.act.clone()} /> }) }
            </div>
            if !choices.is_empty() {
                <ul class="console__choices" tabindex="0" aria-label="Completions">{ for choices.iter().map(|it| html! { <li>{ it }</li> }) }</ul>
            }
            <label class="console__line">
                <span aria-hidden="true">{ "$ kubectl" }</span>
                <input
                    value={(*line).clone()} {oninput} {onkeydown} aria-label={text::CONSOLE_INPUT} placeholder={text::CONSOLE_PLACEHOLDER}
                    autocomplete="off" autocapitalize="off" spellcheck="false" data-testid="console-input"
                />
            </label>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct SaidProps {
    entry: Entry,
    act: Callback<Action>,
}

#[component]
fn Said(props: &SaidProps) -> Html {
    let entry = &props.entry;
    html! {
        <div class={classes!("said", entry.failed.then_some("said--failed"))}>
            <button class="said__line" title={format!("Go to step {}", entry.position)} onclick={emit(&props.act, Action::Seek(entry.position))}>{ "$ " }{ &*entry.line }</button>
            if !entry.answer.is_empty() { <pre tabindex="0">{ &*entry.answer }</pre> }
        </div>
    }
}

/// What all choices begin with.
fn common_start(choices: &[String]) -> &str {
    let Some((first, others)) = choices.split_first() else {
        return "";
    };
    let same = |other: &String| {
        let pairs = first.char_indices().zip(other.chars());
        let end = pairs.take_while(|((_, a), b)| a == b).last();
        end.map_or(0, |((at, c), _)| at + c.len_utf8())
    };
    let end = others.iter().map(same).min().unwrap_or(first.len());
    &first[..end]
}
