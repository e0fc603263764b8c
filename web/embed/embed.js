// <daemonset-playground>: the playground as an element of any page.
//
// This file is all that is loaded until an element comes into view. The names of the other files,
// beside it, are put in by the build: web/editor/build.mjs, and crates/xtask/src/halves.rs when it cuts
// the program in two.

const FILES = JSON.parse(NAMES_OF_FILES);
const NAME = "daemonset-playground";
/** A scenario is no longer than this, in characters. */
const TEXT_MAX = 4 << 20;
/** How far out of view an element may be when it begins to load, in CSS pixels. */
const NEAR = "240px";
const COMMANDS = ["play", "pause", "settle", "step", "back", "seek", "load", "kubectl"];
const ATTRIBUTES = ["lesson", "src", "panes", "theme", "step", "play", "height"];

const here = (name) => new URL(name, import.meta.url).href;

const BEFORE = sheet(`
  :host { display: block; min-height: 20rem; }
  :host([hidden]), [hidden] { display: none !important; }
  .failed { font: 14px/1.5 system-ui, sans-serif; margin: 8px 0; padding: 8px 12px; border: 1px solid; border-radius: 6px; }
`);

function sheet(css) {
  const made = new CSSStyleSheet();
  made.replaceSync(css);
  return made;
}

/** What does this once for all players of a page; where it fails, the next one tries again. */
function once(load) {
  let loading;
  return () =>
    (loading ??= load().catch((error) => {
      loading = undefined;
      throw error;
    }));
}

/** The program and its styles. */
const loaded = once(load);

async function load() {
  const [program, bytes, css] = await Promise.all([
    import(here(FILES.glue)),
    asked(here(FILES.program)).then(forWebAssembly),
    asked(here(FILES.style)).then((it) => it.text()),
  ]);
  await program.default({ module_or_path: bytes });
  program.beginPlayers(here("index.html"), FILES.rest || undefined);
  return { program, style: sheet(css) };
}

/** The styles of what a player shows only if it is asked for, which come after it. */
const panes = sheet("");
const panesStyled = once(async () => panes.replaceSync(await (await asked(here(FILES.panes))).text()));

async function asked(url, options) {
  const response = await fetch(url, options);
  if (!response.ok) throw new Error(`${url}: the server answers ${response.status}`);
  return response;
}

/** What WebAssembly takes: the response itself only where the host says what it is. */
function forWebAssembly(response) {
  const isTold = response.headers.get("content-type")?.startsWith("application/wasm");
  return isTold ? response : response.arrayBuffer();
}

const inView = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) if (isIntersecting) target.start();
  },
  { rootMargin: NEAR },
);

class DaemonSetPlayground extends HTMLElement {
  static observedAttributes = ATTRIBUTES;

