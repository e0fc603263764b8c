// Between the page's WASM and the editor's bundle, which is loaded when the page is there already.

import { fileUrl } from "../assets.js";

export async function load(parent, options, calls) {
  const { mount } = await import(fileUrl("editor.js"));
  return mount(parent, { ...options, ...calls });
}

export function makeCalls(onChange, onApply, complete, describe) {
  return {
    onChange,
    onApply,
    complete: (text, line, column) => JSON.parse(complete(text, line, column)),
    describe: (text, line, column) => JSON.parse(describe(text, line, column)),
    // What the fields mean is a file of its own, loaded when first asked for.
    meanings: once(async () => {
      const response = await fetch(fileUrl("descriptions.txt"));
      const lines = (await response.text()).split("\n");
      return new Map(lines.map((line) => split(line)));
    }),
  };
}

function split(line) {
  const at = line.indexOf(" ");
  return [line.slice(0, at), line.slice(at + 1)];
}

function once(make) {
  let made;
  return () => (made ??= make());
}
