// What only JavaScript can ask of a browser in few words.

import { fileUrl } from "./assets.js";

export async function copyText(text) {
  await navigator.clipboard.writeText(text);
}

export function saveText(name, kind, text) {
  save(name, new Blob([text], { type: kind }));
}

export function savePng(name, svg) {
  const url = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  const image = new Image();
  image.onload = () => {
    const canvas = document.createElement("canvas");
    const scale = 2;
    canvas.width = image.naturalWidth * scale;
    canvas.height = image.naturalHeight * scale;
    const context = canvas.getContext("2d");
    context.scale(scale, scale);
    context.drawImage(image, 0, 0);
    URL.revokeObjectURL(url);
    canvas.toBlob((blob) => blob && save(name, blob), "image/png");
  };
  image.src = url;
}

export async function saveArchive(name, files) {
  const { zip } = await import(fileUrl("archive.js"));
  save(name, new Blob([zip(JSON.parse(files))], { type: "application/zip" }));
}

export async function fetchText(url, bytesMax) {
  const response = await fetch(fileUrl(url), { credentials: "omit" });
  if (!response.ok) throw new Error(`the server answers ${response.status}`);
  const reader = response.body.getReader();
  const parts = [];
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    bytes += value.length;
    if (bytes > bytesMax) {
      await reader.cancel();
      throw new Error(`it is longer than ${Math.round(bytesMax / 1024)} KB`);
    }
    parts.push(value);
  }
  return new Blob(parts).text();
}

function save(name, blob) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Tells the page around this one, if there is one. */
export function tellParent(type, detail) {
  // Whoever it is: it is told what it gave this page to open, and what came of that.
  if (parent !== window) parent.postMessage({ source: "daemonset-playground", type, detail }, "*");
}

/** Does what the page around this one asks for, and nobody else; what is returned ends that. */
export function answerParent(playground) {
  const onMessage = ({ source, data }) => {
    if (source !== parent || parent === window || data?.target !== "daemonset-playground") return;
    const { command, id } = data;
    const answer = (it) => parent.postMessage({ source: "daemonset-playground", type: "answer", id, ...it }, "*");
    try {
      if (!Object.hasOwn(playground, command)) throw new Error(`there is no command ${JSON.stringify(command)}`);
      const given = Array.isArray(data.arguments) ? data.arguments : [];
      answer({ result: playground[command](...given) });
    } catch (error) {
      answer({ error: String(error.message ?? error) });
    }
  };
  addEventListener("message", onMessage);
  return () => removeEventListener("message", onMessage);
}
