// Opening a page in Chromium, and what is asked of a player in it.

import { chromium } from "playwright-core";
import { named } from "./tools.mjs";

export const launch = () =>
  chromium.launch({
    executablePath: named("CHROMIUM"),
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
    ],
  });

/**
 * Opens a page and hands it over; afterwards nothing must have gone wrong in it: no error on the
 * console, nothing that is missing, nothing that is asked of a host but these.
 */
export async function visit(browser, url, { alsoFrom, ...options }, look) {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, ...options });
  const page = await context.newPage();
  const wrong = [];
  page.on("console", (it) => it.type() === "error" && wrong.push(`console: ${it.text()}`));
  page.on("pageerror", (error) => wrong.push(`error: ${error}`));
  page.on("response", (it) => it.status() >= 400 && wrong.push(`${it.status()}: ${it.url()}`));
  const hosts = [new URL(url).origin, alsoFrom];
  page.on("request", (it) => {
    const { protocol, origin } = new URL(it.url());
    if (protocol.startsWith("http") && !hosts.includes(origin)) wrong.push(`asks for ${it.url()}`);
  });
  try {
    await page.goto(url);
    await look(page);
  } catch (error) {
    error.message += wrong.map((it) => `\nand ${it}`).join("");
    throw error;
  } finally {
    await context.close();
  }
  if (wrong.length) throw new Error(`${url}:\n${wrong.join("\n")}`);
}

/** One of the players in a page, when it can be seen and is there. */
export async function player(page, selector) {
  const element = page.locator(selector);
  await element.scrollIntoViewIfNeeded();
  await element.evaluate(
    (it) =>
      new Promise((ready, failed) => {
        it.addEventListener("ready", ready);
        it.addEventListener("error", ({ detail }) => failed(new Error(detail.message)));
        customElements.whenDefined(it.localName).then(() => it.state() && ready());
        setTimeout(() => failed(new Error("it does not become ready")), 30_000);
      }).then(() => undefined),
  );
  return element;
}

export const state = (element) => element.evaluate((it) => it.state());

/** The names of the nodes that a state knows. */
export const nodeNames = ({ nodes }) => nodes.map((it) => it.metadata.name);

/** Whether what a player is painted on is light or dark. */
export const schemeOf = (element) =>
  element.evaluate((it) => {
    const paper = getComputedStyle(it.shadowRoot.querySelector(".page")).backgroundColor;
    return Number(/\d+/.exec(paper)[0]) > 127 ? "light" : "dark";
  });

export async function waitUntil(holds) {
  const end = Date.now() + 30_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`not within half a minute: ${holds}`);
    await new Promise((later) => setTimeout(later, 50));
  }
}