  #slot = document.createElement("slot");
  #height = sheet("");
  /** What is going on, or has led to the player that is there; another one each time. */
  #began;
  #starting;
  #player;
  #playground;
  #waiting = [];
  /** The session of an element that was taken out, to go on with if it is put back. */
  #kept;

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [BEFORE, this.#height];
    this.#slot.textContent = "…";
    root.append(this.#slot);
    // What is typed in a player is no shortcut of the page around it.
    root.addEventListener("keydown", (event) => {
      if (!event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
    });
  }

  connectedCallback() {
    inView.observe(this);
  }

  disconnectedCallback() {
    inView.unobserve(this);
    // One that is only moved stays.
    queueMicrotask(() => this.isConnected || this.#end());
  }

  attributeChangedCallback(name, before, now) {
    if (before === now) return;
    if (name === "height") {
      const height = Number.parseFloat(now);
      this.#height.replaceSync(height > 0 ? `:host { height: ${height}px; min-height: 0; }` : "");
    } else if (this.#playground && name === "step") {
      this.seek(Number(now));
    } else if (this.#playground && name === "play") {
      now === null ? this.pause() : this.play();
    } else if (name === "panes" || name === "lesson" || name === "src") {
      const isOn = this.#starting !== undefined;
      this.#end();
      // Other panes show the same, but another lesson begins.
      if (name !== "panes") this.#kept = undefined;
      if (isOn && this.isConnected) this.start();
    }
  }

  /** Loads the player now, rather than when it comes into view. Resolves when it is there. */
  start() {
    inView.unobserve(this);
    if (!this.#starting) {
      const began = {};
      this.#began = began;
      this.#starting = this.#begin(began).catch((error) => {
        if (this.#began === began) this.#fail(error);
      });
    }
    return this.#starting;
  }

  /** The address that opens what is here in the whole playground; before it is there, what it will open. */
  link() {
    if (this.#playground) return this.#playground.link();
    const query = new URLSearchParams();
    if (this.hasAttribute("lesson")) query.set("lesson", this.getAttribute("lesson"));
    else if (this.hasAttribute("src")) query.set("scenario", new URL(this.getAttribute("src"), document.baseURI).href);
    return `${here("index.html")}?${query}`;
  }

  /** Where it stands, with Kubernetes' own objects; `null` before it is there. */
  state() {
    return this.#playground?.state() ?? null;
  }

  async #begin(began) {
    const shown = this.hasAttribute("panes") ? panesStyled() : undefined;
    const [text, { program, style }] = await Promise.all([this.#text(), loaded(), shown]);
    if (this.#began !== began) return;
    this.shadowRoot.adoptedStyleSheets = [BEFORE, panes, style, this.#height];
    await new Promise((ready) => {
      began.isOver = ready;
      const tell = (name, thing) => {
        if (this.#began !== began) return;
        // What is told while it is being made waits until it is made.
        if (!this.#player) queueMicrotask(() => tell(name, thing));
        else if (name === "playground") this.#have(thing);
        else this.#tell(name, thing);
        if (name === "ready") ready();
      };
      const options = { ...this.#options(), text, link: this.#kept };
      this.#player = program.mountPlayer(options, tell);
      this.#player.root.hidden = true;
      this.shadowRoot.append(this.#player.root);
    });
    // The next player tries again; this one works without them, too.
    panesStyled().catch(() => {});
  }

  #options() {
    const of = (name) => this.getAttribute(name) ?? undefined;
    const options = { panes: of("panes"), theme: of("theme") };
    // What goes on stands where it stood.
    if (this.#kept) return options;
    const step = Number(of("step"));
    const isStep = of("step") !== undefined && Number.isInteger(step) && step >= 0;
    return { ...options, step: isStep ? step : undefined, play: this.hasAttribute("play") };
  }

  /** What is to be opened: the lesson, what `src` names, or what stands inside the element. */
  async #text() {
    if (this.#kept) return undefined;
    let text;
    if (this.hasAttribute("lesson")) {
      const lesson = this.getAttribute("lesson");
      const response = /^[a-z0-9-]+$/.test(lesson) && (await fetch(here(`lessons/${lesson}.yaml`)));
      if (!response.ok) throw new Error(`there is no lesson ${JSON.stringify(lesson)}`);
      text = await response.text();
    } else if (this.hasAttribute("src")) {
      const url = new URL(this.getAttribute("src"), document.baseURI);
      text = await (await asked(url, { credentials: "omit" })).text();
    } else {
      const inside = this.querySelector('script[type="application/yaml"]') ?? this.querySelector("pre");
      const copy = inside?.cloneNode(true);
      // Some docs tools end the lines of code with an element.
      for (const end of copy?.querySelectorAll("br") ?? []) end.replaceWith("\n");
      text = copy?.textContent;
    }
    if (text?.length > TEXT_MAX) throw new Error(`the scenario is longer than ${TEXT_MAX} characters`);
    return text;
  }

  #have(playground) {
    this.#playground = playground;
    this.#slot.hidden = true;
    this.#player.root.hidden = false;
    for (const [name, given] of this.#waiting.splice(0)) playground[name](...given);
  }

  #tell(name, detail) {
    if (name === "error" && detail.fatal) this.#fail(new Error(detail.message));
    else this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  /** What the author put inside stays, and why there is no more is said below it. */
  #fail(error) {
    this.#end();
    const message = `The playground cannot be shown here: ${error.message ?? error}`;
    const told = document.createElement("p");
    told.className = "failed";
    told.setAttribute("role", "alert");
    told.textContent = message;
    this.shadowRoot.querySelector(".failed")?.remove();
    this.shadowRoot.append(told);
    this.dispatchEvent(new CustomEvent("error", { detail: { message, fatal: true } }));
  }

  #end() {
    if (this.#playground) {
      try {
        this.#kept = this.#playground.link().split("#")[1];
      } catch {
        // The program has come to its end.
      }
    }
    this.#began?.isOver?.();
    this.#began = this.#starting = this.#playground = undefined;
    try {
      this.#player?.root.remove();
      this.#player?.unmount();
    } catch {
      // Neither can it clean up.
    }
    this.#player = undefined;
    this.#slot.hidden = false;
    this.shadowRoot.querySelector(".failed")?.remove();
  }

  /** Does it now, or when the player is there, which is loaded for that. */
  command(name, given) {
    if (this.#playground) return this.#playground[name](...given);
    this.#waiting.push([name, given]);
    this.start();
  }
}

for (const name of COMMANDS) {
  DaemonSetPlayground.prototype[name] = function (...given) {
    return this.command(name, given);
  };
}

// Two versions on one page: the first one stays.
if (!customElements.get(NAME)) customElements.define(NAME, DaemonSetPlayground);
