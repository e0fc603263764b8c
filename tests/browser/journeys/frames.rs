//! The page in a frame of somebody else's.

use serde_json::json;

use crate::browser::visit::visit;

/// Sends a command to the frame, and gives its answer.
fn ask(command: &str, arguments: &str) -> String {
    format!(
        "return new Promise((answer) => {{
            const id = Math.random();
            addEventListener('message', ({{ data }}) => data.id === id && answer(data));
            document.querySelector('iframe').contentWindow.postMessage(
                {{ target: 'daemonset-playground', command: {}, arguments: {arguments}, id }}, '*');
        }});",
        json!(command)
    )
}

#[test]
fn a_frame_tells_the_page_around_it_and_does_what_that_asks() {
    visit(async |page| {
        page.open_hosting(
            r#"<iframe title="Playground" src="./?embed=1&amp;lesson=one-per-node&amp;panes=lesson,cluster,transport,status" style="width: 100%; height: 600px"></iframe>"#,
        )
        .await;
        assert_eq!(page.is_told_of("ready").await["step"], 0);
        let state = page.in_hosting(&ask("state", "[]")).await;
        assert_eq!(
            state["result"]["nodes"].as_array().map(Vec::len),
            Some(3),
            "{state:#}"
        );
        let answer = page
            .in_hosting(&ask("kubectl", "['cordon worker-1']"))
            .await;
        assert_eq!(
            answer["result"].as_str().map(str::trim),
            Some("node/worker-1 cordoned")
        );
        assert_eq!(page.is_told_of("step").await["steps"], 1);
        let unknown = page.in_hosting(&ask("constructor", "[]")).await;
        assert!(
            unknown["error"]
                .as_str()
                .is_some_and(|it| it.contains("no command")),
            "{unknown:#}"
        );

        // Another frame is not obeyed.
        page.in_hosting(
            "const other = document.createElement('iframe');
             document.body.append(other);
             const script = other.contentDocument.createElement('script');
             script.textContent = `parent.frames[0].postMessage({ target: 'daemonset-playground', command: 'back', id: 'x' }, '*')`;
             other.contentDocument.body.append(script);",
        )
        .await;
        let state = page.in_hosting(&ask("state", "[]")).await;
        assert_eq!(state["result"]["step"], 1, "{state:#}");
    });
}

#[test]
fn a_player_in_a_frame_has_the_panes_that_its_address_names() {
    visit(async |page| {
        page.open_at("?embed=1&panes=cluster,status,console&lesson=one-per-node")
            .await;
        for id in ["node", "status", "console-input"] {
            assert!(page.has_id(id).await, "no {id}");
        }
        for id in ["editor", "step-forward", "lesson", "why"] {
            assert!(!page.has_id(id).await, "{id} is there");
        }
        page.open_at("?embed=1&panes=cluster,nonsense").await;
        page.is_told("there is no pane \"nonsense\"").await;
    });
}

#[test]
fn a_frame_that_is_locked_in_plays_from_the_one_file() {
    visit(async |page| {
        page.open_hosting(
            r#"<iframe title="Playground" sandbox="allow-scripts" src="./?embed=1&amp;lesson=one-per-node" style="width: 100%; height: 600px"></iframe>"#,
        )
        .await;
        page.is_told_of("ready").await;
        let answer = page
            .in_hosting(&ask("kubectl", "['cordon worker-1']"))
            .await;
        assert_eq!(
            answer["result"].as_str().map(str::trim),
            Some("node/worker-1 cordoned")
        );
    });
}

#[test]
fn an_element_does_nothing_for_a_page_around_its_own() {
    visit(async |page| {
        page.open_hosting("").await;
        // What is asked last is answered last: then the first was not answered at all.
        page.in_hosting(
            r#"const frame = document.createElement('iframe');
            frame.srcdoc = `<script type="module" src="./embed.js"></script>
                <daemonset-playground lesson="one-per-node"></daemonset-playground>
                <script>
                    document.querySelector('daemonset-playground').addEventListener('ready', () => parent.postMessage({ type: 'ready', detail: {} }, '*'));
                    addEventListener('message', ({ data }) => data === 'last' && parent.postMessage({ type: 'last', detail: {} }, '*'));
                </script>`;
            document.body.append(frame);"#,
        )
        .await;
        page.is_told_of("ready").await;
        page.in_hosting(
            "const frame = document.querySelector('iframe').contentWindow;
             frame.postMessage({ target: 'daemonset-playground', command: 'state', id: 1 }, '*');
             frame.postMessage('last', '*');",
        )
        .await;
        page.is_told_of("last").await;
        let answers = "told.filter((it) => it.type === 'answer').length";
        let answers = page.in_hosting(&format!("return {answers};")).await;
        assert_eq!(answers, 0);
    });
}
