//! The page's parts, and the model behind them.

use std::rc::Rc;

use yew::prelude::*;

use crate::{
    components::{
        cluster_pane::ClusterPane, dialogs::Dialogs, editor_pane::EditorPane, header::Header,
        lesson_pane::LessonPane, notice::NoticeBar, open_whole::OpenWhole, side_pane::SidePane,
        transport::Transport, welcome::Welcome,
    },
    effects::{self, Page},
    model::{Action, Side, panes::Part},
    place::Place,
    rest, text, view,
};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub page: Rc<Page>,
    pub place: Place,
}

/// The whole page, or those of its panes that another page asks for.
#[component]
pub fn App(props: &Props) -> Html {
    let (page, place) = (props.page.clone(), props.place.clone());
    let redraw = use_force_update();
    let redraw = use_callback((), move |(), ()| redraw.force_update());
    // Who calls expects an answer, who clicks can wait for the rest of the program.
    let act_at_once = {
        let (page, redraw) = (page.clone(), redraw.clone());
        use_callback((), move |action: Action, ()| {
            rest::load_now();
            page.update(action);
            // What is over at once need not be seen to begin.
            page.go_on_at_once();
            redraw.emit(());
        })
    };
    let act = {
        let act_at_once = act_at_once.clone();
        use_callback((), move |action: Action, ()| {
            let act_at_once = act_at_once.clone();
            rest::when_there(move || act_at_once.emit(action));
        })
    };
    effects::use_host(page.clone(), place.clone(), act_at_once);
    use_effect_with((), |()| rest::load_when_painted());
    effects::use_keys(place.clone(), act.clone());
    effects::use_telling(page.clone(), place.clone());
    let model = page.model();
    effects::use_theme(place.clone(), model.theme);
    effects::use_going(
        page.clone(),
        model.going.as_ref().map(|it| it.is_watched()),
        model.speed,
        act.clone(),
        redraw.clone(),
    );
    let looks = model.looking.is_some() && model.going.is_none();
    effects::use_looking(page.clone(), looks, redraw.clone());
    effects::use_import(page.clone(), model.import.is_some(), redraw);
    effects::use_kept(page.clone(), model.n_changes);
    let has_rest = effects::use_rest(model.is_embedded);
    let has = |part: Part| model.panes.has(part);
    let lesson = (model.shows_lesson && has(Part::Lesson)).then(|| {
        html! { <LessonPane lesson={Rc::new(view::lesson::lesson(&model))} act={act.clone()} /> }
    });
    let welcome = model
        .shows_welcome
        .then(|| html! { <Welcome act={act.clone()} /> });
    let percent = model.import.as_ref().map(|it| it.percent());
    let notice =
        html! { <NoticeBar notice={model.notice.clone()} import={percent} act={act.clone()} /> };
    let cluster = has(Part::Cluster).then(|| Rc::new(view::figure::cluster(&model)));
    let open_whole = (model.is_embedded && model.going.is_none()).then(|| {
        let link = has_rest.then(|| model.work.link());
        html! { <OpenWhole page={page.clone()} {link} /> }
    });
    // What is asked of a node or a pod is told, also where the reasons are no pane of their own.
    let mut sides = model.panes.sides();
    if sides.is_empty() && model.selected.is_some() {
        sides.push(Side::Why);
    }
    let has_side = has(Part::Status) || !sides.is_empty();
    // Another page has its own main part.
    let stage = match place {
        Place::Page => "main",
        Place::Element { .. } => "div",
    };
    html! {
        <ContextProvider<Place> context={place.clone()}>
            if !model.is_embedded {
                <Header view={view::head::head(&model)} act={act.clone()} />
            }
            <@{stage} class={classes!("stage", model.is_embedded.then_some("embedded"))}>
                if model.is_embedded && place == Place::Page { <h1 class="only-read">{ text::TITLE }</h1> }
                { lesson.or(welcome).unwrap_or_default() }
                if model.panes.has_manifest() {
                    <EditorPane
                        documents={Rc::new(view::editor::editor(&model))}
                        console={model.console.entries().clone()}
                        history={Rc::new(model.console.history())}
                        has_editor={has(Part::Editor)}
                        has_console={has(Part::Console)}
                        page={page.clone()}
                        act={act.clone()}
                    />
                }
                if let Some(cluster) = cluster { <ClusterPane view={cluster} act={act.clone()} {open_whole} /> }
                if has_side {
                    <SidePane view={Rc::new(view::side::side(&model))} has_status={has(Part::Status)} {sides} act={act.clone()} />
                }
            </@>
            if has(Part::Transport) {
                <Transport view={Rc::new(view::transport::transport(&model))} act={act.clone()}>
                    if model.dialog.is_none() { { notice.clone() } }
                </Transport>
            } else if model.dialog.is_none() {
                { notice.clone() }
            }
            if let Some(dialog) = &model.dialog {
                <Dialogs view={Rc::new(view::dialog::dialog(&model, dialog))} {notice} act={act} />
            }
        </ContextProvider<Place>>
    }
}
