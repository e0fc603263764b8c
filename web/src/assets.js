// Where the files of the playground are: beside its page, also where a part of it is in another one.

let home = document.baseURI;

/** The address of the playground's own page, if this is not it. */
export function setHome(url) {
  home = url;
}

/** The address of the playground's page, without what it is to open. */
export function pageUrl() {
  return home.split(/[?#]/)[0];
}

/** The address of a file: beside the page, or packed in it, where it is one file. */
export function fileUrl(name) {
  return globalThis.packedFiles?.[name] ?? new URL(name, home).href;
}
