// Opens the page, or another one with a player in it, in Chromium, with its program replaced by one
// that tells what of it runs, until the first step can be taken, touches all there is, and writes down
// what ran: a byte for each stretch, 1 if it ran.
//
// node first_step.mjs page|player SITE WASM STRETCHES OUT CHROMIUM

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { basename, extname, join, normalize } from "node:path";

const [opener, site, wasm, stretches, out, chromium] = process.argv.slice(2);
const TIMEOUT_S = 120;
/**
 * How the page is opened: where it waits for the rest at once, for the first time, and by somebody who
 * was here before.
 */
const PAGE_WAYS = ["/?lesson=one-per-node", "/", "/?again"];
const inside = (fields) =>
  `<daemonset-playground><pre>apiVersion: daemonset-playground/v1\nkind: Scenario\n${fields}</pre></daemonset-playground>`;
/**
 * How a player is opened: with a scenario that has all there can be and with one that has little; where
 * it waits for the rest, for one reason or another; and with each lesson.
 */
const PLAYERS = {
  "/player?all": '<daemonset-playground src="./scenario.yaml"></daemonset-playground>',
  "/player?little": inside("nodePools: [ { name: a } ]\nsteps: [ { say: It is there. } ]"),
  "/player?waits-to-step": '<daemonset-playground src="./scenario.yaml" panes="cluster,why" step="1"></daemonset-playground>',
  "/player?waits-to-act": inside("nodePools: [ { name: a } ]\nsteps: [ { kubectl: cordon a-1 }, { say: It is cordoned. } ]"),
  "/player?waits-to-expect": inside("nodePools: [ { name: a } ]\nsteps: [ { say: It is. }, { expect: { node: a-1, status: Ready } } ]"),
  "/player?waits-for-pods": inside("objects: [ { apiVersion: v1, kind: Pod } ]"),
  "/player?waits-for-manifests": "<daemonset-playground><pre>kind: Pod</pre></daemonset-playground>",
};
for (const lesson of readdirSync(join(site, "lessons")).map((file) => basename(file, ".yaml"))) {
  PLAYERS[`/player?${lesson}`] = `<daemonset-playground lesson="${lesson}"></daemonset-playground>`;
}
const WAYS = opener === "player" ? Object.keys(PLAYERS) : PAGE_WAYS;
const SCENARIO = readFileSync(join(import.meta.dirname, "first_step.yaml"), "utf8");
const TYPES = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".wasm": "application/wasm",
};

/** Runs in the page, before its own scripts. */
function watch(count, ways) {
  const ran = new Uint8Array(count);
  const tell = { "first-step": { ran: (stretch) => void (ran[stretch] = 1) } };
  for (const call of ["instantiate", "instantiateStreaming"]) {
    const original = WebAssembly[call];
    WebAssembly[call] = (source, imports) => original.call(WebAssembly, source, { ...imports, ...tell });
  }
  if (location.search !== "?again") localStorage.clear();
  // With its editor, where it has one; and a while longer, as some of it comes after that.
  const [step, editor] = ['[data-testid="step-forward"]', ".cm-content"];
  const awaited = { "": [step, editor], "?again": [step, editor] };
  const ofPlayer = location.search.startsWith("?waits") ? ".page--player" : step;
  const player = () => document.querySelector("daemonset-playground")?.shadowRoot;
  const all = (selector) => [...(player() ?? document).querySelectorAll(selector)];
  const wait = () => {
    const parts = awaited[location.search] ?? (location.pathname === "/player" ? [ofPlayer] : []);
    const isThere = parts.every((it) => all(it).length > 0);
    setTimeout(isThere ? touch : wait, isThere ? 1000 : 20);
  };
  // All that can be touched: what it does waits for the rest, but that it is touched does not.
  const touch = () => {
    for (const type of ["pointermove", "pointerover", "mouseover"]) {
      all(".page *").forEach((it) => it.dispatchEvent(new PointerEvent(type, { bubbles: true })));
    }
    for (const key of ["ArrowRight", "ArrowLeft", " ", "s", ".", "?", "x"]) {
      (all(".page--player")[0] ?? document.body).dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    }
    for (const input of all(".page :is(input, select, textarea)")) {
      for (const type of ["focus", "input", "change"]) input.dispatchEvent(new InputEvent(type, { bubbles: true }));
      input.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
      input.form?.requestSubmit();
    }
    document.querySelector(".cm-content")?.focus();
    document.execCommand("insertText", false, "#");
    all(".page button").forEach((it) => it.click());
    setTimeout(done, 500);
  };
  const done = async () => {
    await fetch("/ran", { method: "POST", body: ran });
    const next = ways[ways.indexOf(location.pathname + location.search) + 1];
    if (next) location.href = next;
  };
  wait();
}

const ran = new Uint8Array(Number(stretches));
let went = 0;

const server = createServer((request, response) => {
  const path = new URL(request.url, "http://page").pathname;
  if (request.method === "POST") {
    const parts = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => {
      response.end();
      Buffer.concat(parts).forEach((byte, stretch) => (ran[stretch] |= byte));
      went += 1;
      if (went < WAYS.length) return;
      writeFileSync(out, ran);
      end(0);
    });
    return;
  }
  // What waits for the rest is no part of this.
  if (path === "/rest") return;
  const player = PLAYERS[path + new URL(request.url, "http://page").search];
  const [type, body] = player
    ? ["text/html", `<!doctype html><script src="./watch.js"></script><script type="module" src="./embed.js"></script>${player}`]
    : (answer(path === "/" ? "/index.html" : path) ?? []);
  if (!body) return response.writeHead(404).end();
  response.setHeader("content-type", type);
  response.end(body);
});

function answer(path) {
  const type = TYPES[extname(path)] ?? "application/octet-stream";
  if (path === "/scenario.yaml") return ["text/plain", SCENARIO];
  if (path === "/watch.js") return [type, `(${watch})(${stretches}, ${JSON.stringify(WAYS)})`];
  try {
    const body = readFileSync(path.endsWith(".wasm") ? wasm : join(site, normalize(path)));
    if (path === "/embed.js") return [type, String(body).replace('"rest":""', '"rest":"rest"')];
    if (path !== "/index.html") return [type, body];
    const head = '<head><meta name="rest" content="rest"><script src="./watch.js"></script>';
    return [type, String(body).replace("<head>", head)];
  } catch {
    return undefined;
  }
}

const profile = mkdtempSync(join(tmpdir(), "first-step-"));
let browser;
const end = (code) => {
  browser?.kill("SIGKILL");
  server.close();
  server.closeAllConnections();
  setTimeout(() => {
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    process.exit(code);
  }, 200);
};
server.listen(0, "127.0.0.1", () => {
  const args = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    `--user-data-dir=${profile}`,
    `http://127.0.0.1:${server.address().port}${WAYS[0]}`,
  ];
  browser = spawn(chromium, args, { stdio: "ignore" });
  browser.on("error", (error) => {
    console.error(`cannot start ${chromium}: ${error.message}`);
    end(1);
  });
});
setTimeout(() => {
  console.error(`the page has not come up within ${TIMEOUT_S} s`);
  end(1);
}, TIMEOUT_S * 1000).unref();
