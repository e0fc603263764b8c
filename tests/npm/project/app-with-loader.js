// The same where a loader takes care of the program.
import * as playground from "daemonset-playground";
import wasm from "daemonset-playground/playground.wasm";

import { report } from "./report.js";
import { use } from "./use.js";

report(async () => {
  await playground.init(new URL(wasm, import.meta.url));
  return use(playground);
});
