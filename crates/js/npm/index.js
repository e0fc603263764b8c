// In a browser, with or without a bundler: the program lies beside this file.

import { setDefault } from "./playground.js";

export { LoadError, Playground, init } from "./playground.js";

// Bundlers look for just these words.
setDefault(() => new URL("./playground.wasm", import.meta.url));
