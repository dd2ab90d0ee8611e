// Brings the scripts that follow the form when it is first touched: until then nothing needs them, and a first view that
// carries less is there sooner.

const QUIET = 10000; // milliseconds
let keeping = 0;
const here = {}; // address → a promise of the script

function script(address) {
  if (!here[address]) {
    here[address] = new Promise((done, failed) => {
      const made = document.createElement("script");
      made.async = false; // one after another: the later ones add to the first
      made.src = address;
      made.onload = done;
      made.onerror = () => {
        delete here[address]; // the next touch tries again
        failed(new Error(address));
      };
      document.head.append(made);
    });
  }
  return here[address];
}

// Resolves when they are there; without a link they stay away, and the server does its part at the next save.
export async function follow() {
  const form = document.querySelector("form[data-follow]");
  if (!form) return;
  await Promise.all(form.dataset.follow.split(" ").map(script));
  if (!form.querySelector("[data-followed]")) document.dispatchEvent(new Event("reportsvc:follow"));
  // Nothing waits for that script: it gives way to what the person does next.
  if (!keeping) keeping = setTimeout(() => script(form.dataset.keep).catch(() => {}), QUIET);
}

const now = () => follow().catch(() => {});

export function whenTouched(form) {
  for (const touch of ["pointerdown", "focusin"]) form.addEventListener(touch, now);
  if (form.contains(document.activeElement)) now(); // touched before this script was here
}
