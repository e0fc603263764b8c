//! Many nodes as a field of marks, drawn on a canvas: 5,000 elements would be slow.

use std::{f64::consts::PI, rc::Rc};

use objects::Name;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ResizeObserver, ResizeObserverEntry};
use yew::prelude::*;

use super::{chosen, emit, legend::Legend, typed};
use crate::{
    model::{Action, Selected},
    text,
    view::{
        field::{Dot, FieldView, Group},
        nodes::Mark,
    },
};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub field: FieldView,
    pub find: String,
    pub group_by: Option<String>,
    pub act: Callback<Action>,
}

/// The width and height that a node takes, in CSS pixels; less where there are very many.
fn cell(n_dots: usize) -> f64 {
    match n_dots {
        ..1_000 => 14.0,
        1_000..2_000 => 12.0,
        _ => 11.0,
    }
}

#[component]
pub fn Field(props: &Props) -> Html {
    let act = &props.act;
    let find = act.reform(|event: InputEvent| Action::Find(typed(&event)));
    let group = act.reform(|event: Event| {
        let key = chosen(&event);
        Action::GroupBy((!key.is_empty()).then_some(key))
    });
    html! {
        <div class="field">
            <div class="field__tools">
                <input class="input" type="search" value={props.find.clone()} oninput={find} placeholder={text::FIND} aria-label={text::FIND} data-testid="find" />
                if !props.find.is_empty() {
                    <span class="field__found" role="status">{ format!("{} found", text::thousands(props.field.n_found)) }</span>
                }
                <label class="field__group">
                    { "Group by " }
                    <select class="select" onchange={group} data-testid="group-by">
                        <option value="" selected={props.group_by.is_none()}>{ "nothing" }</option>
                        { for props.field.keys.iter().map(|key| html! { <option value={key.clone()} selected={props.group_by.as_ref() == Some(key)}>{ key }</option> }) }
                    </select>
                </label>
                <Legend />
            </div>
            if !props.find.is_empty() { <Found groups={props.field.groups.clone()} n_found={props.field.n_found} act={act.clone()} /> }
            { for (0..props.field.groups.len()).map(|at| html! { <Plot key={props.field.groups[at].title.clone()} groups={props.field.groups.clone()} {at} act={act.clone()} /> }) }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct FoundProps {
    groups: Rc<Vec<Group>>,
    n_found: usize,
    act: Callback<Action>,
}

/// The nodes that are looked for, as a list to choose from.
const FOUND_MAX: usize = 12;

#[component]
fn Found(props: &FoundProps) -> Html {
    let dots = props
        .groups
        .iter()
        .flat_map(|it| &it.dots)
        .filter(|it| it.is_found);
    let n_more = props.n_found.saturating_sub(FOUND_MAX);
    html! {
        <ul class="field__list">
            { for dots.take(FOUND_MAX).map(|dot| html! {
                <li><button class="link" onclick={emit(&props.act, Action::Select(Some(Selected::Node(dot.name.clone()))))}>{ &*dot.name }</button></li>
            }) }
            if n_more > 0 { <li>{ format!("and {} more, framed below", text::thousands(n_more)) }</li> }
        </ul>
    }
}

#[derive(Properties, PartialEq)]
struct PlotProps {
    groups: Rc<Vec<Group>>,
    at: usize,
    act: Callback<Action>,
}

/// The nodes of one group.
#[component]
fn Plot(props: &PlotProps) -> Html {
    let canvas = use_node_ref();
    // Nothing is drawn before these are known.
    let width = use_state_eq(|| 0.0_f64);
    let colours = use_state_eq(|| None::<Rc<Colours>>);
    // Which node is under the pointer, or has the keyboard's attention.
    let pointed = use_state_eq(|| None::<usize>);
    let group = &props.groups[props.at];
    use_width(&canvas, width.clone());
    let look = {
        let (canvas, colours) = (canvas.clone(), colours.clone());
        use_callback((), move |(), ()| {
            colours.set(canvas.cast().and_then(|it| Colours::of(&it)).map(Rc::new));
        })
    };
    {
        let look = look.clone();
        use_effect_with((), move |()| look.emit(()));
    }
    let cell = cell(props.groups.iter().map(|it| it.dots.len()).sum());
    let columns = ((*width / cell).floor() as usize).max(1);
    let rows = match *width > 0.0 {
        true => group.dots.len().div_ceil(columns),
        false => 0,
    };
    let drawn = use_mut_ref(|| None::<Drawn>);
    {
        let canvas = canvas.clone();
        let picture = (*colours)
            .clone()
            .filter(|_| rows > 0)
            .map(|colours| Drawn {
                dots: (props.groups.clone(), props.at),
                layout: Layout {
                    colours,
                    columns,
                    cell,
                    scale: gloo::utils::window().device_pixel_ratio(),
                    width: width.max(columns as f64 * cell),
                },
            });
        use_effect(move || {
            if let Some(canvas) = canvas.cast::<HtmlCanvasElement>() {
                let mut drawn = drawn.borrow_mut();
                if let Some(picture) = picture {
                    draw(&canvas, &picture, drawn.as_ref());
                    *drawn = Some(picture);
                }
            }
        });
    }
    let under = {
        let (n_dots, canvas) = (group.dots.len(), canvas.clone());
        Rc::new(move |event: &MouseEvent| {
            let bounds = canvas
                .cast::<web_sys::Element>()?
                .get_bounding_client_rect();
            let column = (f64::from(event.client_x()) - bounds.left()) / cell;
            let row = (f64::from(event.client_y()) - bounds.top()) / cell;
            if column < 0.0 || row < 0.0 || column >= columns as f64 {
                return None;
            }
            let at = row as usize * columns + column as usize;
            (at < n_dots).then_some(at)
        })
    };
    let onmousemove = {
        let (pointed, under) = (pointed.clone(), under.clone());
        Callback::from(move |event: MouseEvent| pointed.set(under(&event)))
    };
    let onmouseleave = {
        let pointed = pointed.clone();
        Callback::from(move |_: MouseEvent| pointed.set(None))
    };
    let name_of = {
        let (groups, at) = (props.groups.clone(), props.at);
        move |dot: usize| groups[at].dots.get(dot).map(|it| it.name.clone())
    };
    let select = |act: &Callback<Action>, name: Option<Name>| {
        act.emit(Action::Select(name.map(Selected::Node)));
    };
    let onclick = {
        let (act, name_of) = (props.act.clone(), name_of.clone());
        Callback::from(move |event: MouseEvent| {
            select(&act, under(&event).and_then(&name_of));
        })
    };
    let onkeydown = {
        let (act, pointed, n_dots) = (props.act.clone(), pointed.clone(), group.dots.len());
        Callback::from(move |event: KeyboardEvent| {
            let at = pointed.unwrap_or(0);
            let to = match event.key().as_str() {
                "ArrowRight" => at + 1,
                "ArrowLeft" => at.saturating_sub(1),
                "ArrowDown" => at + columns,
                "ArrowUp" => at.saturating_sub(columns),
                "Home" => 0,
                "End" => n_dots.saturating_sub(1),
                "Enter" | " " => {
                    event.prevent_default();
                    return select(&act, name_of(at));
                }
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            pointed.set(Some(to.min(n_dots.saturating_sub(1))));
        })
    };
    let told = pointed.and_then(|at| group.dots.get(at));
    let n_nodes = text::count(group.dots.len(), "node", "nodes");
    let label = match told {
        Some(dot) => describe(dot),
        None => format!(
            "{}{n_nodes}: arrow keys move, Enter chooses",
            if group.title.is_empty() {
                String::new()
            } else {
                format!("{}, ", group.title)
            }
        ),
    };
    html! {
        <figure class="plot">
            if !group.title.is_empty() { <figcaption>{ format!("{} · {n_nodes}", group.title) }</figcaption> }
            <canvas
                ref={canvas} tabindex="0" role="img" aria-label={label} aria-live="polite" data-testid="field"
                ~style={format!("height: {}px", rows as f64 * cell)} {onmousemove} {onmouseleave} {onclick} {onkeydown}
                ontransitionend={look.reform(|_| ())}
            />
            if let (Some(dot), Some(at)) = (told, *pointed) {
                <span class="plot__told" ~style={format!("left: {}px; top: {}px", (at % columns) as f64 * cell, (at / columns + 1) as f64 * cell + 4.0)}>{ describe(dot) }</span>
            }
        </figure>
    }
}

/// Tells how wide a canvas is, now and whenever that changes.
#[hook]
fn use_width(canvas: &NodeRef, width: UseStateHandle<f64>) {
    let canvas = canvas.clone();
    use_effect_with((), move |()| {
        let told = Closure::<dyn Fn(js_sys::Array)>::new(move |entries: js_sys::Array| {
            let last = entries.pop().dyn_into::<ResizeObserverEntry>();
            if let Ok(last) = last {
                width.set(last.content_rect().width());
            }
        });
        let observer = ResizeObserver::new(told.as_ref().unchecked_ref()).ok();
        if let (Some(observer), Some(canvas)) = (&observer, canvas.cast()) {
            observer.observe(&canvas);
        }
        move || {
            if let Some(observer) = observer {
                observer.disconnect();
            }
            drop(told);
        }
    });
}

/// A node in words.
fn describe(dot: &Dot) -> String {
    let pod = match dot.mark {
        Some(mark) => {
            let word = mark.word();
            let revision = if dot.is_current { "current" } else { "old" };
            format!("pod {word}, {revision} revision")
        }
        None => "no pod".to_owned(),
    };
    let node = match (dot.is_bad, dot.is_cordoned) {
        (true, _) => ", node not ready",
        (false, true) => ", node cordoned",
        (false, false) => "",
    };
    format!("{}: {pod}{node}", dot.name)
}

/// The colours, as the stylesheet has them.
#[derive(PartialEq)]
struct Colours {
    new: String,
    old: String,
    bad: String,
    line: String,
    accent: String,
}

impl Colours {
    fn of(canvas: &HtmlCanvasElement) -> Option<Self> {
        let style = gloo::utils::window().get_computed_style(canvas).ok()??;
        // Custom properties are not computed to colours: the field's own properties are.
        let of = |property: &str| style.get_property_value(property).unwrap_or_default();
        Some(Self {
            new: of("color"),
            old: of("border-top-color"),
            bad: of("border-right-color"),
            line: of("border-bottom-color"),
            accent: of("border-left-color"),
        })
    }
}

/// What a canvas shows. The next picture of it differs in a few marks among thousands.
struct Drawn {
    dots: (Rc<Vec<Group>>, usize),
    /// All but the dots that a picture depends on.
    layout: Layout,
}

impl Drawn {
    fn dots(&self) -> &[Dot] {
        let (groups, at) = &self.dots;
        &groups[*at].dots
    }
}

#[derive(PartialEq)]
struct Layout {
    colours: Rc<Colours>,
    columns: usize,
    cell: f64,
    scale: f64,
    width: f64,
}

/// Draws the dots of a group, or those of them that are not as they were drawn before.
fn draw(canvas: &HtmlCanvasElement, picture: &Drawn, before: Option<&Drawn>) {
    let context = canvas.get_context("2d").ok().flatten();
    let Some(context) = context.and_then(|it| it.dyn_into::<CanvasRenderingContext2d>().ok())
    else {
        return;
    };
    let (dots, layout) = (picture.dots(), &picture.layout);
    let (columns, cell) = (layout.columns, layout.cell);
    // Where cells do not end with pixels, one cannot be wiped out without a trace.
    let is_sharp = (cell * layout.scale).fract() == 0.0;
    let before = before.filter(|it| is_sharp && it.layout == *layout);
    let before = before.map(Drawn::dots).filter(|it| it.len() == dots.len());
    if before.is_none() {
        let height = dots.len().div_ceil(columns) as f64 * cell;
        canvas.set_width((layout.width * layout.scale) as u32);
        canvas.set_height((height * layout.scale) as u32);
        let _ = context.scale(layout.scale, layout.scale);
    }
    let mut pen = Pen {
        context: &context,
        fill: None,
        stroke: None,
    };
    for (at, dot) in dots.iter().enumerate() {
        let (left, top) = ((at % columns) as f64 * cell, (at / columns) as f64 * cell);
        match before.map(|it| it[at].looks_like(dot)) {
            Some(true) => continue,
            Some(false) => context.clear_rect(left, top, cell, cell),
            None => {}
        }
        let place = (left + cell / 2.0, top + cell / 2.0, cell);
        pen.draw_dot(dot, place, &layout.colours);
    }
}

/// A context, and the colours it was given last: to give it one takes longer than to draw a mark.
struct Pen<'a> {
    context: &'a CanvasRenderingContext2d,
    fill: Option<&'a str>,
    stroke: Option<&'a str>,
}

impl<'a> Pen<'a> {
    fn fill_with(&mut self, colour: &'a str) {
        if self.fill != Some(colour) {
            self.context.set_fill_style_str(colour);
            self.fill = Some(colour);
        }
    }

    fn stroke_with(&mut self, colour: &'a str) {
        if self.stroke != Some(colour) {
            self.context.set_stroke_style_str(colour);
            self.stroke = Some(colour);
        }
    }

    fn draw_dot(&mut self, dot: &Dot, (x, y, cell): (f64, f64, f64), colours: &'a Colours) {
        let context = self.context;
        let radius = cell * 0.315;
        let colour = match (dot.mark, dot.is_current) {
            (Some(Mark::Lost), _) => &colours.bad,
            (None, _) => &colours.line,
            (_, true) => &colours.new,
            (_, false) => &colours.old,
        };
        self.fill_with(colour);
        if dot.mark != Some(Mark::Ready) {
            self.stroke_with(colour);
            context.set_line_width(1.4);
        }
        context.begin_path();
        let circle = |radius: f64| {
            let _ = context.arc(x, y, radius, 0.0, 2.0 * PI);
        };
        match dot.mark {
            Some(Mark::Ready) => {
                circle(radius);
                context.fill();
            }
            Some(Mark::Starting) => {
                circle(radius - 0.7);
                context.stroke();
                context.begin_path();
                let _ = context.arc(x, y, radius - 0.7, -PI / 2.0, PI / 2.0);
                context.fill();
            }
            Some(Mark::Pending) => {
                for part in 0..4 {
                    let from = f64::from(part) * PI / 2.0;
                    context.begin_path();
                    let _ = context.arc(x, y, radius - 0.7, from, from + PI / 3.2);
                    context.stroke();
                }
            }
            Some(Mark::Going) => {
                circle(radius - 0.7);
                for (dx, dy) in [(1.0, 1.0), (1.0, -1.0)] {
                    context.move_to(x - dx * radius / 2.2, y - dy * radius / 2.2);
                    context.line_to(x + dx * radius / 2.2, y + dy * radius / 2.2);
                }
                context.stroke();
            }
            Some(Mark::Lost) => {
                context.move_to(x, y - radius);
                context.line_to(x + radius, y + radius - 1.0);
                context.line_to(x - radius, y + radius - 1.0);
                context.close_path();
                context.stroke();
            }
            None => {
                context.move_to(x - 2.0, y);
                context.line_to(x + 2.0, y);
                context.stroke();
            }
        }
        // The frame tells of the node: not ready, cordoned, looked for, or what the step is about.
        let frame = match dot {
            Dot { is_now: true, .. }
            | Dot {
                is_selected: true, ..
            } => Some((&colours.accent, 2.0)),
            Dot { is_found: true, .. } => Some((&colours.accent, 1.0)),
            Dot { is_bad: true, .. } => Some((&colours.bad, 1.0)),
            Dot {
                is_cordoned: true, ..
            } => Some((&colours.line, 1.0)),
            _ => None,
        };
        if let Some((colour, line)) = frame {
            self.stroke_with(colour);
            context.set_line_width(line);
            // Within the cell, so that it goes with it.
            let half = cell / 2.0 - 1.0;
            context.stroke_rect(x - half, y - half, 2.0 * half, 2.0 * half);
        }
    }
}
