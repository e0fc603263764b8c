// Between the page's WASM and the editor's bundle, which is loaded when the page is there already.

export async function load(parent, doc, label, hint, onChange, onApply) {
  const { mount } = await import(new URL("editor.js", document.baseURI).href);
  return mount(parent, { doc, label, hint, onChange, onApply });
}

export function setProblems(editor, lines, columns, messages) {
  const texts = messages.split("\0");
  editor.setProblems(
    Array.from(lines, (line, i) => ({ line, column: columns[i], message: texts[i], severity: "error" })),
  );
}
