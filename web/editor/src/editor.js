// The page's YAML editor. The page loads this file beside its WASM and calls
// `mount`; nothing else here is known outside.

import { acceptCompletion, autocompletion, completionKeymap, startCompletion } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab, isolateHistory } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { search, searchKeymap } from "@codemirror/search";
import { Annotation, EditorState, Transaction } from "@codemirror/state";
import {
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  hoverTooltip,
  keymap,
  lineNumbers,
} from "@codemirror/view";

import { completions, fieldHelp } from "./help.js";
import { offsetOf, problemRange } from "./range.js";
import { highlightStyle, theme } from "./theme.js";

/** Marks a change that the page made, of which it need not be told. */
const fromPage = Annotation.define();

/**
 * Puts an editor into `parent`.
 *
 * Tab moves the focus on until something is typed or clicked on, and then
 * indents; Escape and then Tab moves on, too (CodeMirror's own rule). `hint`
 * is read out with the label and should say so.
 *
 * @param {HTMLElement} parent
 * @param {object} options
 * @param {string} options.doc the text to begin with
 * @param {string} options.label the editor's accessible name
 * @param {string} [options.hint] its accessible description
 * @param {(text: string) => void} options.onChange called with what was typed, not after `open`
 * @param {() => void} options.onApply called for Ctrl/Cmd+Enter
 * @param {Function} [options.complete] see `help.js`
 * @param {Function} [options.describe] see `help.js`
 * @param {() => Promise<Map<string, string>>} [options.meanings] what the fields mean, by name
 */
export function mount(parent, { doc, label, hint, onChange, onApply, complete, describe, meanings }) {
  const apply = () => {
    onApply();
    return true;
  };
  const extensions = [
    keymap.of([
      { key: "Mod-Enter", run: apply },
      { key: "Tab", run: acceptCompletion },
      ...completionKeymap,
      ...searchKeymap,
      ...lintKeymap,
      ...historyKeymap,
      indentWithTab,
      ...defaultKeymap,
    ]),
    passedThrough(),
    lintGutter(),
    lineNumbers(),
    highlightActiveLineGutter(),
    highlightActiveLine(),
    history(),
    search({ top: true }),
    yaml(),
    indentUnit.of("  "),
    indentOnInput(),
    bracketMatching(),
    syntaxHighlighting(highlightStyle),
    theme,
    complete ? autocompletion({ override: [completions(complete, meanings)], icons: false }) : [],
    describe ? hoverTooltip(fieldHelp(describe, meanings)) : [],
    EditorView.contentAttributes.of({
      "aria-label": label,
      ...(hint && { "aria-description": hint }),
      spellcheck: "false",
      tabindex: "0",
    }),
    EditorView.updateListener.of((update) => {
      const typed = update.transactions.some((tr) => tr.docChanged && !tr.annotation(fromPage));
      if (typed) onChange(update.state.doc.toString());
    }),
  ];
  const view = new EditorView({ parent, state: EditorState.create({ doc, extensions }) });
  // Each document has a history and a cursor of its own.
  const states = new Map();
  let current;

  const setText = (text) => {
    const changes = difference(view.state.doc.toString(), text);
    if (!changes) return;
    view.dispatch({ changes, annotations: [fromPage.of(true), isolateHistory.of("full")] });
  };

  return {
    getText: () => view.state.doc.toString(),

    /**
     * Shows a document under its name. Of one that is shown already only what differs is replaced:
     * the cursor stays where it can, and undo brings the old text back.
     */
    open(name, text) {
      if (current !== name) {
        if (current !== undefined) states.set(current, view.state);
        // The first document is there already.
        const known = states.get(name) ?? (current === undefined ? null : EditorState.create({ doc: text, extensions }));
        if (known) view.setState(known);
        current = name;
      }
      setText(text);
    },

    /** Shows exactly these problems, until the next call. */
    setProblems(problems) {
      const diagnostics = problems.map((problem) => ({
        ...problemRange(view.state.doc, problem),
        severity: problem.severity,
        message: problem.message,
      }));
      view.dispatch(setDiagnostics(view.state, diagnostics));
    },

    focus: () => view.focus(),

    /** Offers what can be written where the cursor is. */
    complete: () => startCompletion(view),

    /** Puts the cursor on a 1-based line and column, in the middle of the view. */
    goTo(line, column) {
      const anchor = offsetOf(view.state.doc, line, column);
      view.dispatch({
        selection: { anchor },
        effects: EditorView.scrollIntoView(anchor, { y: "center" }),
      });
      view.focus();
    },

    destroy: () => view.destroy(),
  };
}

/** The one change that turns `before` into `after`, or null if they are the same. */
function difference(before, after) {
  const text = after.replace(/\r\n?/g, "\n");
  if (before === text) return null;
  const shorter = Math.min(before.length, text.length);
  let start = 0;
  while (start < shorter && before[start] === text[start]) start++;
  let end = 0;
  while (end < shorter - start && before[before.length - 1 - end] === text[text.length - 1 - end]) end++;
  return { from: start, to: before.length - end, insert: text.slice(start, text.length - end) };
}

/** Who comes by with the Tab key goes on with it: the text is indented only by those who work on it. */
function passedThrough() {
  let isPressed = false;
  return [
    EditorView.domEventHandlers({
      mousedown: (_, view) => {
        isPressed = true;
        view.setTabFocusMode(false);
      },
      focus: (_, view) => view.setTabFocusMode(!isPressed),
      blur: () => {
        isPressed = false;
      },
    }),
    EditorView.updateListener.of(({ docChanged, view, transactions }) => {
      if (docChanged && transactions.some((it) => it.annotation(Transaction.userEvent))) view.setTabFocusMode(false);
    }),
  ];
}
