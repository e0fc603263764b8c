//! Counters over the steps, with the bound that the strategy keeps.

use std::rc::Rc;

use objects::Millis;
use wasm_bindgen::JsCast;
use yew::prelude::*;

use crate::{
    model::Action,
    text,
    view::chart::{self, Point},
};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub points: Rc<Vec<Point>>,
    pub times: Rc<Vec<(usize, Millis)>>,
    pub position: usize,
    pub len: usize,
    pub desired: i64,
    /// How many nodes may be without an available pod; `None`: nothing rolls.
    pub max_unavailable: Option<i64>,
    pub max_surge: i64,
    pub act: Callback<Action>,
}

const WIDTH: f64 = 320.0;
const HEIGHT: f64 = 84.0;
/// Room for half a line's width.
const MARGIN: f64 = 4.0;

#[component]
pub fn Chart(props: &Props) -> Html {
    let hovered = use_state_eq(|| None::<usize>);
    let points = &props.points;
    let counts = points
        .iter()
        .flat_map(|it| [it.desired, it.ready, it.updated]);
    let most = counts.max().unwrap_or(0);
    if most == 0 || props.len == 0 {
        return Html::default();
    }
    let len = props.len;
    let x = |position: usize| position as f64 / len as f64 * WIDTH;
    let y = |count: i64| HEIGHT - MARGIN - count as f64 / most as f64 * (HEIGHT - 2.0 * MARGIN);
    let stairs = |of: fn(&Point) -> i64| {
        let mut path = format!("M0 {:.1}", y(0));
        for point in &**points {
            path += &format!("H{:.1}V{:.1}", x(point.position), y(of(point)));
        }
        path + &format!("H{WIDTH}")
    };
    let bound = props.max_unavailable.map(|it| (props.desired - it).max(0));
    let here = x(props.position);
    let place = move |event: &MouseEvent| {
        let target = event.target()?.dyn_into::<web_sys::Element>().ok()?;
        let svg = target.closest("svg").ok()??;
        let bounds = svg.get_bounding_client_rect();
        let share = (f64::from(event.client_x()) - bounds.left()) / bounds.width().max(1.0);
        Some((share.clamp(0.0, 1.0) * len as f64).round() as usize)
    };
    let onmousemove = {
        let hovered = hovered.clone();
        Callback::from(move |event: MouseEvent| hovered.set(place(&event)))
    };
    let onmouseleave = {
        let hovered = hovered.clone();
        Callback::from(move |_: MouseEvent| hovered.set(None))
    };
    let onclick = props
        .act
        .reform(move |event: MouseEvent| Action::Seek(place(&event).unwrap_or(0)));
    let shown = chart::at(points, hovered.unwrap_or(props.position));
    let heights: Vec<(String, i64)> = chart::heights(most, bound)
        .into_iter()
        .map(|(count, place)| (text::thousands(usize::try_from(count).unwrap_or(0)), place))
        .collect();
    // Figures are about as wide as 0.
    let gutter = heights.iter().map(|(count, _)| count.len()).max();
    html! {
        <figure class="chart" data-testid="chart" ~style={format!("--gutter: {}ch", gutter.unwrap_or(0) + 1)}>
            <div class="chart__plot">
            <div class="chart__heights" aria-hidden="true">
                { for heights.iter().map(|(count, place)| html! { <span ~style={format!("bottom: {place}%")}>{ count }</span> }) }
            </div>
            <svg viewBox={format!("0 0 {WIDTH} {HEIGHT}")} preserveAspectRatio="none" role="img" aria-label="Desired, ready, available and up-to-date nodes over the steps" {onmousemove} {onmouseleave} {onclick}>
                <path class="chart__axis" d={format!("M0 {:.1}H{WIDTH}", y(0))} />
                if let Some(bound) = bound { <path class="chart__bound" d={format!("M0 {0:.1}H{WIDTH}", y(bound))} /> }
                <path class="chart__desired" d={stairs(|it| it.desired)} />
                <path class="chart__ready" d={stairs(|it| it.ready)} />
                <path class="chart__updated" d={stairs(|it| it.updated)} />
                <path class="chart__available" d={stairs(|it| it.available)} />
                <path class="chart__here" d={format!("M{here:.1} 0V{HEIGHT}")} />
                if let Some(hovered) = *hovered { <path class="chart__hover" d={format!("M{:.1} 0V{HEIGHT}", x(hovered))} /> }
            </svg>
            <div class="chart__times" aria-hidden="true">
                { for props.times.iter().map(|(position, time)| html! { <span ~style={format!("left: {:.1}%", *position as f64 / len as f64 * 100.0)}>{ format!("T+{time}") }</span> }) }
            </div>
            </div>
            <figcaption>
                { key("desired", "desired", shown.map(|it| it.desired)) }
                { key("ready", "ready", shown.map(|it| it.ready)) }
                { key("available", "available", shown.map(|it| it.available)) }
                { key("updated", "up to date", shown.map(|it| it.updated)) }
                { key("unavailable", "unavailable", shown.map(|it| it.unavailable)) }
                if let Some(bound) = bound {
                    <span class="chart__key chart__key--bound">{ if props.max_surge > 0 { format!("at least {} in a rollout", props.desired) } else { format!("at least {bound} in a rollout") } }</span>
                }
                <span class="chart__time">
                    if let (Some(_), Some(point)) = (*hovered, shown) {
                        { format!("step {} · T+{}", point.position, point.time) }
                    } else {
                        { text::BY_STEPS }
                    }
                </span>
            </figcaption>
        </figure>
    }
}

fn key(name: &'static str, words: &'static str, value: Option<i64>) -> Html {
    html! {
        <span class={format!("chart__key chart__key--{name}")}>{ words }{ " " }<b>{ value.unwrap_or(0) }</b></span>
    }
}
