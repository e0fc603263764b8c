// The documentation tools: how each of them builds its site, and what is then to be opened.
//
// A project is the folder of that name beside this file, with the guide's examples: what a page
// needs besides, an author has already.

import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { examplesOf } from "./guide.mjs";

const HERE = import.meta.dirname;
const PLAYGROUND = named("DIST_DIR");
const PYTHON_PROGRAMS = named("PYTHON_PROGRAMS");
const WORK = named("WORK_DIR");
/** Where in a file of a project the guide's lines belong; without it, at the end. */
const PLACE = /^.*The guide's lines\.$/m;

/**
 * `playground`: where the guide says that the playground's files go; `built`: where the tool puts
 * what it builds; `pages`: those with the guide's two players; `isLight`: that it has no dark theme.
 */
export const TOOLS = [
  { name: "html", playground: "playground", built: ".", pages: [] },
  {
    name: "mdbook",
    playground: "src/playground",
    command: ["mdbook", "build"],
    built: "book",
    pages: ["/nodes/taints.html"],
  },
  {
    name: "docusaurus",
    playground: "static/playground",
    command: ["node", join(HERE, "node_modules/@docusaurus/core/bin/docusaurus.mjs"), "build"],
    built: "build",
    pages: ["/taints/"],
  },
  {
    name: "hugo",
    playground: "static/playground",
    command: ["hugo", "--quiet", "--panicOnWarning", "--baseURL", "/"],
    built: "public",
    pages: ["/taints/"],
  },
  {
    name: "mkdocs",
    playground: "docs/playground",
    command: ["mkdocs", "--quiet", "build", "--strict"],
    built: "site",
    pages: ["/taints/"],
    isLight: true,
  },
  {
    name: "mkdocs-material",
    guide: "mkdocs",
    playground: "docs/playground",
    command: ["mkdocs", "--quiet", "build", "--strict"],
    built: "site",
    pages: ["/taints/"],
  },
  {
    name: "sphinx",
    playground: "_static/playground",
    command: ["sphinx-build", "--quiet", "--fail-on-warning", ".", "_build"],
    built: "_build",
    pages: ["/taints.html", "/myst.html"],
    isLight: true,
  },
  {
    name: "sphinx-furo",
    project: "sphinx",
    guide: "sphinx",
    playground: "_static/playground",
    command: ["sphinx-build", "--quiet", "--fail-on-warning", "-D", "html_theme=furo", ".", "_build"],
    built: "_build",
    pages: ["/taints.html"],
  },
];

/** Makes a project as the guide says, and has the tool build it. Where that is. */
export function build({ name, project = name, guide = name, playground, command, built }) {
  const folder = join(WORK, name);
  rmSync(folder, { recursive: true, force: true });
  cpSync(join(HERE, "projects", project), folder, { recursive: true });
  for (const { path, text } of examplesOf(guide)) write(join(folder, path), text);
  const isNeeded = (path) => path !== join(PLAYGROUND, "npm");
  cpSync(PLAYGROUND, join(folder, playground), { recursive: true, filter: isNeeded });
  if (name === "docusaurus") symlinkSync(join(HERE, "node_modules"), join(folder, "node_modules"));
  if (command) run(folder, command);
  return join(folder, built);
}

function write(file, text) {
  mkdirSync(dirname(file), { recursive: true });
  if (!existsSync(file)) return writeFileSync(file, text);
  const before = readFileSync(file, "utf8");
  writeFileSync(file, PLACE.test(before) ? before.replace(PLACE, () => text) : `${before}\n${text}`);
}

function run(cwd, [program, ...args]) {
  const env = { ...process.env, PATH: `${PYTHON_PROGRAMS}:${process.env.PATH}` };
  const { status, error, stdout, stderr } = spawnSync(program, args, { cwd, env, encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${error ?? status}\n${stdout}${stderr}`);
}

export function named(variable) {
  const value = process.env[variable];
  if (!value) throw new Error(`${variable} is not set: run \`cargo xtask test docs\``);
  return value;
}
