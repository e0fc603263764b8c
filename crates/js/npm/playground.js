// What is the same everywhere: the class, and how the program is started.

import start, { Core } from "./core.js";

/** Where the program is, if nobody says otherwise. */
let byDefault;
/** The one program of the page, from when it is first asked for. */
let started;

/** Says where the program is, as `init` takes it. */
export function setDefault(find) {
  byDefault = find;
}

/** Starts the program. Only the first call does anything, unless it fails. */
export function init(source) {
  started ??= program(source ?? byDefault())
    .then((module) => start({ module_or_path: module }))
    .then(() => undefined)
    .catch((error) => {
      started = undefined;
      throw error;
    });
  return started;
}

/** The bytes or the module, whatever it is given as. */
async function program(source) {
  const given = await source;
  if (typeof given === "string" || given instanceof URL || isResponse(given)) {
    return downloaded(isResponse(given) ? given : await fetch(given));
  }
  return given;
}

function isResponse(it) {
  return typeof Response === "function" && it instanceof Response;
}

/** Compiled while it comes, where the host says what it is; others send it without its type. */
async function downloaded(response) {
  const type = response.headers.get("content-type") ?? "no type";
  if (response.ok && type.startsWith("application/wasm")) {
    return WebAssembly.compileStreaming(response);
  }
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (!response.ok || String.fromCharCode(...bytes.subarray(0, 4)) !== "\0asm") {
    const found = response.ok ? `something else (${type})` : `status ${response.status}`;
    throw new Error(
      `daemonset-playground: expected playground.wasm at ${response.url}, found ${found}; put the file there, or give init() its address`,
    );
  }
  return bytes;
}

/** What is wrong with a text. */
export class LoadError extends Error {
  constructor(problems) {
    super(problems.map((it) => it.text).join("\n"));
    this.name = "LoadError";
    this.problems = problems.map(({ line, column, field, message }) => ({ line, column, field, message }));
    const [{ line, column, field }] = this.problems;
    Object.assign(this, { line, column, field });
  }
}

/** The words of an error that the program throws as text. */
function called(call, failed = (text) => new Error(text)) {
  try {
    return call();
  } catch (error) {
    throw typeof error === "string" ? failed(error) : error;
  }
}

function text(value, name) {
  if (typeof value !== "string") {
    throw new TypeError(`${name} must be a string, not ${value === null ? "null" : typeof value}`);
  }
  return value;
}

function count(value, name) {
  if (typeof value !== "number" || !(value >= 0)) {
    throw new TypeError(`${name} must be a number, 0 or more, not ${String(value)}`);
  }
  return Math.floor(value);
}

export class Playground {
  #core;
  /** Passed over when it was loaded. */
  warnings;

  /** @hideconstructor */
  constructor(core) {
    if (!(core instanceof Core)) {
      throw new TypeError("a Playground is made by `await Playground.load(yaml)`");
    }
    this.#core = core;
    this.warnings = JSON.parse(core.warnings());
    this.warnings.forEach((it) => delete it.text);
  }

  static async load(yaml) {
    text(yaml, "yaml");
    await init();
    return new this(called(() => Core.load(yaml), (problems) => new LoadError(JSON.parse(problems))));
  }

  get #open() {
    if (this.#core === undefined) throw new Error("this Playground is closed: free() was called");
    return this.#core;
  }

  step() {
    const step = this.#open.step();
    return step === undefined ? null : JSON.parse(step);
  }

  back() {
    return this.#open.back();
  }

  seek(step) {
    return this.#open.seek(count(step, "step"));
  }

  run(until = "quiet") {
    const length = typeof until === "number" ? `${count(until, "until")} steps` : text(until, "until");
    return JSON.parse(called(() => this.#open.run(length)));
  }

  state() {
    return JSON.parse(this.#open.state());
  }

  kubectl(line, { files = {} } = {}) {
    for (const [name, content] of Object.entries(files)) text(content, `files[${JSON.stringify(name)}]`);
    return JSON.parse(this.#open.kubectl(text(line, "line"), JSON.stringify(files)));
  }

  fault(fault) {
    called(() => this.#open.fault(text(fault, "fault")));
  }

  explain(node, { daemonSet } = {}) {
    if (daemonSet !== undefined) text(daemonSet, "daemonSet");
    return JSON.parse(called(() => this.#open.explain(text(node, "node"), daemonSet)));
  }

  play({ until = Infinity } = {}) {
    const core = this.#open;
    const played = typeof until === "string" ? () => core.playTo(until) : () => core.play(count(until, "until"));
    return JSON.parse(called(played));
  }

  free() {
    this.#core?.free();
    this.#core = undefined;
  }
}

// Where `using` is not known yet.
if (Symbol.dispose) Playground.prototype[Symbol.dispose] = Playground.prototype.free;
