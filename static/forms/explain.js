// Saves what is written about doubted values while it is written; the button sends it anyway.

const form = document.querySelector("form[data-explain]");
const line = document.querySelector("[data-explained]");
const SOON = 800; // milliseconds after the last change
const LATER = 5000; // and after a try that did not get through

let timer = 0;
let stopped = false;

function plan(wait) {
  clearTimeout(timer);
  if (!stopped) timer = setTimeout(send, wait);
}

async function send() {
  let arrived = false;
  try {
    const body = new URLSearchParams([...new FormData(form)]);
    arrived = (await fetch(form.dataset.explain, { method: "POST", body })).ok;
  } catch (error) {
    // the link is down: said below, and tried again
  }
  if (stopped) return;
  line.textContent = arrived ? line.dataset.done : line.dataset.offline;
  line.dataset.state = arrived ? "done" : "offline";
  if (!arrived) plan(LATER);
}

if (form && line) {
  form.addEventListener("input", () => plan(SOON));
  form.addEventListener("submit", () => {
    stopped = true;
    clearTimeout(timer);
  });
  addEventListener("online", () => {
    if (line.dataset.state === "offline") plan(0);
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) stopped = false;
  });
  // On a slow link somebody writes before this script has come.
  if ([...form.querySelectorAll("textarea")].some((each) => each.value !== each.defaultValue)) plan(SOON);
}
