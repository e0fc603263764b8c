//! The element in a page of somebody else.

use serde_json::json;

use crate::browser::{
    look::Look,
    server::Host,
    visit::{dist, visit, visit_at},
};

const MANIFEST: &str = "\
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: agent }
spec:
  selector: { matchLabels: { app: agent } }
  template:
    metadata: { labels: { app: agent } }
    spec: { containers: [ { name: agent, image: &quot;agent:1&quot; } ] }
";

#[test]
fn an_element_plays_a_lesson() {
    visit(async |page| {
        page.open_hosting(
            r#"<h1>Docs</h1><daemonset-playground id="a" lesson="one-per-node"><p>Three nodes.</p></daemonset-playground>"#,
        )
        .await;
        let ready = page.is_told_of("ready").await;
        assert_eq!(ready["step"], 0);
        let state = page.in_hosting("return players()[0].state();").await;
        assert_eq!(
            state["nodes"].as_array().map(Vec::len),
            Some(3),
            "{state:#}"
        );
        assert_eq!(state["daemonSets"], json!([]));

        // By hand, as its reader does: predict, and go on.
        page.hosting_has("inside('lesson-said')?.innerText").await;
        for id in ["editor", "console-input", "status", "theme", "lesson-leave"] {
            let script = format!("return inside({}) === null;", json!(id));
            assert_eq!(page.in_hosting(&script).await, true, "{id} is there");
        }
        let link = page.in_hosting("return players()[0].link();").await;
        let link = link.as_str().unwrap_or_default().to_owned();
        assert!(link.contains("index.html#1."), "{link}");
        let fallback = "getComputedStyle(players()[0].shadowRoot.querySelector('slot')).display";
        assert_eq!(
            page.in_hosting(&format!("return {fallback};")).await,
            "none"
        );
    });
}

#[test]
fn an_element_applies_the_manifest_inside_it_and_tells_what_happens() {
    visit(async |page| {
        page.open_hosting(&format!(
            "<daemonset-playground id=\"a\" panes=\"cluster,transport,why\"><pre><code>{MANIFEST}</code></pre></daemonset-playground>"
        ))
        .await;
        page.is_told_of("ready").await;
        page.in_hosting("inside('step-forward').click();").await;
        let step = page.is_told_of("step").await;
        assert_eq!(
            (&step["step"], &step["steps"]),
            (&json!(2), &json!(2)),
            "{step:#}"
        );
        assert!(
            step["reason"]
                .as_str()
                .is_some_and(|it| it.contains("daemonset-controller")),
            "{step:#}"
        );
        page.hosting_has("inside('why')?.innerText").await;

        page.in_hosting("players()[0].settle();").await;
        page.is_told_of("quiet").await;
        let state = page.in_hosting("return players()[0].state();").await;
        assert_eq!(state["pods"].as_array().map(Vec::len), Some(3), "{state:#}");
        assert_eq!(state["quiet"], true);

        // Keys are for what has the focus.
        let before = state["step"].clone();
        let key = "dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft', bubbles: true, composed: true }))";
        page.in_hosting(&format!("document.body.{key};")).await;
        page.in_hosting(&format!("inside('reason').{key};")).await;
        page.hosting_has(&format!("players()[0].state().step === {before} - 1"))
            .await;

        let answer = page
            .in_hosting("return players()[0].kubectl('get ds agent -o name');")
            .await;
        assert_eq!(answer.as_str().map(str::trim), Some("daemonset.apps/agent"));
    });
}

#[test]
fn what_is_called_before_it_is_there_is_done_when_it_is() {
    visit(async |page| {
        page.open_hosting("").await;
        page.in_hosting(
            "const player = listen(document.createElement('daemonset-playground'));
             player.setAttribute('src', 'two-nodes.yaml');
             player.load('kind: Scenario # daemonset-playground/v0');
             document.querySelector('main').append(player);",
        )
        .await;
        // It is loaded, and what it is given then is wrong: that is told, and what was there stays.
        let wrong = page.is_told_of("error").await;
        assert!(
            wrong["message"]
                .as_str()
                .is_some_and(|it| it.contains("apiVersion")),
            "{wrong:#}"
        );
        let state = page.in_hosting("return players()[0].state();").await;
        assert_eq!(
            state["nodes"].as_array().map(Vec::len),
            Some(2),
            "{state:#}"
        );
    });
}

