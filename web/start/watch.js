// Sees what keeps the page from coming up, and then has that said: see cannot_start.js. It has to run
// where nothing else does, so it is written as JavaScript was before 2015.

(function () {
  // In a frame that is locked in, modules and the program could not be loaded from a plain host; all is
  // in the one file, of which this is no file of its own.
  var isOwnFile = document.currentScript && document.currentScript.src;
  if (self.origin === "null" && /^http/.test(location.protocol) && isOwnFile) {
    location.replace("playground.html" + location.search + location.hash);
  }
  var NAME = "cannot_start.js";
  var isSeen = false;

  function see(event) {
    // Once the page has come up it tells by itself what is the matter.
    if (isSeen || (document.body && !document.querySelector("main[aria-busy]"))) return;
    // What is loaded ahead is loaded again when it is needed.
    if (event.target.tagName === "LINK" && event.target.rel !== "stylesheet") return;
    isSeen = true;
    window.startFailure = event.reason || event.error || event.message;
    var script = document.createElement("script");
    script.src = (window.packedFiles && window.packedFiles[NAME]) || NAME;
    document.head.appendChild(script);
  }

  // Also what a file that does not load says: that does not rise, but comes by here.
  window.addEventListener("error", see, true);
  window.addEventListener("unhandledrejection", see);
  document.addEventListener("DOMContentLoaded", function (event) {
    if (!("noModule" in document.createElement("script")) || typeof WebAssembly !== "object") see(event);
  });
})();
