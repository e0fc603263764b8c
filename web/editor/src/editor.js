// The page's YAML editor. The page loads this file beside its WASM and calls
// `mount`; nothing else here is known outside.

import { defaultKeymap, history, historyKeymap, indentWithTab, isolateHistory } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { search, searchKeymap } from "@codemirror/search";
import { Annotation, EditorState } from "@codemirror/state";
import {
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from "@codemirror/view";

import { offsetOf, problemRange } from "./range.js";
import { highlightStyle, theme } from "./theme.js";

/** Marks a change that the page made, of which it need not be told. */
const fromPage = Annotation.define();

/**
 * Puts an editor into `parent`.
 *
 * Tab indents; Escape and then Tab moves the focus on (CodeMirror's own
 * rule). `hint` is read out with the label and should say so.
 *
 * @param {HTMLElement} parent
 * @param {object} options
 * @param {string} options.doc the text to begin with
 * @param {string} options.label the editor's accessible name
 * @param {string} [options.hint] its accessible description
 * @param {(text: string) => void} options.onChange called with what was typed, not after `setText`
 * @param {() => void} options.onApply called for Ctrl/Cmd+Enter
 */
export function mount(parent, { doc, label, hint, onChange, onApply }) {
  const apply = () => {
    onApply();
    return true;
  };
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc,
      extensions: [
        keymap.of([
          { key: "Mod-Enter", run: apply },
          ...searchKeymap,
          ...lintKeymap,
          ...historyKeymap,
          indentWithTab,
          ...defaultKeymap,
        ]),
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
        EditorView.contentAttributes.of({
          "aria-label": label,
          ...(hint && { "aria-description": hint }),
          spellcheck: "false",
        }),
        EditorView.updateListener.of((update) => {
          const typed = update.transactions.some((tr) => tr.docChanged && !tr.annotation(fromPage));
          if (typed) onChange(update.state.doc.toString());
        }),
      ],
    }),
  });

  return {
    getText: () => view.state.doc.toString(),

    /** Replaces what differs; the cursor stays where it can, and undo brings the old text back. */
    setText(text) {
      const changes = difference(view.state.doc.toString(), text);
      if (!changes) return;
      view.dispatch({ changes, annotations: [fromPage.of(true), isolateHistory.of("full")] });
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
