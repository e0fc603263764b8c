// Says in the page's frame what keeps the page from coming up, and what can be done. Loaded by watch.js
// where that is so; as that, it is written as JavaScript was before 2015.

(function () {
  var NEEDED = "Chrome or Edge 123, Firefox 120, Safari 17.5, or newer";
  var TOO_OLD = [
    "This browser is too old for the playground: it needs " + NEEDED + ".",
    "Update the browser, or open the page in another one.",
  ];
  var IS_OFF = [
    "The playground is a WebAssembly program, and WebAssembly is off in this browser.",
    "Switch it on for this site: a lockdown mode, a strict security setting, or whoever manages this computer may have switched it off. Or open the page in another browser.",
  ];
  var IS_FORBIDDEN = [
    "The host of this page forbids WebAssembly, and the playground is a WebAssembly program.",
    "If the site is yours: let its Content-Security-Policy header allow script-src 'wasm-unsafe-eval', or send none, as the page brings its own.",
  ];
  var FROM_DISK = [
    "This page was opened from a disk, where a browser does not let it load its program.",
  ];
  var CANNOT_READ = [
    "This browser cannot read the program: the browser is too old (needed is " + NEEDED + "), or the program was damaged on its way.",
    "Reload the page, update the browser, or open the page in another one.",
  ];
  var IS_BUG = ["This is a bug of the playground."];
  var OF_THE_HOST = "If the site is yours: put every file of dist/ there as it is, under the same name.";

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", look);
  else look();

  function look() {
    if (!("noModule" in document.createElement("script"))) return say(TOO_OLD);
    if (typeof WebAssembly !== "object") return say(IS_OFF);
    var reason = window.startFailure;
    if (location.protocol === "file:" && needsFiles()) return say(FROM_DISK, reason, [diskHelp()]);
    wrongFiles().then(function (wrong) {
      if (wrong.length > 0) say(wrong, reason);
      else say(wordsFor(reason), reason);
    });
  }

  function needsFiles() {
    return document.querySelector("script[type=module][src]") !== null;
  }

  function wordsFor(reason) {
    var text = String(reason);
    if (/CompileError/.test(text)) {
      return /embedder|Content Security|CSP|unsafe-eval/.test(text) ? IS_FORBIDDEN : CANNOT_READ;
    }
    return /SyntaxError/.test(text) ? TOO_OLD : IS_BUG;
  }

  /** What is wrong with files that the page begins with, in sentences. */
  function wrongFiles() {
    var found = document.querySelectorAll("script[src], link[rel=stylesheet], link[rel=modulepreload], link[rel=preload]");
    var urls = [];
    for (var i = 0; i < found.length; i++) {
      var url = found[i].src || found[i].href;
      if (urls.indexOf(url) < 0) urls.push(url);
    }
    return Promise.all(urls.map(wrongWith)).then(function (all) {
      var sentences = [];
      all.forEach(function (wrong, i) {
        if (!wrong || all.indexOf(wrong) < i) return;
        var names = urls.filter(function (_, at) { return all[at] === wrong; }).map(nameOf);
        sentences.push(names.join(", ") + ": " + wrong);
      });
      return sentences;
    });
  }

  function nameOf(url) {
    return url.split("/").pop();
  }

  function wrongWith(url) {
    return fetch(url).then(
      function (response) {
        if (!response.ok) return "the host answers " + response.status + ". " + OF_THE_HOST;
        var type = response.headers.get("content-type");
        if (/\.js$/.test(url) && !/(java|ecma)script/.test(type)) {
          return (
            "the host sends this " + (type ? "as " + type : "without a type") +
            ", and browsers run it only as text/javascript. If the site is yours: set that type for .js files."
          );
        }
        if (!/\.wasm$/.test(url)) return undefined;
        return response.arrayBuffer().then(function (bytes) {
          var begin = String.fromCharCode.apply(null, new Uint8Array(bytes.slice(0, 4)));
          return begin === "\0asm" ? undefined : "the host sends something else in its place. " + OF_THE_HOST;
        });
      },
      function () {
        return "this cannot be loaded: the network is cut, or an ad blocker, a firewall or a proxy holds it back. Reload the page when that is over.";
      }
    );
  }

  function diskHelp() {
    var help = document.createElement("p");
    var link = document.createElement("a");
    link.href = "playground.html" + location.search + location.hash;
    link.textContent = "playground.html";
    help.appendChild(document.createTextNode("Open "));
    help.appendChild(link);
    help.appendChild(document.createTextNode(" beside it, which is all of it in one file; or serve the folder, with python3 -m http.server for instance."));
    return help;
  }

  function say(sentences, reason, more) {
    var place = document.getElementById("cannot-start");
    document.documentElement.className += " is-stuck";
    document.querySelector(".cluster__summary").textContent = "The playground cannot start";
    place.hidden = false;
    sentences.forEach(function (sentence) { place.appendChild(element("p", sentence)); });
    (more || []).forEach(function (it) { place.appendChild(it); });
    if (reason) place.appendChild(element("pre", String(reason)));
    if (sentences === FROM_DISK) return;
    var again = element("button", "Reload");
    again.className = "button button--primary";
    again.addEventListener("click", function () { location.reload(); });
    place.appendChild(again);
  }

  function element(name, text) {
    var it = document.createElement(name);
    it.textContent = text;
    return it;
  }
})();
