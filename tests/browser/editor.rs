//! The page's editor: CodeMirror, or a plain text area in its place.

use serde_json::json;
use thirtyfour::Key;

use super::page::{Page, by_id};

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

// The text.
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

// What goes with the text.
impl Page {
    pub(crate) async fn apply(&self) {
        self.click("apply").await;
    }

    /// Opens a tab by its name.
    pub(crate) async fn open_editor_tab(&self, name: &str) {
        self.click_words("[role=tablist]", name).await;
    }

    /// The names of the tabs, a changed one with its mark.
    pub(crate) async fn editor_tabs(&self) -> String {
        self.text_of("editor-tab").await
    }

    /// Waits until the page says of the open text that this would come of it.
    pub(crate) async fn would(&self, effect: &str) -> String {
        self.shows("effect", effect).await
    }

    pub(crate) async fn open_changes(&self) -> String {
        self.click("changes").await;
        self.find(".applybar .diff").await;
        self.text_at(".applybar .diff").await
    }

    pub(crate) async fn revert(&self) {
        self.click("revert").await;
    }

    /// Waits until the page says that the object was changed otherwise, from this to that.
    pub(crate) async fn is_told_of_another_change(&self, before: &str, after: &str) {
        self.shows("behind", "changed otherwise").await;
        self.click_on(&format!("{} summary", by_id("behind"))).await;
        let difference = self.shows("behind", after).await;
        for (sign, text) in [("- ", before), ("+ ", after)] {
            let is_line = |line: &str| line.contains(sign) && line.contains(text);
            assert!(difference.lines().any(is_line), "{difference}");
        }
    }

    pub(crate) async fn takes_it_over(&self) {
        self.click("take-over").await;
    }

    pub(crate) async fn brings_the_typed_text_back(&self) {
        self.click("bring-back").await;
    }

    /// Waits until this part of the text is marked as wrong.
    pub(crate) async fn marks_as_wrong(&self, part: &str) {
        self.wait_for(&format!("{part:?} is marked"), async || {
            let marked = self.text_at(".cm-lintRange-error").await;
            if marked == part { Ok(()) } else { Err(marked) }
        })
        .await;
    }

    /// Ctrl+Space where the cursor is: waits until this is offered, and says what it means.
    pub(crate) async fn completes_to(&self, field: &str, meaning: &str) {
        let keys = self.browser.session().action_chain();
        let keys = keys.key_down(Key::Control).send_keys(" ");
        let pressed = keys.key_up(Key::Control).perform().await;
        pressed.unwrap_or_else(|error| panic!("no key reaches the editor: {error}"));
        self.wait_for(&format!("{field} is offered"), async || {
            let offered = self.text_at(".cm-tooltip-autocomplete").await;
            if offered.contains(field) {
                Ok(())
            } else {
                Err(offered)
            }
        })
        .await;
        self.wait_for(&format!("{field} means {meaning:?}"), async || {
            let info = self.text_at(".cm-completionInfo").await;
            if info.contains(meaning) {
                Ok(())
            } else {
                Err(info)
            }
        })
        .await;
        self.click_on(".cm-tooltip-autocomplete li[aria-selected]")
            .await;
    }

    /// Rests with the pointer on a word until the editor says what it means.
    pub(crate) async fn rests_on(&self, word: &str, meaning: &str) {
        let script = r#"
            const lines = [...document.querySelectorAll(".cm-line")];
            const line = lines.find((line) => line.textContent.includes(arguments[0]));
            const texts = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
            while (!texts.nextNode().textContent.includes(arguments[0].slice(0, 4))) {}
            const range = document.createRange();
            range.selectNodeContents(texts.currentNode);
            const { right, top, height } = range.getBoundingClientRect();
            return [Math.round(right - 12), Math.round(top + height / 2)];
        "#;
        let place = self.browser.run(script, [json!(word)]).await;
        let at = |axis: usize| place[axis].as_i64().expect("a word has a place");
        let chain = self.browser.session().action_chain();
        let pointed = chain
            .move_to(at(0) - 3, at(1))
            .move_to(at(0), at(1))
            .perform()
            .await;
        pointed.unwrap_or_else(|error| panic!("cannot point at {word}: {error}"));
        self.wait_for(&format!("{word} means {meaning:?}"), async || {
            let help = self.text_at(".cm-field-help").await;
            if help.contains(meaning) {
                Ok(())
            } else {
                Err(help)
            }
        })
        .await;
    }
}
