import assert from "node:assert/strict";
import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { build } from "esbuild";

import { node, open, project, serve, tool } from "./support.js";

const REPOSITORY = new URL("../../", import.meta.url);

let directory, packed, remove;
/** What came of `use` in Node: it must be the same everywhere. */
let expected;

before(async () => {
  ({ directory, packed, remove } = await project());
  expected = JSON.parse(
    await node(
      directory,
      "--input-type=module",
      "--eval",
      `import * as playground from "daemonset-playground";
       import { use } from "./use.js";
       console.log(JSON.stringify(await use(playground)));`,
    ),
  );
});

after(() => remove?.());

/** What a page tells is what came of it in Node, and nothing was complained of. */
async function check(url) {
  assert.deepEqual(await open(url), { value: expected, said: [] });
}

/** Runs a module in the project. */
function runs(text) {
  return node(directory, "--input-type=module", "--eval", text);
}

test("it holds what is needed, the site, and nothing else", async () => {
  const files = packed.files.map((it) => it.path).sort();
  assert.deepEqual(
    files.filter((it) => !it.startsWith("site/")),
    [
      "LICENSE",
      "README.md",
      "core.js",
      "index.d.ts",
      "index.js",
      "node.js",
      "package.json",
      "playground.js",
      "playground.wasm",
    ],
  );
  const manifest = JSON.parse(await readFile(join(directory, "node_modules/daemonset-playground/package.json"), "utf8"));
  const workspace = await readFile(new URL("Cargo.toml", REPOSITORY), "utf8");
  assert.equal(manifest.version, /^version = "(.+)"$/m.exec(workspace)[1]);
  assert.equal(manifest.dependencies, undefined);
});

test("in Node it rolls out, goes back and explains", () => {
  assert.equal(expected.first.actor, "daemonset-controller");
  assert.equal(expected.first.step, 2);
  assert.match(expected.first.what, /^created revision default\/agent-/);
  assert.equal(expected.ran.quiet, true);
  assert.deepEqual(expected.tainted, { output: "node/worker-2 tainted\n", exitCode: 0 });
  assert.deepEqual(expected.onTwo.toSorted(), ["worker-1", "worker-3"]);
  assert.deepEqual(expected.onThree.toSorted(), ["worker-1", "worker-2", "worker-3"]);
  assert.match(expected.reason, /disk=full:NoExecute/);
  assert.equal(expected.remedies.length, 1);
  assert.ok(expected.last > expected.ran.steps);
  assert.deepEqual(expected.wrong, [true, 8, 42, "spec.template.spec.containers[0].imagee"]);
});

test("lessons come to the same as natively", async () => {
  const parity = await readFile(new URL("tests/parity.rs", REPOSITORY), "utf8");
  const [, digest] = /DIGEST: &str = "(\w+)"/.exec(parity);
  const lesson = new URL("web/lessons/first-rollout.yaml", REPOSITORY).pathname;
  const played = await runs(
    `import { readFileSync } from "node:fs";
     import { Playground } from "daemonset-playground";
     const playground = await Playground.load(readFileSync(${JSON.stringify(lesson)}, "utf8"));
     console.log(JSON.stringify(playground.play()));`,
  );
  const { failures, checks, told, ...rest } = JSON.parse(played);
  assert.deepEqual(failures, []);
  assert.ok(checks.passed > 0 && told.some((it) => "say" in it));
  assert.equal(rest.digest, digest);
});

