//! A cluster as a picture, in SVG: DaemonSets with their counters, nodes as cards with their pods;
//! many nodes as a field of small shapes.
//!
//! Every state has a shape and a word beside its colour. The colours are those of the page, light
//! or dark as the viewer has it.

use std::fmt::Write;

use cluster::Cluster;
use objects::{Node, Phase, Pod};

/// Nodes beyond this are drawn as a field.
const CARDS_MAX: usize = 60;
/// Pods beyond this, and taints, are counted in words.
const PODS_MAX: usize = 8;
const TAINTS_MAX: usize = 3;

const MARGIN: usize = 24;
const GAP: usize = 16;
const CARD_WIDTH: usize = 300;
const COLUMNS_MAX: usize = 4;
const LINE: usize = 20;
const SHAPE: usize = 14;
const SHAPES_IN_ROW: usize = 72;

const STYLE: &str = "\
svg{--paper:#fbfaf6;--surface:#fff;--ink:#1d1c1a;--ink-2:#5d5a53;--line:#c9c4b6;--good:#2c7a4b;--warn:#8f5d00;--bad:#b3372b}\
@media(prefers-color-scheme:dark){svg{--paper:#14161a;--surface:#1b1e24;--ink:#e9e7e1;--ink-2:#a5a29a;--line:#3d424c;--good:#67c58b;--warn:#e3b341;--bad:#ff8a7a}}\
text{font:13px ui-monospace,Menlo,Consolas,monospace;fill:var(--ink)}\
.title{font:600 20px system-ui,sans-serif}.name{font-weight:600}.quiet{fill:var(--ink-2)}\
.paper{fill:var(--paper)}.card{fill:var(--surface);stroke:var(--line)}\
.good{fill:var(--good)}.warn{fill:var(--warn)}.bad{fill:var(--bad)}";

/// How something is: a shape, and the class that colours it.
#[derive(Clone, Copy)]
struct Look {
    shape: char,
    class: &'static str,
}

const GOOD: Look = Look {
    shape: '●',
    class: "good",
};
const WAITS: Look = Look {
    shape: '○',
    class: "warn",
};
const CLOSED: Look = Look {
    shape: '◆',
    class: "warn",
};
const BAD: Look = Look {
    shape: '▲',
    class: "bad",
};

/// Draws a cluster as it is now.
pub fn svg(cluster: &Cluster, title: &str) -> String {
    let store = cluster.store();
    let nodes: Vec<&Node> = store.nodes.values().map(|it| &**it).collect();
    let mut drawing = Drawing::default();
    let mut y = MARGIN + LINE;
    drawing.text(MARGIN, y, "title", title);
    y += LINE + 8;
    let count = nodes.len();
    let plural = if count == 1 { "" } else { "s" };
    let time = format!("T+{}, {count} node{plural}", cluster.now());
    drawing.text(MARGIN, y, "quiet", &time);
    for daemon_set in store.daemon_sets.values() {
        y += LINE;
        let (metadata, status) = (&daemon_set.metadata, &daemon_set.status);
        let counters = format!(
            "{}/{}  desired {}  current {}  ready {}  up-to-date {}  available {}",
            metadata.namespace,
            metadata.name,
            status.desired_number_scheduled,
            status.current_number_scheduled,
            status.number_ready,
            status.updated_number_scheduled,
            status.number_available,
        );
        drawing.text(MARGIN, y, "", &counters);
    }
    y += GAP;
    if nodes.len() > CARDS_MAX {
        field(&mut drawing, y, cluster, &nodes);
    } else {
        cards(&mut drawing, y, cluster, &nodes);
    }
    drawing.finish(title)
}

fn cards(drawing: &mut Drawing, top: usize, cluster: &Cluster, nodes: &[&Node]) {
    let mut y = top;
    for row in nodes.chunks(COLUMNS_MAX) {
        let row: Vec<Vec<Line>> = row.iter().map(|node| lines(cluster, node)).collect();
        let tallest = row.iter().map(Vec::len).max().unwrap_or(0);
        let height = tallest * LINE + 18;
        for (column, lines) in row.iter().enumerate() {
            let x = MARGIN + column * (CARD_WIDTH + GAP);
            drawing.card(x, y, CARD_WIDTH, height);
            for (i, line) in lines.iter().enumerate() {
                let baseline = y + 8 + (i + 1) * LINE - 4;
                if let Some(look) = line.look {
                    drawing.text(x + 12, baseline, look.class, &look.shape.to_string());
                }
                let indent = if line.look.is_some() { 30 } else { 12 };
                drawing.text(x + indent, baseline, line.class, &line.text);
            }
        }
        y += height + GAP;
    }
}

