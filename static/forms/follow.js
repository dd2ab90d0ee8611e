// Brings the script that follows the form when it is first touched: until then nothing needs it, and a first view that
// carries less is there sooner.

const form = document.querySelector("form[data-follow]");
let coming;

// Resolves when the script is there; without a link it stays away, and the server does its part at the next save.
export function follow() {
  if (!coming) {
    coming = new Promise((done, failed) => {
      const script = document.createElement("script");
      script.type = "module";
      script.src = form.dataset.follow;
      script.onload = done;
      script.onerror = failed;
      document.head.append(script);
    });
    coming.catch(() => {
      coming = undefined; // the next touch tries again
    });
  }
  return coming;
}

const now = () => follow().catch(() => {});

if (form) {
  for (const touch of ["pointerdown", "focusin"]) form.addEventListener(touch, now);
  if (form.contains(document.activeElement)) now(); // touched before this script was here
}