test("what is wrong is an error that says so", async () => {
  const said = await runs(
    `import { Playground, init } from "daemonset-playground";
     const said = [];
     const hear = async (call) => { try { await call(); said.push("nothing"); } catch (error) { said.push(String(error)); } };
     await hear(() => init(new Response("<html>", { headers: { "content-type": "text/html" } })));
     await hear(() => init(new Response("", { status: 404 })));
     await hear(() => Playground.load(5));
     await hear(() => Playground.load("kind: Scenario"));
     const playground = await Playground.load("apiVersion: v1\\nkind: Node\\nmetadata: { name: a }");
     await hear(() => playground.run("soon"));
     await hear(() => playground.run(NaN));
     await hear(() => playground.run(1000001));
     await hear(() => playground.seek("1"));
     await hear(() => playground.fault("node/b power off"));
     await hear(() => playground.explain("a"));
     await hear(() => playground.play({ until: "there" }));
     await hear(() => playground.kubectl("apply -f -", { files: { "-": 5 } }));
     await hear(() => new Playground());
     playground.free();
     playground.free();
     await hear(() => playground.state());
     console.log(JSON.stringify(said));`,
  );
  assert.deepEqual(JSON.parse(said), [
    "Error: daemonset-playground: expected playground.wasm at , found something else (text/html); put the file there, or give init() its address",
    "Error: daemonset-playground: expected playground.wasm at , found status 404; put the file there, or give init() its address",
    "TypeError: yaml must be a string, not number",
    "LoadError: 1:1: error: apiVersion: expected daemonset-playground/v1, found nothing",
    'Error: cannot run for "soon": give quiet, a duration such as 60s, or 5 steps',
    "TypeError: until must be a number, 0 or more, not NaN",
    "Error: cannot run for 1000001 steps: at most 1000000",
    "TypeError: step must be a number, 0 or more, not 1",
    'Error: there is no machine "b"',
    "Error: there is no DaemonSet in the cluster",
    "Error: no mark there; the scenario has none",
    'TypeError: files["-"] must be a string, not number',
    "TypeError: a Playground is made by `await Playground.load(yaml)`",
    "Error: this Playground is closed: free() was called",
  ]);
});

test("what its README shows runs", async () => {
  const readme = await readFile(join(directory, "node_modules/daemonset-playground/README.md"), "utf8");
  const [, example] = /```js\n([^]+?)```/.exec(readme);
  const told = await runs(`${example}\nconsole.log(playground.state().step, playground.explain("worker-2").reason);`);
  const [, reason] = /reason; +\/\/ "(.+)"/.exec(example);
  assert.match(told, new RegExp(`^\\d+ ${reason}\n$`));
});

test("its types are what they should be", async () => {
  const tsc = (...args) => node(directory, tool("typescript/bin/tsc"), "--noEmit", "--strict", ...args, "types.ts");
  await tsc("--target", "es2022", "--lib", "es2023,esnext.disposable", "--module", "nodenext");
  await tsc("--target", "es2022", "--lib", "es2023,esnext.disposable,dom", "--module", "esnext", "--moduleResolution", "bundler");
});

test("a page without a bundler takes it from any host", async () => {
  for (const type of ["application/wasm", "text/plain", undefined]) {
    const host = await serve(directory, type);
    await check(`${host.url}/plain.html`).finally(host.close);
  }
});

test("the element is in it, with all that it loads", async () => {
  const site = join(directory, "node_modules/daemonset-playground/site");
  const element = await readFile(join(site, "embed.js"), "utf8");
  const names = Object.values(JSON.parse(/\{"glue":[^}]*\}/.exec(element)[0])).filter(Boolean);
  assert.ok(names.length >= 3);
  for (const name of [...names, "index.html", "lessons/rolling-update.yaml"]) await readFile(join(site, name));
});

test("Vite builds it", async () => {
  await node(directory, tool("vite/bin/vite.js"), "build", "--base=./", "--outDir=vite", "--logLevel=error");
  const host = await serve(directory);
  await check(`${host.url}/vite/index.html`).finally(host.close);
});

test("Vite serves it while it is worked on", async () => {
  const { createServer } = await import("vite");
  const server = await createServer({
    root: directory,
    configFile: false,
    logLevel: "error",
    server: { host: "127.0.0.1", port: 0 },
  });
  await server.listen();
  const { port } = server.httpServer.address();
  await check(`http://127.0.0.1:${port}/index.html`).finally(() => server.close());
});

test("esbuild bundles it, with the program beside the bundle or by a loader", async () => {
  const options = { absWorkingDir: directory, bundle: true, format: "esm", logLevel: "error" };
  await build({ ...options, entryPoints: ["app.js"], outfile: "esbuild/app.js" });
  const wasm = "node_modules/daemonset-playground/playground.wasm";
  await copyFile(join(directory, wasm), join(directory, "esbuild/playground.wasm"));
  await build({ ...options, entryPoints: { app: "app-with-loader.js" }, outdir: "loader", loader: { ".wasm": "file" } });
  const page = await readFile(join(directory, "index.html"));
  const host = await serve(directory);
  try {
    for (const site of ["esbuild", "loader"]) {
      await writeFile(join(directory, site, "index.html"), page);
      await check(`${host.url}/${site}/index.html`);
    }
  } finally {
    host.close();
  }
});
