// An empty project with the package in it, a host, and a browser.

import { execFile, spawn } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { promisify } from "node:util";

const PACKAGE = process.env.PACKAGE_DIR ?? new URL("../../dist/npm", import.meta.url).pathname;
const CHROMIUM = process.env.CHROMIUM ?? "chromium";
const NPM = process.platform === "win32" ? "npm.cmd" : "npm";
/** Until a page has told what came of it. */
const TIMEOUT_MS = 60_000;

export const execute = promisify(execFile);

/** Runs a program in a directory; what it prints. */
export async function run(directory, program, ...args) {
  try {
    const { stdout } = await execute(program, args, { cwd: directory });
    return stdout;
  } catch (error) {
    throw new Error(`${program} ${args.join(" ")}\n${error.stdout}${error.stderr}`);
  }
}

export function node(directory, ...args) {
  return run(directory, process.execPath, ...args);
}

/** A program of these tests' own packages. */
export function tool(path) {
  return new URL(`node_modules/${path}`, import.meta.url).pathname;
}

/** A project that was empty before the packed package was installed; and what was packed. */
export async function project() {
  const directory = await mkdtemp(join(tmpdir(), "daemonset-playground-"));
  const [packed] = JSON.parse(await run(directory, NPM, "pack", PACKAGE, "--json"));
  await writeFile(join(directory, "package.json"), '{ "private": true, "type": "module" }\n');
  await run(directory, NPM, "install", "--offline", "--no-audit", "--no-fund", `./${packed.filename}`);
  await cp(new URL("project", import.meta.url), directory, { recursive: true });
  return { directory, packed, remove: () => rm(directory, { recursive: true, force: true }) };
}

const TYPES = { ".html": "text/html", ".js": "text/javascript" };

/** A static host that knows no type but these; and one for WebAssembly, if it is said. */
export async function serve(directory, wasmType) {
  const types = wasmType ? { ...TYPES, ".wasm": wasmType } : TYPES;
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const file = join(directory, normalize(pathname));
    try {
      const content = await readFile(file);
      const type = types[extname(file)];
      response.writeHead(200, type ? { "content-type": type } : {}).end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  return listening(server);
}

async function listening(server) {
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { port, url: `http://127.0.0.1:${port}`, close };
}

/** Opens a page in a browser that knows nothing yet, and gives what the page reports. */
export async function open(url) {
  const profile = await mkdtemp(join(tmpdir(), "chromium-"));
  let told;
  const report = new Promise((resolve) => (told = resolve));
  const ear = await listening(
    createServer(async (request, response) => {
      let body = "";
      for await (const part of request) body += part;
      response.end();
      told(JSON.parse(body));
    }),
  );
  const browser = spawn(
    CHROMIUM,
    [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-dev-shm-usage",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
      `--user-data-dir=${profile}`,
      `${url}?report=${ear.port}`,
    ],
    { stdio: "ignore" },
  );
  const ended = new Promise((resolve) => browser.on("exit", resolve));
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${url} has told nothing after ${TIMEOUT_MS} ms`)), TIMEOUT_MS);
    browser.on("error", reject);
  });
  try {
    return await Promise.race([report, late]);
  } finally {
    clearTimeout(timer);
    browser.kill();
    await ended;
    ear.close();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
