// Has the site kept for when there is no network, and tells when a newer version of it is there.

const CHECK_EVERY_MS = 60 * 60 * 1000;

const container = navigator.serviceWorker;
// Not everywhere may something be kept: then the page is loaded each time.
container?.register("sw.js", { updateViaCache: "none" }).then(keepUpToDate, () => {});

function keepUpToDate(registration) {
  container.addEventListener("message", ({ data }) => data === "new version" && announce());
  container.controller?.postMessage("which version?");
  let checked = Date.now();
  document.addEventListener("visibilitychange", () => {
    if (document.hidden || Date.now() - checked < CHECK_EVERY_MS) return;
    checked = Date.now();
    registration.update().catch(() => {});
  });
}

function announce() {
  if (document.getElementById("new-version")) return;
  const notice = document.createElement("div");
  notice.id = "new-version";
  notice.className = "notice notice--version";
  notice.setAttribute("role", "status");
  document.body.append(notice);
  // Into what is there already: so it is read out.
  notice.append(
    "A new version of the playground is here. ",
    button("Reload", "button button--small", () => location.reload()),
    button("Later", "button button--small", () => notice.remove()),
  );
}

function button(words, className, onClick) {
  const it = document.createElement("button");
  it.className = className;
  it.textContent = words;
  it.addEventListener("click", onClick);
  return it;
}
