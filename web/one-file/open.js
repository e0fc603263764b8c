// Opens the page in one file: what it is made of stands packed in elements of the page.

import { unpack } from "./lzma.js";
import { fromText } from "./words.js";

const TYPES = { js: "text/javascript", txt: "text/plain", css: "text/css", wasm: "application/wasm" };

function bytesOf(name) {
  const element = document.getElementById(`packed/${name}`);
  return unpack(fromText(element.textContent));
}

function urlOf(name) {
  const type = TYPES[name.split(".").pop()];
  return URL.createObjectURL(new Blob([bytesOf(name)], { type }));
}

// Before anything is painted.
const style = document.createElement("style");
style.textContent = new TextDecoder().decode(bytesOf("page.css"));
document.head.append(style);

// What the page asks for by name when it needs it, unpacked then.
const urls = {};
globalThis.packedFiles = new Proxy(urls, {
  get: (_, name) => (urls[name] ??= document.getElementById(`packed/${name}`) ? urlOf(name) : undefined),
});

addEventListener("DOMContentLoaded", async () => {
  // The frame is painted first.
  await new Promise((painted) => requestAnimationFrame(() => setTimeout(painted)));
  const { start } = await import(urlOf("main.js"));
  await start(bytesOf("program.wasm"));
});