#[test]
fn what_cannot_be_shown_is_told_and_the_authors_content_stays() {
    visit(async |page| {
        for (attributes, part) in [
            (r#"lesson="no-such-scenario""#, "there is no lesson"),
            (r#"lesson="../../x""#, "there is no lesson"),
            (r#"src="data:text/plain,%5B""#, "error converting YAML"),
        ] {
            page.open_hosting(&format!(
                "<daemonset-playground id=\"a\" {attributes}><p id=\"fallback\">As text.</p></daemonset-playground>"
            ))
            .await;
            let error = page.is_told_of("error").await;
            assert!(
                error["message"]
                    .as_str()
                    .is_some_and(|it| it.contains(part)),
                "{error:#}"
            );
        }
    });
}

#[test]
fn ten_on_a_page_begin_when_they_come_into_view_and_share_the_program() {
    visit(async |page| {
        let ten = r#"<daemonset-playground lesson="surge" style="margin-bottom: 900px"></daemonset-playground>"#.repeat(10);
        page.open_hosting(&ten).await;
        page.is_told_of("ready").await;
        let n_ready = "players().filter((it) => it.state()).length";
        let ready = page.in_hosting(&format!("return {n_ready};")).await;
        assert!(
            ready.as_u64() < Some(4),
            "{ready} are ready though far below"
        );
        for at in 0..10 {
            page.in_hosting(&format!("players()[{at}].scrollIntoView();"))
                .await;
            page.hosting_has(&format!("players()[{at}].state() !== null"))
                .await;
        }
        let programs = "performance.getEntriesByType('resource').filter((it) => /player-\\w+\\.wasm/.test(it.name)).length";
        assert_eq!(page.in_hosting(&format!("return {programs};")).await, 1);
        // Each stands by itself.
        page.in_hosting("players()[3].kubectl('cordon worker-1');")
            .await;
        assert_eq!(
            page.in_hosting("return players().map((it) => it.state().steps);")
                .await,
            json!([0, 0, 0, 1, 0, 0, 0, 0, 0, 0])
        );
    });
}

#[test]
fn an_element_that_comes_and_goes_leaves_nothing_behind() {
    visit(async |page| {
        page.open_hosting("").await;
        let come_and_go = |times: usize| {
            format!(
                "return (async () => {{
                    for (let i = 0; i < {times}; i++) {{
                        const player = document.createElement('daemonset-playground');
                        player.setAttribute('lesson', 'surge');
                        player.setAttribute('panes', 'lesson,cluster,transport,why,status,events');
                        document.querySelector('main').append(player);
                        await player.start();
                        player.step();
                        player.remove();
                        await new Promise((next) => setTimeout(next));
                    }}
                }})();"
            )
        };
        // The first ones bring what all share.
        page.in_hosting(&come_and_go(3)).await;
        let (listeners, nodes, memory) = page.holds().await;
        page.in_hosting(&come_and_go(50)).await;
        let (listeners_after, nodes_after, memory_after) = page.holds().await;
        assert!(
            listeners_after <= listeners,
            "{listeners} listeners became {listeners_after}"
        );
        assert!(
            nodes_after <= nodes + 20,
            "{nodes} nodes became {nodes_after}"
        );
        assert_eq!(memory_after, memory, "bytes of the program's memory");
    });
}

#[test]
fn one_that_is_moved_goes_on_and_one_that_is_put_back_stands_where_it_stood() {
    visit(async |page| {
        page.open_hosting(&format!(
            "<div id=\"here\"></div><daemonset-playground id=\"a\"><pre>{MANIFEST}</pre></daemonset-playground>"
        ))
        .await;
        page.is_told_of("ready").await;
        page.in_hosting("players()[0].settle();").await;
        page.is_told_of("quiet").await;
        let step = page.in_hosting("return players()[0].state().step;").await;
        page.in_hosting("document.querySelector('#here').append(players()[0]);")
            .await;
        assert_eq!(
            page.in_hosting("return players()[0].state().step;").await,
            step
        );
        page.in_hosting("window.taken = players()[0]; window.taken.remove();")
            .await;
        page.hosting_has("window.taken.state() === null").await;
        page.in_hosting("document.querySelector('#here').append(window.taken);")
            .await;
        page.hosting_has(&format!("window.taken.state()?.step === {step}"))
            .await;
    });
}

