// Follows a form on a page that holds nothing else: no draft is saved, nothing is kept.

import { start } from "./form.js";
import "./form-rest.js";
import "./more.js";

const PATIENCE = 15000; // milliseconds that a form may take to be sent

// A form is sent once, however often the button is touched. Listening on the document keeps clear of inputs that are
// named like properties of the form.
function sendOnce() {
  let sending = false;
  const mark = (form, busy) => {
    sending = busy;
    for (const each of document.querySelectorAll("button[type=submit]"))
      if (each.form === form) each.disabled = busy || each.dataset.full === "1";
  };
  document.addEventListener("submit", (event) => {
    if (sending) {
      event.preventDefault();
      return;
    }
    sending = true;
    setTimeout(() => mark(event.target, !event.defaultPrevented)); // not at once: the button is sent too
    setTimeout(() => mark(event.target, false), PATIENCE); // the link is down and the page still here
    window.addEventListener("pageshow", () => mark(event.target, false), { once: true });
  });
}

start();
sendOnce();
const summary = document.querySelector(".form-summary");
if (summary) summary.focus();
