// What esbuild adds to the site, after Trunk has built the rest: the editor and
// what makes archives, each in one file, with the licences of their packages;
// the inline scripts of the page as a file, so that its Content-Security-Policy
// needs no exception for them; and in a release the other scripts and styles made
// small. Trunk runs this as a hook (.trunk.toml).

import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const site = process.env.TRUNK_STAGING_DIR;
const isRelease = process.env.TRUNK_PROFILE === "release";
if (!site) stop("this is a hook of Trunk: run `cargo xtask serve` or `cargo xtask dist`");

process.chdir(import.meta.dirname);
const esbuild = await import("esbuild").catch(() =>
  stop("web/editor/node_modules is missing or incomplete: run `cargo xtask setup`"),
);

if (isRelease) await joinGlue();
moveInlineScripts();
const playerStyles = writePlayerStyles();
if (isRelease) {
  joinStyles();
  for (const file of readdirSync(site, { recursive: true })) minify(join(site, file));
}
writeElement();
await bundle();

/**
 * One file of what stands between the program and the browser, rather than one for each of its sources:
 * fewer requests, fewer bytes, and a name that changes with any of them.
 */
async function joinGlue() {
  const page = join(site, "index.html");
  const html = readFileSync(page, "utf8");
  const old = /href="\.\/(web-[0-9a-f]+\.js)"/.exec(html)?.[1] ?? stop("index.html names no script of the program");
  const options = { entryPoints: [join(site, old)], bundle: true, minify: true, write: false, format: "esm", target: "esnext" };
  const { outputFiles } = await esbuild.build({ ...options, logLevel: "warning" }).catch(() => stop(`${old} cannot be bundled`));
  rmSync(join(site, old));
  rmSync(join(site, "snippets"), { recursive: true });
  const name = writeHashed("web", ".js", outputFiles[0].text);
  const others = /<link rel="modulepreload" href="\.\/snippets\/[^>]*>/g;
  writeFileSync(page, html.replace(others, "").replaceAll(old, name));
}

/** Puts each script that stands in the page into a file of its own. */
function moveInlineScripts() {
  const page = join(site, "index.html");
  const html = readFileSync(page, "utf8").replace(
    /<script((?:\s+(?!src=)[\w-]+(?:="[^"]*")?)*)>([^]*?)<\/script>/g,
    (_, attributes, inline) => {
      const code = withAddress(withAnyType(inline));
      return `<script${attributes} src="./${writeHashed("start", ".js", code)}"></script>`;
    },
  );
  writeFileSync(page, html);
}

/**
 * Hosts that do not know WASM send it as something else: then it is taken as bytes. Otherwise the page
 * would find that out by itself, and complain about it on the console.
 */
function withAnyType(code) {
  const typed = `(it) => it.ok && it.headers.get("content-type") !== "application/wasm" ? it.arrayBuffer() : it`;
  return code.replace(/(module_or_path: ?)('[^']+'|"[^"]+")/, (_, name, url) => `${name}fetch(${url}).then(${typed})`);
}

/** What `trunk serve` would put into a script that stands in the page: where the page tells it of a new build. */
function withAddress(code) {
  return code
    .replace("'{{__TRUNK_ADDRESS__}}'", "location.host")
    .replace("{{__TRUNK_WS_BASE__}}", "/")
    .replace("{{__TRUNK_WS_PROTOCOL__}}", "");
}

/** One file of styles rather than one for each of their sources: fewer requests, and fewer bytes. */
function joinStyles() {
  const page = join(site, "index.html");
  const files = [];
  const html = readFileSync(page, "utf8").replace(/ *<link rel="stylesheet" href="\.\/([^"]+)"\/?>\n/g, (_, file) => {
    files.push(join(site, file));
    return "";
  });
  const name = writeHashed("page", ".css", files.map((file) => readFileSync(file, "utf8")).join("\n"));
  for (const file of files) rmSync(file);
  writeFileSync(page, html.replace("</title>", `</title>\n  <link rel="stylesheet" href="./${name}">`));
}

