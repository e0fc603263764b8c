// docs/embedding.md holds: its examples are built by the tools they are for, and their pages opened in
// a browser, with and without scripts, in the light and in the dark.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch, nodeNames, player, schemeOf, state, visit, waitUntil } from "./browser.mjs";
import { serve } from "./server.mjs";
import { TOOLS, build, named } from "./tools.mjs";

const FALLBACK = "With scripts on, here is a cluster of four nodes";
const OF_LESSON = 'daemonset-playground[lesson="taints-and-tolerations"]';
const OF_MANIFEST = "daemonset-playground:not([lesson])";
const NODES_OF_LESSON = ["control-plane-1", "worker-1", "worker-2", "worker-3"];

const screenshots = named("SCREENSHOT_DIR");
mkdirSync(screenshots, { recursive: true });

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

for (const tool of TOOLS.filter((it) => it.pages.length)) {
  test(tool.name, async (t) => {
    const site = await serve(t, build(tool));
    for (const page of tool.pages) {
      const url = site + page;
      const picture = (name) => ({
        path: join(screenshots, `${tool.name}${page.replace(/\/$|\.html$/, "").replaceAll("/", "-")}-${name}.png`),
        fullPage: true,
      });
      await t.test(`${page} without scripts`, () =>
        visit(browser, url, { javaScriptEnabled: false }, async (page) => {
          await assertSeen(page.locator(OF_LESSON).getByText(FALLBACK));
          await assertSeen(page.locator(OF_MANIFEST).locator("pre").getByText("DaemonSet"));
          await page.screenshot(picture("plain"));
        }),
      );
      for (const colorScheme of ["light", "dark"]) {
        await t.test(`${page}, ${colorScheme}`, () =>
          visit(browser, url, { colorScheme }, async (page) => {
            await openLesson(page);
            await pressKeys(page);
            await openManifest(page);
            await page.evaluate(() => scrollTo(0, 0));
            await page.screenshot(picture(colorScheme));
            const expected = tool.isLight ? "light" : colorScheme;
            assert.equal(await schemeOf(page.locator(OF_LESSON)), expected);
          }),
        );
      }
    }
  });
}

async function openLesson(page) {
  const lesson = await player(page, OF_LESSON);
  assert.deepEqual(nodeNames(await state(lesson)), NODES_OF_LESSON);
  assert.equal(await page.getByText(FALLBACK).isVisible(), false);
}

/** Keys that are meant for the player are not also taken by the page, which turns its pages by some. */
async function pressKeys(page) {
  const lesson = page.locator(OF_LESSON);
  const url = page.url();
  for (const control of [lesson.getByTestId("step-forward"), lesson.getByPlaceholder("Your prediction")]) {
    for (const key of ["ArrowRight", "s", "p", "/"]) {
      await control.focus();
      await page.keyboard.press(key);
      assert.ok(await lesson.evaluate((it) => document.activeElement === it), `${key} is taken by the page`);
    }
  }
  assert.equal(page.url(), url);
}

/** The manifest has been applied; a click takes the first step. */
async function openManifest(page) {
  const manifest = await player(page, OF_MANIFEST);
  const before = await state(manifest);
  assert.deepEqual(before.daemonSets.map((it) => it.metadata.name), ["agent"]);
  await manifest.getByTestId("step-forward").click();
  const after = await state(manifest);
  assert.equal(after.step, before.step + 1);
  assert.match(await manifest.getByTestId("reason").textContent(), /daemonset-controller/);
  await manifest.evaluate((it) => it.settle());
  await waitUntil(async () => (await state(manifest)).quiet);
  // The fourth node of those that a manifest is applied to is a control plane.
  const { pods } = await state(manifest);
  assert.deepEqual(pods.map((it) => it.spec.nodeName).sort(), ["worker-1", "worker-2", "worker-3"]);
}

const assertSeen = async (locator) => assert.ok(await locator.first().isVisible(), `${locator} is not to be seen`);
