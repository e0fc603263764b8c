// A page's script, for the bundlers.
import * as playground from "daemonset-playground";

import { report } from "./report.js";
import { use } from "./use.js";

report(() => use(playground));
