// The examples of docs/embedding.md, which are what is tested: a fenced block whose info string is a
// language, a tool and a path is that file of a project of the tool.

import { readFileSync } from "node:fs";

export const GUIDE = readFileSync(new URL("../../docs/embedding.md", import.meta.url), "utf8");

/** Each file of the tool's examples: `{ path, text }`. */
export function examplesOf(tool) {
  return blocks(GUIDE).filter((it) => it.tool === tool);
}

export function blocks(markdown) {
  const found = [];
  let open;
  for (const line of markdown.split("\n")) {
    const fence = /^(?<indent> *)(?<marks>`{3,})(?<info>.*)$/.exec(line)?.groups;
    if (!open && fence) {
      const [, tool, path] = fence.info.trim().split(/\s+/);
      open = { ...fence, tool, path, lines: [] };
    } else if (open && fence?.info === "" && fence.marks.length >= open.marks.length) {
      const { tool, path, lines } = open;
      if (path) found.push({ tool, path, text: `${lines.join("\n")}\n` });
      open = undefined;
    } else if (open) {
      open.lines.push(line.startsWith(open.indent) ? line.slice(open.indent.length) : line.trimStart());
    }
  }
  return found;
}
