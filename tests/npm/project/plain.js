import * as playground from "./node_modules/daemonset-playground/index.js";
import { report } from "./report.js";
import { use } from "./use.js";

report(() => use(playground));
