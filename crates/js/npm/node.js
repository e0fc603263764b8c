// In Node: the program is read rather than fetched.

import { readFile } from "node:fs/promises";

import { setDefault } from "./playground.js";

export { LoadError, Playground, init } from "./playground.js";

setDefault(() => readFile(new URL("./playground.wasm", import.meta.url)));
