// The program comes in two files: what the first step takes, and the rest, which is loaded when the
// page is there, or when something is called in it before that. See crates/split.

import { fileUrl } from "./assets.js";

let first;
let url;
let isThere;
let loading;
let fetching;
let come;
const coming = new Promise((resolve) => (come = resolve));

/** Takes the exports of the first file, of which the rest imports, and the name of the rest, if there is one. */
export function shareFirst(exports, name) {
  first = exports;
  url = name && fileUrl(name);
  isThere = !url;
}

/** The name of the rest, as the page has it. */
export function restOfPage() {
  return document.querySelector('meta[name="rest"]')?.content;
}

/** Whether the page opens with work that needs the rest at once: a lesson, another's, or what was kept. */
export function opensWork(keptAs) {
  try {
    const names = new URLSearchParams(location.search);
    const isKept = Object.keys(localStorage).some((key) => key.startsWith(keptAs));
    return location.hash.length > 1 || isKept || ["lesson", "scenario", "embed"].some((it) => names.has(it));
  } catch {
    // Nothing can be kept in this browser.
    return false;
  }
}

export function restIsThere() {
  return isThere;
}

/** Resolves when the rest is there, whoever has it loaded. */
export function restComes() {
  return coming;
}

/** Loads the rest when the page has been painted, or is not to be seen, and has nothing else to do. */
export async function loadRestWhenPainted() {
  await new Promise((resolve) => {
    const whenIdle = globalThis.requestIdleCallback ?? setTimeout;
    requestAnimationFrame(() => whenIdle(resolve));
    setTimeout(resolve, 1000);
  });
  // Without it goes on, too: what is needed is loaded when it is called.
  await loaded().catch(() => {});
}

/**
 * Loads the rest for something that waits for it. Where that fails it is said, and tried again; a page
 * around an element has no place for that, so there what is called in the rest says it.
 */
export async function restNeeded() {
  const notice = document.getElementById("cut-off");
  if (!notice) return loaded().catch(() => {});
  for (;;) {
    try {
      await loaded();
      notice.hidden = true;
      return;
    } catch (error) {
      document.getElementById("cut-off-details").textContent = String(error);
      notice.hidden = false;
      await new Promise((again) => {
        document.getElementById("cut-off-again").addEventListener("click", again, { once: true });
        addEventListener("online", again, { once: true });
      });
    }
  }
}

function loaded() {
  return isThere ? Promise.resolve() : (loading ??= load());
}

async function load() {
  try {
    fetching = new AbortController();
    const response = await fetch(url, { signal: fetching.signal });
    if (!response.ok) throw new Error(`the server answers ${response.status}`);
    // Compiled from bytes: not every host says that they are WASM.
    const module = await WebAssembly.compile(await response.arrayBuffer());
    if (isThere) return;
    await WebAssembly.instantiate(module, importsOf(module));
    hasCome();
  } catch (error) {
    // Meanwhile it may have been loaded for who could not wait.
    if (!isThere) throw error;
  } finally {
    loading = undefined;
  }
}

/** What the rest takes of the first: functions are named by the slots that they are in. */
function importsOf(module) {
  const imports = { ...first };
  for (const { name, kind } of WebAssembly.Module.imports(module)) {
    if (kind === "function") imports[name] = first.slots.get(Number(name));
  }
  return { first: imports };
}

function hasCome() {
  isThere = true;
  come();
}

/** Loads the rest now: what calls this cannot wait. */
export function loadRest() {
  if (isThere) return;
  fetching?.abort();
  const request = new XMLHttpRequest();
  // By another name: the browser's cache lets a second request for a file wait until the first is
  // done, which this would keep from that.
  request.open("GET", `${url}?now`, false);
  // Bytes as characters: a request that is waited for cannot give them otherwise.
  request.overrideMimeType("text/plain; charset=x-user-defined");
  try {
    request.send();
    if (request.status >= 400) throw new Error(`the server answers ${request.status}`);
  } catch (error) {
    throw new Error(`a part of the page cannot be loaded (${error.message}): reload when the network is there`);
  }
  const bytes = Uint8Array.from(request.responseText, (char) => char.charCodeAt(0));
  const module = new WebAssembly.Module(bytes);
  new WebAssembly.Instance(module, importsOf(module));
  hasCome();
}
