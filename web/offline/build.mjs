// Writes the service worker of a built site, with the files it keeps, and has the page load it.
//
// node web/offline/build.mjs SITE

import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const site = process.argv[2];
const require = createRequire(join(import.meta.dirname, "../editor/package.json"));
const esbuild = require("esbuild");

/** What the page never asks for; some of it is for other pages, of which none is kept. */
const NOT_OF_THE_PAGE = [
  /^\./,
  /^embed\./,
  /^lessons\//,
  /^npm\//,
  /^player-/,
  /^playground\.html$/,
  /^sw\.js$/,
  /\.LICENSE\.txt$/,
];

const hashOf = (bytes) => createHash("sha256").update(bytes).digest("hex");
const small = (code, define) => esbuild.transformSync(code, { minify: true, target: "es2022", define }).code;
const source = (name) => readFileSync(join(import.meta.dirname, name), "utf8");

const offline = small(source("offline.js"));
const offlineName = `offline-${hashOf(offline).slice(0, 16)}.js`;
writeFileSync(join(site, offlineName), offline);
const page = join(site, "index.html");
const html = readFileSync(page, "utf8");
writeFileSync(page, html.replace("<head>", `<head>\n  <meta name="offline" content="./${offlineName}">`));

const files = readdirSync(site, { recursive: true })
  .map((name) => name.replaceAll("\\", "/"))
  .filter((name) => statSync(join(site, name)).isFile() && !NOT_OF_THE_PAGE.some((it) => it.test(name)))
  .sort()
  .map((name) => [name, hashOf(readFileSync(join(site, name)))]);
const version = hashOf(JSON.stringify(files)).slice(0, 16);
const worker = small(source("sw.js"), { FILES: JSON.stringify(files), VERSION: JSON.stringify(version) });
writeFileSync(join(site, "sw.js"), worker);