/// A line of a card.
struct Line {
    look: Option<Look>,
    class: &'static str,
    text: String,
}

fn lines(cluster: &Cluster, node: &Node) -> Vec<Line> {
    let plain = |class, text| Line {
        look: None,
        class,
        text,
    };
    let look = of_node(node);
    let mut lines = vec![
        plain("name", shortened(&node.metadata.name)),
        Line {
            look: Some(look),
            class: look.class,
            text: node.status_cell(),
        },
    ];
    let taints = &node.spec.taints;
    let shown = taints.iter().take(TAINTS_MAX);
    lines.extend(shown.map(|it| plain("quiet", end_of(&it.to_string()))));
    if taints.len() > TAINTS_MAX {
        let more = format!("and {} more taints", taints.len() - TAINTS_MAX);
        lines.push(plain("quiet", more));
    }
    let pods = pods_of(cluster, node);
    for pod in pods.iter().take(PODS_MAX) {
        let look = of_pod(pod);
        lines.push(Line {
            look: Some(look),
            class: "",
            text: shortened(&pod.metadata.name),
        });
        lines.push(Line {
            look: None,
            class: "quiet",
            text: format!("  {}{}", pod.status_cell(), revision(cluster, pod)),
        });
    }
    match pods.len() {
        0 => lines.push(plain("quiet", "no pods".to_owned())),
        n if n > PODS_MAX => {
            lines.push(plain("quiet", format!("and {} more pods", n - PODS_MAX)));
        }
        _ => {}
    }
    lines
}

/// Its pods, and those that are pinned to it and not bound yet.
fn pods_of<'a>(cluster: &'a Cluster, node: &Node) -> Vec<&'a Pod> {
    let pods = cluster.store().pods.values().map(|it| &**it);
    let name = Some(&*node.metadata.name);
    pods.filter(|pod| pod.target_node() == name).collect()
}

/// Of which of its DaemonSet's revisions a pod is.
fn revision(cluster: &Cluster, pod: &Pod) -> String {
    let store = cluster.store();
    let owner = pod.metadata.controller();
    let mut daemon_sets = store.daemon_sets.values();
    let daemon_set = owner.and_then(|owner| daemon_sets.find(|it| it.metadata.uid == owner.uid));
    let revision = daemon_set.and_then(|it| store.revision_of(it, pod));
    revision.map_or(String::new(), |it| format!(", revision {it}"))
}

fn of_node(node: &Node) -> Look {
    match (node.is_ready(), node.spec.unschedulable) {
        (false, _) => BAD,
        (true, true) => CLOSED,
        (true, false) => GOOD,
    }
}

fn of_pod(pod: &Pod) -> Look {
    if pod.metadata.is_being_deleted() {
        return CLOSED;
    }
    let troubles = [
        "Error",
        "CrashLoopBackOff",
        "ErrImagePull",
        "ImagePullBackOff",
    ];
    let is_troubled = troubles.contains(&pod.status_cell().as_str());
    match pod.status.phase {
        Phase::Failed => BAD,
        _ if is_troubled => BAD,
        _ if pod.is_ready() || pod.status.phase == Phase::Succeeded => GOOD,
        _ => WAITS,
    }
}

/// Shapes in rows, each told in words where a viewer asks.
fn field(drawing: &mut Drawing, top: usize, cluster: &Cluster, nodes: &[&Node]) {
    let mut ready = std::collections::BTreeMap::<&str, (usize, usize)>::new();
    for pod in cluster.store().pods.values() {
        if let Some(node) = pod.target_node() {
            let counts = ready.entry(node).or_default();
            counts.0 += usize::from(pod.is_ready());
            counts.1 += 1;
        }
    }
    for (i, node) in nodes.iter().enumerate() {
        let (row, column) = (i / SHAPES_IN_ROW, i % SHAPES_IN_ROW);
        let (x, y) = (MARGIN + column * (SHAPE + 3), top + row * (SHAPE + 3));
        let (n_ready, n) = ready.get(&*node.metadata.name).copied().unwrap_or_default();
        let look = match of_node(node).class {
            "good" if n_ready < n => WAITS,
            _ => of_node(node),
        };
        let told = format!(
            "{}: {}, {n_ready} of {n} pods ready",
            node.metadata.name,
            node.status_cell()
        );
        drawing.shape(x, y, look, &told);
    }
    let rows = nodes.len().div_ceil(SHAPES_IN_ROW);
    let y = top + rows * (SHAPE + 3) + LINE;
    let key = "● ready   ○ pods not ready   ◆ closed to new pods   ▲ not ready";
    drawing.text(MARGIN, y, "quiet", key);
}

/// So many letters stand beside each other in a card.
const LETTERS_MAX: usize = 33;

