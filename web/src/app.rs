//! The page's parts, and the model behind them.

use std::rc::Rc;

use yew::prelude::*;

use crate::{
    components::{
        cluster_pane::ClusterPane, editor_pane::EditorPane, header::Header, side_pane::SidePane,
        transport::Transport,
    },
    effects,
    model::{Action, Model},
};

impl Reducible for Model {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        Rc::new(self.update(action))
    }
}

/// The whole page.
#[component]
pub fn App() -> Html {
    let model = use_reducer(|| Model::new(effects::load()));
    let act = use_memo((), |()| {
        let dispatcher = model.dispatcher();
        Callback::from(move |action| dispatcher.dispatch(action))
    });
    let act = (*act).clone();
    effects::use_saved_text(model.text.clone());
    effects::use_theme(model.theme);
    effects::use_ticker(model.playing, model.speed, act.clone());
    effects::use_keys(act.clone());
    html! {
        <>
            <Header theme={model.theme} act={act.clone()} />
            <main>
                <EditorPane text={model.text.clone()} problems={model.problems.clone()} apply={model.apply.clone()} act={act.clone()} />
                <ClusterPane model={(*model).clone()} act={act.clone()} />
                <SidePane model={(*model).clone()} act={act.clone()} />
            </main>
            <Transport model={(*model).clone()} act={act} />
        </>
    }
}
