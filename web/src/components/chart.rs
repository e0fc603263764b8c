//! Counters over the steps, with the bound that the strategy keeps.

use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    /// Position, available, up to date, desired.
    pub points: Vec<(usize, i64, i64, i64)>,
    pub position: usize,
    pub steps: usize,
    pub max_unavailable: i64,
}

const WIDTH: f64 = 320.0;
const HEIGHT: f64 = 84.0;
/// Room for half a line's width.
const MARGIN: f64 = 4.0;

#[component]
pub fn Chart(props: &Props) -> Html {
    let most = props
        .points
        .iter()
        .map(|point| point.1.max(point.2).max(point.3))
        .max()
        .unwrap_or(0);
    if most == 0 || props.steps == 0 {
        return Html::default();
    }
    let x = |position: usize| position as f64 / props.steps as f64 * WIDTH;
    let y = |count: i64| HEIGHT - MARGIN - count as f64 / most as f64 * (HEIGHT - 2.0 * MARGIN);
    let stairs = |of: fn(&(usize, i64, i64, i64)) -> i64| {
        let mut path = format!("M0 {:.1}", y(0));
        for point in &props.points {
            path += &format!("H{:.1}V{:.1}", x(point.0), y(of(point)));
        }
        path + &format!("H{WIDTH}")
    };
    let desired = props.points.last().map_or(0, |point| point.3);
    let bound = desired - props.max_unavailable;
    let here = x(props.position);
    html! {
        <figure class="chart">
            <svg viewBox={format!("0 0 {WIDTH} {HEIGHT}")} preserveAspectRatio="none" role="img" aria-label="Available and up-to-date nodes over the steps">
                <path class="chart__axis" d={format!("M0 {:.1}H{WIDTH}", y(0))} />
                <path class="chart__bound" d={format!("M0 {0:.1}H{WIDTH}", y(bound))} />
                <path class="chart__updated" d={stairs(|point| point.2)} />
                <path class="chart__available" d={stairs(|point| point.1)} />
                <path class="chart__here" d={format!("M{here:.1} 0V{HEIGHT}")} />
            </svg>
            <figcaption>
                <span class="chart__key chart__key--available">{ "available" }</span>
                <span class="chart__key chart__key--updated">{ "up to date" }</span>
                <span class="chart__key chart__key--bound">{ format!("a rollout keeps {bound}") }</span>
            </figcaption>
        </figure>
    }
}
