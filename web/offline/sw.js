// Answers for the site without a network: a service worker with all files of one version.
//
// A version is whole or is not there: it is installed when every file has come with the content it was
// built with. A page that is opened has the newest version, and keeps it for all it loads later, though
// a newer one may be there by then.

/** Each file of this version with the hash of its content; put here by the build. */
const files = FILES;
const PAGE = "index.html";
const scope = registration.scope;
/** Caches are shared by all of a host: the scope tells those of this site from those of others. */
const PREFIX = `daemonset-playground ${scope} `;
const OWN = PREFIX + VERSION;
/** As told by the names of files, as hosts may say anything. */
const TYPES = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  txt: "text/plain; charset=utf-8",
  json: "application/json",
  png: "image/png",
  svg: "image/svg+xml",
  wasm: "application/wasm",
};

addEventListener("install", (event) => event.waitUntil(install()));
addEventListener("activate", (event) => event.waitUntil(activate()));
addEventListener("fetch", (event) => {
  const name = nameOf(event.request);
  // Of other pages of the site, and of what lies beside it, nothing is kept.
  if (event.request.mode === "navigate" ? name === PAGE : name) event.respondWith(answer(event, name));
});
addEventListener("message", (event) => event.waitUntil(tell(event.source)));

async function install() {
  const cache = await caches.open(OWN);
  try {
    await Promise.all(files.map(async ([name, hash]) => cache.put(name, await obtain(name, hash))));
  } catch (error) {
    await caches.delete(OWN);
    throw error;
  }
  // At once: pages that are open keep the version they have.
  await skipWaiting();
}

/** A file from the network with the content it should have. */
async function obtain(name, hash) {
  // What the browser has is enough, if it is that.
  for (const cache of ["default", "reload"]) {
    const response = await fetch(name, { cache });
    const bytes = await response.arrayBuffer();
    if (response.ok && (await hashOf(bytes)) === hash) {
      return new Response(bytes, { headers: { "content-type": TYPES[name.split(".").pop()] ?? "" } });
    }
  }
  throw new Error(`${name} is not that of version ${VERSION}`);
}

async function hashOf(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function activate() {
  const isUpdate = (await versions()).some((it) => it !== OWN);
  if (!isUpdate) return;
  for (const page of await pages()) await tell(page);
}

/** Tells a page if there is a newer version than that it has. */
async function tell(page) {
  if ((await versionOf(page.id)) !== OWN) page.postMessage("new version");
}

/** Which file of the site is asked for; what comes after a `?` is not for the host. */
function nameOf({ method, url }) {
  const address = url.split(/[?#]/)[0];
  if (method !== "GET" || !address.startsWith(scope)) return undefined;
  return address.slice(scope.length) || PAGE;
}

async function answer({ request, clientId, resultingClientId }, name) {
  let version = OWN;
  if (request.mode === "navigate") await give(resultingClientId);
  else version = (await versionOf(clientId)) ?? OWN;
  const file = await (await caches.open(version)).match(name);
  return file ?? fetch(request);
}

// Which page has which version is kept in the caches themselves, too, as a worker is ended at any time.

const known = new Map();
const markOf = (page) => `page/${page}`;

/** Gives a page that is about to be there this version, and drops those that no page has any more. */
async function give(page) {
  known.set(page, OWN);
  await (await caches.open(OWN)).put(markOf(page), new Response());
  const open = (await pages()).map(({ id }) => id);
  for (const version of await versions()) {
    const cache = await caches.open(version);
    const has = await Promise.all(open.map((id) => cache.match(markOf(id))));
    if (version !== OWN && !has.some(Boolean)) await caches.delete(version);
  }
}

async function versionOf(page) {
  for (const version of known.has(page) ? [] : await versions()) {
    if (await (await caches.open(version)).match(markOf(page))) known.set(page, version);
  }
  return known.get(page);
}

async function versions() {
  return (await caches.keys()).filter((it) => it.startsWith(PREFIX));
}

function pages() {
  return clients.matchAll({ type: "window", includeUncontrolled: true });
}
