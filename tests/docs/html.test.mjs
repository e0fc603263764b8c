// docs/embedding.md holds: its pages in plain HTML do what they say, its frame answers, and its
// reference names all there is.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch, nodeNames, player, schemeOf, state, visit, waitUntil } from "./browser.mjs";
import { GUIDE } from "./guide.mjs";
import { serve } from "./server.mjs";
import { TOOLS, build, named } from "./tools.mjs";

const ALL_IS_QUIET = "4 pods, and all is quiet.";
const ANY_ORIGIN = { "access-control-allow-origin": "*" };

let browser;
let folder;
before(async () => {
  folder = build(TOOLS.find((it) => it.name === "html"));
  browser = await launch();
});
after(() => browser.close());

const open = async (t, page, look, { headers, ...options } = {}) =>
  visit(browser, `${await serve(t, folder, headers)}/${page}`, options, look);

test("the first page has a lesson", (t) =>
  open(t, "index.html", async (page) => {
    const lesson = await player(page, "daemonset-playground");
    assert.deepEqual(nodeNames(await state(lesson)), ["control-plane-1", "worker-1", "worker-2", "worker-3"]);
  }));

test("and words without scripts", (t) =>
  open(t, "index.html", async (page) => assert.ok(await page.getByText("With scripts on").isVisible()), {
    javaScriptEnabled: false,
  }));

test("a manifest, a file, and a lesson in its middle", (t) =>
  open(t, "own.html", async (page) => {
    for (const id of ["manifest", "file"]) {
      const { daemonSets } = await state(await player(page, `#${id}`));
      assert.deepEqual(daemonSets.map((it) => it.metadata.name), ["agent"]);
    }
    const lesson = await player(page, "#lesson");
    assert.equal((await state(lesson)).step, 12);
    assert.equal(await schemeOf(lesson), "dark");
    assert.ok(await lesson.getByTestId("why").isVisible());
  }));

test("methods and events", (t) =>
  open(t, "events.html", async (page) => {
    await player(page, "#player");
    await page.getByText("Roll it out").click();
    await waitUntil(async () => (await page.locator("output").textContent()) === ALL_IS_QUIET);
  }));

test("a picture until then", async (t) => {
  const [, line, file] = /^daemonset (render .*) > (\S+)$/m.exec(GUIDE);
  const drawn = spawnSync(named("DAEMONSET"), line.split(" "), { cwd: "../.." });
  assert.equal(drawn.status, 0, String(drawn.stderr));
  writeFileSync(join(folder, file), drawn.stdout);
  await open(
    t,
    "picture.html",
    async (page) => {
      const { width } = await page.locator("img").boundingBox();
      assert.ok(width > 100, `the picture is ${width} wide`);
    },
    { javaScriptEnabled: false },
  );
  await open(t, "picture.html", async (page) => {
    const lesson = await player(page, "daemonset-playground");
    assert.equal((await state(lesson)).step, 12);
    assert.equal((await lesson.boundingBox()).height, 600);
  });
});

test("a frame tells and answers", (t) => open(t, "frame.html", rollInFrame));

test("a frame in a sandbox, too", async (t) => {
  const page = readFileSync(join(folder, "frame.html"), "utf8");
  writeFileSync(join(folder, "sandbox.html"), page.replace("<iframe", '<iframe sandbox="allow-scripts"'));
  await open(t, "sandbox.html", rollInFrame, { headers: ANY_ORIGIN });
});

async function rollInFrame(page) {
  await page.frameLocator("iframe").getByTestId("node").first().waitFor();
  await page.getByText("Roll it out").click();
  await waitUntil(async () => (await page.locator("output").textContent()) === ALL_IS_QUIET);
}

test("a page with a policy", (t) => {
  const [, needed] = /needs `(script-src [^`]*)`/.exec(GUIDE);
  const headers = { "content-security-policy": `default-src 'none'; ${needed}` };
  return open(t, "index.html", openLesson, { headers });
});

test("files on another host", async (t) => {
  const elsewhere = await serve(t, join(folder, "playground"), ANY_ORIGIN);
  const page = readFileSync(join(folder, "index.html"), "utf8");
  writeFileSync(join(folder, "elsewhere.html"), page.replace("playground/embed.js", `${elsewhere}/embed.js`));
  await open(t, "elsewhere.html", openLesson, { alsoFrom: elsewhere });
});

async function openLesson(page) {
  const lesson = await player(page, "daemonset-playground");
  assert.equal((await state(lesson)).nodes.length, 4);
  await lesson.evaluate((it) => it.kubectl("apply -f fluentd.yaml"));
  await lesson.getByTestId("step-forward").click();
  assert.match(await lesson.getByTestId("reason").textContent(), /daemonset-controller/);
}

test("the reference names all there is", () => {
  const source = (path) => readFileSync(join("../..", path), "utf8");
  const rows = (head) => {
    const table = GUIDE.slice(GUIDE.indexOf(`| ${head} |`)).split("\n\n")[0];
    return table.split("\n").slice(2);
  };
  const named = (head) => rows(head).flatMap((row) => [...row.split("|")[1].matchAll(/`(\w+)/g)].map(([, name]) => name));
  const element = source("web/embed/embed.js");
  const list = (name) => JSON.parse(new RegExp(`${name} = (\\[[^\\]]*\\])`).exec(element)[1]);
  assert.deepEqual(named("attribute").sort(), list("ATTRIBUTES").sort());

  const types = source("web/embed/embed.d.ts");
  const inside = (name) => new RegExp(`interface ${name} [^{]*\\{([^]*?)\n\\}`).exec(types)[1];
  const methods = [...inside("DaemonSetPlaygroundElement").matchAll(/^  (\w+)\(/gm)].map(([, name]) => name);
  assert.deepEqual(named("method").sort(), methods.filter((it) => it !== "addEventListener").sort());
  const events = [...inside("PlaygroundEventMap").matchAll(/^  (\w+):/gm)].map(([, name]) => name);
  assert.deepEqual(named("event").sort(), events.sort());

  const panes = [...source("web/src/model/panes.rs").matchAll(/\("(\w+)", Part::/g)].map(([, name]) => name);
  const row = rows("attribute").find((it) => it.startsWith("| `panes`"));
  for (const pane of panes) assert.ok(row.includes(`\`${pane}\``), `no word of the pane ${pane}`);

  const guide = GUIDE.replace(/`--dsp-(\w+)-1` to `--dsp-\1-5`/g, (_, name) => [1, 2, 3, 4, 5].map((it) => `\`--dsp-${name}-${it}\``).join());
  const tokens = [...source("web/styles/tokens.css").matchAll(/^  --([\w-]+):/gm)].map(([, name]) => name);
  const told = [...guide.matchAll(/`--dsp-([\w-]+)`/g)].map(([, name]) => name);
  assert.deepEqual([...new Set(told)].sort(), [...new Set(tokens)].sort());

  const lessons = readdirSync("../../web/lessons").map((it) => it.replace(".yaml", ""));
  for (const lesson of lessons) assert.ok(GUIDE.includes(`\`${lesson}\``), `no word of the lesson ${lesson}`);
});