/// What stands at the end: the effect of a taint says more than the beginning of its key.
fn end_of(text: &str) -> String {
    let n_letters = text.chars().count();
    if n_letters <= LETTERS_MAX {
        return text.to_owned();
    }
    let kept: String = text.chars().skip(n_letters - LETTERS_MAX + 1).collect();
    format!("…{kept}")
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= LETTERS_MAX {
        return text.to_owned();
    }
    let kept: String = text.chars().take(LETTERS_MAX - 1).collect();
    format!("{kept}…")
}

#[derive(Default)]
struct Drawing {
    body: String,
    width: usize,
    height: usize,
}

impl Drawing {
    fn reach(&mut self, x: usize, y: usize) {
        self.width = self.width.max(x + MARGIN);
        self.height = self.height.max(y + MARGIN);
    }

    fn text(&mut self, x: usize, y: usize, class: &str, text: &str) {
        // Letters of the title are wider than the others.
        let letter = if class == "title" { 11 } else { 8 };
        self.reach(x + letter * text.chars().count(), y);
        let text = escaped(text);
        // Writing to a text cannot fail.
        let _ = writeln!(
            self.body,
            "<text x=\"{x}\" y=\"{y}\" class=\"{class}\" xml:space=\"preserve\">{text}</text>"
        );
    }

    fn card(&mut self, x: usize, y: usize, width: usize, height: usize) {
        self.reach(x + width, y + height);
        let _ = writeln!(
            self.body,
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"8\" class=\"card\"/>"
        );
    }

    fn shape(&mut self, x: usize, y: usize, look: Look, told: &str) {
        self.reach(x + SHAPE, y + SHAPE);
        let (baseline, told) = (y + SHAPE - 2, escaped(told));
        let _ = writeln!(
            self.body,
            "<text x=\"{x}\" y=\"{baseline}\" class=\"{}\">{}<title>{told}</title></text>",
            look.class, look.shape
        );
    }

    fn finish(self, title: &str) -> String {
        let (width, height) = (self.width, self.height);
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" role=\"img\">\n<title>{}</title>\n<style>{STYLE}</style>\n<rect class=\"paper\" width=\"{width}\" height=\"{height}\"/>\n{}</svg>\n",
            escaped(title),
            self.body
        )
    }
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // No XML may hold these.
            c if c.is_control() => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Run, Scenario};

    fn drawn(text: &str) -> String {
        let scenario = Scenario::read(text).unwrap();
        let mut run = Run::new(&scenario, None).unwrap();
        run.play(|_| {}).unwrap();
        svg(run.timeline().cluster(), &scenario.title)
    }

    const HEAD: &str = "apiVersion: daemonset-playground/v1\nkind: Scenario\n";

    #[test]
    fn every_node_and_pod_is_drawn_with_shape_and_word() {
        let drawn = drawn(&format!(
            "{HEAD}title: 'A <b>bold</b> & \"quoted\" title'\nnodePools: [ {{ name: w, count: 3, taints: [ 'a=b:NoSchedule' ] }} ]\nfiles:\n  a.yaml: |\n    apiVersion: apps/v1\n    kind: DaemonSet\n    metadata: {{ name: agent }}\n    spec:\n      selector: {{ matchLabels: {{ app: a }} }}\n      template:\n        metadata: {{ labels: {{ app: a }} }}\n        spec: {{ tolerations: [ {{ operator: Exists }} ], containers: [ {{ name: c, image: 'a:1' }} ] }}\nsteps:\n- kubectl: apply -f a.yaml\n- run: quiet\n- kubectl: cordon w-2\n- kubectl: taint nodes w-3 a:NoSchedule-\n"
        ));
        assert!(drawn.contains("A &lt;b&gt;bold&lt;/b&gt; &amp; &quot;quoted&quot; title"));
        assert!(!drawn.contains("<b>"));
        for word in [
            "w-1",
            "w-2",
            "w-3",
            "Ready,SchedulingDisabled",
            "a=b:NoSchedule",
        ] {
            assert!(drawn.contains(word), "{word}");
        }
        assert!(drawn.contains("default/agent  desired 3  current 3  ready 3"));
        assert_eq!(drawn.matches("Running, revision 1").count(), 3);
        assert_eq!(
            (drawn.matches('●').count(), drawn.matches('◆').count()),
            (5, 1)
        );
    }

    #[test]
    fn many_nodes_are_a_field() {
        let drawn = drawn(&format!("{HEAD}nodePools: [ {{ name: w, count: 200 }} ]\n"));
        assert!(drawn.contains("<title>w-200: Ready, 0 of 0 pods ready</title>"));
        assert!(!drawn.contains("class=\"card\""));
    }
}
