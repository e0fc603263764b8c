//! The page's editor: CodeMirror, or a plain text area in its place.

use serde_json::json;
use thirtyfour::Key;

use super::page::Page;

/// The editor's content: CodeMirror's, or the plain text area's.
const EDITOR: &str = r#"
    const editor = document.querySelector('[data-testid="editor"]');
    const code = editor?.querySelector(".cm-content");
    const area = code ? null : editor?.querySelector("textarea");
    const setArea = (text) => {
        const { set } = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value");
        set.call(area, text);
        area.dispatchEvent(new InputEvent("input", { bubbles: true }));
    };
"#;

/// CodeMirror has only those lines in the document that are in sight: brings
/// the next ones there, from the top again after the last.
const SCROLL_ON: &str = "
    const scroller = code.closest('.cm-scroller');
    const at = scroller.scrollTop;
    scroller.scrollTop = at + scroller.clientHeight;
    if (scroller.scrollTop === at) scroller.scrollTop = 0;
";

impl Page {
    /// Waits until CodeMirror has taken the place of the text area.
    pub(crate) async fn editor_is_loaded(&self) {
        self.wait_for("the editor is loaded", async || {
            let script = format!("{EDITOR} return code !== null;");
            let is_loaded = self.browser.run(&script, []).await == true;
            is_loaded
                .then_some(())
                .ok_or_else(|| "no .cm-content in the editor".to_owned())
        })
        .await;
    }

    pub(crate) async fn editor_is_a_text_area(&self) {
        let script = format!("{EDITOR} return area !== null;");
        assert_eq!(
            self.browser.run(&script, []).await,
            true,
            "there is no text area"
        );
    }

    pub(crate) fn release_the_editor(&self) {
        self.site.release_the_editor();
    }

    /// Takes the place of all that is in the editor.
    pub(crate) async fn set_editor_text(&self, text: &str) {
        let script = format!(
            "{EDITOR}
            if (area) return setArea(arguments[0]);
            code.focus();
            document.execCommand('selectAll');
            document.execCommand('insertText', false, arguments[0]);"
        );
        self.browser.run(&script, [json!(text)]).await;
        for line in text.lines() {
            self.editor_shows(line).await;
        }
    }

    /// Selects `old`, which stands in one line, and types `new` over it.
    pub(crate) async fn replace_in_editor(&self, old: &str, new: &str) {
        let script = format!(
            "{EDITOR}
            const [old, fresh] = arguments;
            if (area) {{
                if (!area.value.includes(old)) return false;
                setArea(area.value.replace(old, fresh));
                return true;
            }}
            const lines = [...code.querySelectorAll('.cm-line')];
            const line = lines.find((line) => line.textContent.includes(old));
            if (line) {{
                const place = (offset) => {{
                    const texts = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
                    let text = texts.nextNode();
                    for (; offset > text.length; text = texts.nextNode()) offset -= text.length;
                    return [text, offset];
                }};
                const start = line.textContent.indexOf(old);
                code.focus();
                getSelection().setBaseAndExtent(...place(start), ...place(start + old.length));
                return document.execCommand('insertText', false, fresh);
            }}
            {SCROLL_ON}
            return false;"
        );
        self.wait_for(&format!("the editor holds {old:?}"), async || {
            let is_done = self.browser.run(&script, [json!(old), json!(new)]).await == true;
            if is_done {
                Ok(())
            } else {
                Err(self.editor_text().await)
            }
        })
        .await;
        for line in new.lines() {
            self.editor_shows(line).await;
        }
    }

    /// Waits until this part of a line is to be seen in the editor.
    pub(crate) async fn editor_shows(&self, part: &str) {
        let script = format!(
            "{EDITOR}
            if ((area ? area.value : code?.innerText ?? '').includes(arguments[0])) return true;
            if (code) {{ {SCROLL_ON} }}
            return false;"
        );
        self.wait_for(&format!("the editor shows {part:?}"), async || {
            let is_shown = self.browser.run(&script, [json!(part)]).await == true;
            if is_shown {
                Ok(())
            } else {
                Err(self.editor_text().await)
            }
        })
        .await;
    }

    /// What is in the text area, or in sight in CodeMirror.
    async fn editor_text(&self) -> String {
        let script = format!("{EDITOR} return area ? area.value : code?.innerText;");
        let text = self.browser.run(&script, []).await;
        text.as_str().unwrap_or("no editor at all").to_owned()
    }

    pub(crate) async fn focus_editor(&self) {
        let script = format!("{EDITOR} (code ?? area).focus();");
        self.browser.run(&script, []).await;
    }

    /// Ctrl+Enter with the cursor in the editor.
    pub(crate) async fn apply_from_the_editor(&self) {
        self.focus_editor().await;
        let keys = self.browser.session().action_chain();
        let keys = keys
            .key_down(Key::Control)
            .send_keys(Key::Enter)
            .key_up(Key::Control);
        keys.perform()
            .await
            .unwrap_or_else(|error| panic!("no key reaches the editor: {error}"));
    }
}
