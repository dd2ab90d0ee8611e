// What a page of a report runs at once; the rest comes when the form is first touched.

import { autosave } from "./autosave.js";
import { follow, whenTouched } from "./follow.js";
import { goByScript } from "./going.js";
import { flush } from "./outbox.js";

const FORM = "form[data-autosave]";
let saving = null;
let shown = location.pathname;

function begin(first) {
  const form = document.querySelector(FORM);
  const line = document.querySelector("[data-saved]");
  const turnTo = document.querySelector("main [autofocus], .form-summary");
  if (turnTo && !(first && location.hash)) turnTo.focus(); // an address that names an input leads there
  if (!form || !line) return;
  saving = autosave(form, line);
  whenTouched(form);
  if (!first) follow().catch(() => {}); // whoever came this far is filling in
  flush(form.elements.csrf_token.value, form.dataset.address).catch(() => {}); // no link: later
}

// Puts another page in the place of this one, under its own address.
function show(text, address) {
  const page = new DOMParser().parseFromString(text, "text/html");
  if (saving) saving.end();
  document.title = page.title;
  document.querySelector("main").replaceWith(page.querySelector("main"));
  if (address !== location.pathname) history.pushState(null, "", address);
  shown = address;
  scrollTo(0, 0);
  const title = document.querySelector("main h1");
  if (title) {
    title.tabIndex = -1;
    title.focus({ preventScroll: true });
  }
  begin(false);
}

if (document.querySelector(FORM)) {
  begin(true);
  goByScript({ saving: () => saving, show });
  addEventListener("popstate", () => location.pathname !== shown && location.reload()); // not for a link to an input
  addEventListener("online", () => saving.hurry());
  addEventListener("pageshow", (event) => event.persisted && location.reload()); // it may be older than what was sent
}
