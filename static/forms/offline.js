// Asks the browser to keep the pages of a report that were seen, so that they open without a link. Where a browser knows
// nothing of it, as in many a chat program, all else works the same.

if (navigator.serviceWorker && window.isSecureContext) {
  navigator.serviceWorker
    .register("/sw.js")
    .then(() => navigator.serviceWorker.ready)
    .then((ready) => {
      if (!navigator.serviceWorker.controller) ready.active.postMessage({ keep: location.pathname });
    })
    .catch(() => {});
}
