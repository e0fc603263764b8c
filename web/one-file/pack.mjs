// Packs a built site into one page, which opens from disk.
//
// node web/one-file/pack.mjs SITE PROGRAM
//
// PROGRAM is what wasm-bindgen made of the whole program. Its parts are packed with LZMA: what a
// browser unpacks by itself is a third larger.

import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { SETTINGS, unpack } from "./lzma.js";
import { fromText, toUnits } from "./words.js";

const [site, program] = process.argv.slice(2).map((it) => resolve(it));
const require = createRequire(join(import.meta.dirname, "../editor/package.json"));
const esbuild = require("esbuild");
const { compressFile } = require("lzma-purejs");

const NAME = "playground.html";
const BYTES_MAX = 1_000_000;
/** What the page loads when it needs it, and the licences of what is in that. */
const ON_DEMAND = ["editor.js", "archive.js", "cannot_start.js", "editor.js.LICENSE.txt"];
/** What the page can do without: where there is no room for it, it is empty. */
const IF_IT_FITS = "descriptions.txt";
/** As in index.html; but a file on a disk is of no origin, and the parts have addresses as blobs. */
const policy = (scripts) =>
  [
    "default-src 'none'",
    `script-src ${scripts.map(hashOf).join(" ")} 'wasm-unsafe-eval' blob:`,
    "style-src 'unsafe-inline'",
    "img-src data: blob:",
    "connect-src 'self' https: blob:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");

const page = readFileSync(join(site, "index.html"), "utf8");
const read = (name) => readFileSync(join(site, name));
const style = read(named(/<link rel="stylesheet" href="\.\/([^"]+)"/));
const main = await bundle({
  stdin: {
    contents: `import init from "./web.js"; export const start = (bytes) => init({ module_or_path: bytes });`,
    resolveDir: program,
  },
  format: "esm",
});
const open = await bundle({ entryPoints: [join(import.meta.dirname, "open.js")], format: "iife" });
const scripts = [...classicScripts(), open];

const head = [
  ...kept(/<meta [^>]*name="(?!rest|offline)[^>]*>/g),
  ...kept(/<title>.*<\/title>/g),
  ...kept(/<link rel="icon"[^>]*>/g),
];
const parts = [
  packed("main.js", Buffer.from(main)),
  packed("program.wasm", withoutCustomSections(readFileSync(join(program, "web_bg.wasm")))),
  ...ON_DEMAND.map((name) => packed(name, read(name))),
];
const whole = pageOf([...parts, packed(IF_IT_FITS, read(IF_IT_FITS))]);
const fits = whole.length <= BYTES_MAX;
if (!fits) console.error(`${NAME} has no room for ${IF_IT_FITS}`);
writeFileSync(join(site, NAME), fits ? whole : pageOf([...parts, packed(IF_IT_FITS, Buffer.alloc(0))]));

function pageOf(parts) {
  const text = [
    kept(/<!doctype html>\s*<html[^>]*>/gi)[0],
    "<head>",
    `<meta http-equiv="Content-Security-Policy" content="${policy(scripts)}">`,
    ...head,
    packed("page.css", style),
    ...scripts.map((script) => `<script>${script}</script>`),
    "</head>",
    kept(/<body>[^]*(?=<\/body>)/g)[0].replace(/<!--[^]*?-->\s*/g, ""),
    ...parts,
    "</body>",
    "</html>",
  ].join("\n");
  return Buffer.from(`\ufeff${text}`, "utf16le");
}

function hashOf(script) {
  return `'sha256-${createHash("sha256").update(script).digest("base64")}'`;
}

function kept(pattern) {
  const found = page.match(pattern);
  if (!found) throw new Error(`index.html has nothing like ${pattern}`);
  return found;
}

function named(pattern) {
  const found = pattern.exec(page);
  if (!found) throw new Error(`index.html has nothing like ${pattern}`);
  return found[1];
}

/** What stands in the page's scripts that are no modules, and so begins before all else. */
function classicScripts() {
  const files = [...page.matchAll(/<script src="\.\/([^"]+)"><\/script>/g)];
  return files.map(([, file]) => String(read(file)).trim());
}

async function bundle(options) {
  const built = await esbuild.build({
    ...options,
    bundle: true,
    minify: true,
    charset: "utf8",
    target: "es2022",
    write: false,
    logLevel: "warning",
    // wasm-bindgen names a module once for each thing that is imported from it.
    logOverride: { "duplicate-object-key": "silent" },
  });
  return built.outputFiles[0].text.trim();
}

function packed(name, bytes) {
  const small = Uint8Array.from(compressFile(bytes, undefined, { a: 2, d: 23, fb: 273, mf: "bt4", ...SETTINGS }));
  const text = Buffer.from(Uint16Array.from(toUnits(small)).buffer).toString("utf16le");
  if (Buffer.compare(unpack(fromText(text)), bytes) !== 0) throw new Error(`${name} comes out other than it went in`);
  return `<script type="text/plain" id="packed/${name}">${text}</script>`;
}

/** Names, and what the linker knew, are for those who build. */
function withoutCustomSections(wasm) {
  const CUSTOM = 0;
  const sections = [wasm.subarray(0, 8)];
  for (let at = 8; at < wasm.length; ) {
    const start = at++;
    let size = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = wasm[at++];
      size |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    at += size;
    if (wasm[start] !== CUSTOM) sections.push(wasm.subarray(start, at));
  }
  return Buffer.concat(sections);
}
