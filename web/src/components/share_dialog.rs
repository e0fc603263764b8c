//! What can be given away: a link, a scenario, manifests, pictures, a transcript.

use scenario::export::Target;
use yew::prelude::*;

use crate::{host, view::dialog::ShareView};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub view: ShareView,
}

#[component]
pub fn ShareDialog(props: &Props) -> Html {
    let view = &props.view;
    let copied = use_state_eq(|| false);
    let link = view.link.as_deref().map(host::address_of);
    let copy = {
        let (copied, link) = (copied.clone(), link.clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(link) = &link {
                let copied = copied.clone();
                host::copy(link, move || copied.set(true));
            }
        })
    };
    let save = |ending: &str, kind: &'static str, content: &str| {
        let (name, content) = (format!("{}.{ending}", view.name), content.to_owned());
        Callback::from(move |_: MouseEvent| host::save(&name, kind, &content))
    };
    let wrong = use_state_eq(|| None::<String>);
    let export = |target: Target| {
        let (name, scenario) = (format!("{}.zip", view.name), view.scenario.clone());
        let wrong = wrong.clone();
        Callback::from(move |_: MouseEvent| {
            wrong.set(host::save_export(&name, &scenario, target).err())
        })
    };
    let png = {
        let (name, picture) = (view.name.clone(), view.picture.clone());
        Callback::from(move |_: MouseEvent| host::save_png(&format!("{name}.png"), &picture))
    };
    html! {
        <>
            if let Some(link) = link {
                <div class="form">
                    <label>{ "A link that opens at this step" }<input class="input" readonly=true value={link.clone()} data-testid="share-link" /></label>
                    <p class="dialog__foot">
                        <button class="button button--primary" onclick={copy} data-testid="share-copy">{ if *copied { "Copied" } else { "Copy the link" } }</button>
                        <span class="form__hint">{ format!("{} characters; all of it is in the address, nothing is stored anywhere", link.len()) }</span>
                    </p>
                </div>
            } else {
                <p class="form__hint">{ "This session is too large for a link: save the scenario instead." }</p>
            }
            <h3>{ "Save" }</h3>
            <ul class="acts">
                <li><button class="button" onclick={save("yaml", "application/yaml", &view.scenario)} data-testid="save-scenario">{ "Scenario" }</button><span>{ "all that was done, for " }<code>{ "daemonset run" }</code></span></li>
                <li><button class="button" onclick={export(Target::Manifests)} data-testid="save-manifests">{ "Manifests" }</button><span>{ "and a script of kubectl commands, for any cluster" }</span></li>
                <li><button class="button" onclick={export(Target::Kwok)} data-testid="save-kwok">{ "KWOK" }</button><span>{ "the same, with the nodes, for a cluster of KWOK" }</span></li>
                <li><button class="button" onclick={save("svg", "image/svg+xml", &view.picture)} data-testid="save-svg">{ "SVG" }</button><span>{ "a picture of this step" }</span></li>
                <li><button class="button" onclick={png} data-testid="save-png">{ "PNG" }</button><span>{ "the same in pixels" }</span></li>
                <li><button class="button" onclick={save("md", "text/markdown", &view.transcript)} data-testid="save-transcript">{ "Transcript" }</button><span>{ "every step with its reason, in Markdown" }</span></li>
            </ul>
            if let Some(wrong) = &*wrong { <p class="form__wrong" role="alert">{ wrong }</p> }
        </>
    }
}
