// Several files in one. The page loads this when something is exported.

import { strToU8, zipSync } from "fflate";

/** @param {[string, string][]} files paths and contents */
export function zip(files) {
  const entries = files.map(([path, content]) => {
    // What is to be run keeps its mark in the archive.
    const attrs = path.endsWith(".sh") ? { os: 3, attrs: 0o755 << 16 } : {};
    return [path, [strToU8(content), attrs]];
  });
  return zipSync(Object.fromEntries(entries));
}