/**
 * The styles of a player in another page: it is as wide as its element and not as the window, and each
 * token can be set from outside. Those of what most players do not show are a file of their own.
 */
function writePlayerStyles() {
  const html = readFileSync(join(site, "index.html"), "utf8");
  const files = [...html.matchAll(/<link rel="stylesheet" href="\.\/((\w+)-[^"]+)"/g)].map(([, file, of]) => ({ file, of }));
  const write = (name, isIn, own) => {
    const of = files.filter(({ of }) => isIn(of)).map(({ file }) => readFileSync(join(site, file), "utf8"));
    const tokens = of.join("\n").replace(/:root,\s*:host \{\s*color-scheme: light dark;([^}]*)\}/, (_, tokens) => {
      const open = tokens.replace(/--([\w-]+):\s*([^;]+);/g, "--$1: var(--dsp-$1, $2);");
      return `:host {${open}}`;
    });
    const styles = `${tokens}\n${own}`.replace(/@media \((min|max)-width:/g, "@container ($1-width:");
    return `./${writeHashed(name, ".css", styles)}`;
  };
  // It has no head, and what keeps it from starting its element says by itself.
  const [never, panes] = [["head", "start"], ["panes", "console", "dialog"]];
  const isAlways = (of) => !never.includes(of) && !panes.includes(of);
  return {
    style: write("player", isAlways, readFileSync("../embed/player.css", "utf8")),
    panes: write("player-panes", (of) => panes.includes(of), ""),
  };
}

/** Writes a file, the name of which changes with what is in it, and gives the name. */
function writeHashed(begins, ending, text) {
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 16);
  const name = `${begins}-${hash}${ending}`;
  writeFileSync(join(site, name), text);
  return name;
}

/** The element, which knows the other files by their names. */
function writeElement() {
  const html = readFileSync(join(site, "index.html"), "utf8");
  const named = (pattern) => pattern.exec(html)?.[1] ?? stop(`index.html names no ${pattern}`);
  const files = {
    glue: named(/href="(\.\/web-[0-9a-f]+\.js)"/),
    program: named(/href="(\.\/[\w-]+\.wasm)"/),
    // Until the program is cut in two.
    rest: "",
    ...playerStyles,
  };
  const { code } = esbuild.transformSync(readFileSync("../embed/embed.js", "utf8"), {
    minify: isRelease,
    define: { NAMES_OF_FILES: JSON.stringify(JSON.stringify(files)) },
  });
  writeFileSync(join(site, "embed.js"), code);
  writeFileSync(join(site, "embed.d.ts"), readFileSync("../embed/embed.d.ts", "utf8"));
}

/** Trunk's own minifier does not understand what wasm-bindgen writes. */
function minify(path) {
  const loader = /\.(js|css)$/.exec(path)?.[1];
  if (!loader) return;
  // What old browsers must understand stays as old as it is.
  const target = /(cannot_start|watch)[^/]*$/.test(path) ? "es5" : "esnext";
  const { code } = esbuild.transformSync(readFileSync(path, "utf8"), { loader, minify: true, target });
  writeFileSync(path, code);
}

async function bundle() {
  const options = {
    entryPoints: ["src/editor.js", "src/archive.js"],
    outdir: site,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    metafile: true,
    logLevel: "warning",
  };
  // esbuild itself has said why when it fails.
  const { metafile } = await esbuild.build(options).catch(() => stop("the editor cannot be bundled"));
  writeFileSync(join(site, "editor.js.LICENSE.txt"), licenses(Object.keys(metafile.inputs)));
}

/** The licence texts of all packages that files were taken from. */
function licenses(files) {
  const inPackage = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//;
  const packages = new Set(files.map((file) => inPackage.exec(file)?.[1]).filter(Boolean));
  return [...packages]
    .sort()
    .map((name) => `${name}\n\n${readFileSync(join("node_modules", name, "LICENSE"), "utf8").trim()}\n`)
    .join(`\n${"-".repeat(72)}\n\n`);
}

function stop(message) {
  console.error(`web/editor/build.mjs: ${message}`);
  process.exit(1);
}