#[test]
fn a_bug_is_told_to_the_page_around_it() {
    visit_at(dist(), Host::Whole, async |page| {
        page.open_hosting(&format!(
            "<daemonset-playground id=\"a\"><pre>{MANIFEST}</pre></daemonset-playground>"
        ))
        .await;
        page.is_told_of("ready").await;
        page.has_a_bug().await;
        page.in_hosting("players()[0].settle();").await;
        let told = page.is_told_of("error").await;
        assert_eq!(told["fatal"], true, "{told}");
        let message = told["message"].as_str().unwrap_or_default();
        assert!(message.contains("panicked at"), "{told}");
    });
}

#[test]
fn nothing_leaks_in_or_out_and_its_tokens_can_be_set() {
    visit(async |page| {
        page.open_hosting(
            r#"<style>
                body { font: 30px serif; color: rgb(1, 2, 3); text-align: right; text-transform: uppercase }
                .button { background: rgb(250, 0, 0) !important }
                #b { --dsp-accent: rgb(0, 128, 0) }
            </style>
            <button class="button" id="own">own</button>
            <daemonset-playground id="a" lesson="one-per-node"></daemonset-playground>
            <daemonset-playground id="b" lesson="one-per-node" theme="dark"></daemonset-playground>"#,
        )
        .await;
        page.hosting_has("players().every((it) => it.state() && inside('lesson-next', it))")
            .await;
        let style = "const style = (it) => getComputedStyle(it);";
        let own = page.in_hosting(&format!("{style} return [style(document.querySelector('#own')).backgroundColor, style(document.body).fontSize];")).await;
        assert_eq!(own, json!(["rgb(250, 0, 0)", "30px"]));
        let seen = page.in_hosting(&format!(
            "{style} return players().map((it) => {{
                const [said, next] = [style(inside('lesson-said', it)), style(inside('settle', it))];
                return [said.fontFamily.includes('system-ui'), said.textTransform, said.textAlign, next.backgroundColor !== 'rgb(250, 0, 0)'];
            }});"
        )).await;
        assert_eq!(
            seen,
            json!([[true, "none", "start", true], [true, "none", "start", true]])
        );
        let accent = page.in_hosting(&format!("{style} return style(inside('why-quiet', players()[1]) ?? inside('quiet', players()[1]).querySelector('span')).color;")).await;
        assert_eq!(accent, "rgb(0, 128, 0)");
        // Dark as asked, and otherwise as the page around it: light, though the system is dark.
        page.look(Look {
            scheme: "dark",
            ..Look::default()
        })
        .await;
        let papers = page.in_hosting(&format!("{style} return players().map((it) => style(it.shadowRoot.querySelector('.page')).backgroundColor);")).await;
        assert_eq!(papers, json!(["rgb(251, 250, 246)", "rgb(20, 22, 26)"]));
        // It can be asked for something else at any time.
        page.in_hosting("players().forEach((it) => it.setAttribute('theme', it.id === 'a' ? 'dark' : 'light'));")
            .await;
        let papers = page.in_hosting(&format!("{style} return players().map((it) => style(it.shadowRoot.querySelector('.page')).backgroundColor);")).await;
        assert_eq!(papers, json!(["rgb(20, 22, 26)", "rgb(251, 250, 246)"]));
    });
}

#[test]
fn axe_finds_nothing_in_a_player_and_the_page_around_it_does_not_jump() {
    visit(async |page| {
        page.open_hosting(&format!(
            "<h1>Docs</h1><p>Before.</p>\
             <daemonset-playground id=\"a\" lesson=\"taints-and-tolerations\" height=\"560\"></daemonset-playground>\
             <p>Between.</p>\
             <daemonset-playground id=\"b\" panes=\"cluster,transport,status,why,events,console,editor\"><pre>{MANIFEST}</pre></daemonset-playground>"
        ))
        .await;
        page.is_told_of("ready").await;
        page.in_hosting("players()[1].start();").await;
        page.hosting_has("players().every((it) => it.state())")
            .await;
        page.hosting_has("inside('step-forward', players()[1])")
            .await;
        assert_eq!(page.axe_findings().await, Vec::<serde_json::Value>::new());
        let shift = page.in_hosting("return shift;").await;
        assert!(shift.as_f64() < Some(0.02), "the layout shifts by {shift}");
        page.take_picture("element").await;
    });
}
