// Photos of a report: made smaller on the phone, kept there until they have arrived, sent one by one.

import { act, watch } from "./arrived.js";
import { form, here, input, texts } from "./elements.js";
import { startWorker } from "./preparing.js";
import { add, chosen, count, hurry, next } from "./queue.js";
import { left, open } from "./shelf.js";

function listen() {
  const list = document.getElementById("photos");
  list.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=do]");
    if (!button) return;
    event.preventDefault();
    act(button.form, button);
  });
  list.addEventListener("submit", (event) => {
    event.preventDefault();
    act(event.target, null);
  });
  list.addEventListener("change", (event) => act(event.target.form, null));
  document.addEventListener("photos:listed", count);
  input.addEventListener("change", chosen);
  form.addEventListener("submit", (event) => event.preventDefault());
  window.addEventListener("online", hurry);
}

async function start() {
  document.body.classList.add("scripted");
  form.querySelector("[data-plain]").hidden = true;
  form.querySelector("[data-choose]").textContent = texts.textChoose;
  input.multiple = true;
  startWorker(texts.worker);
  listen();
  await open(here);
  (await left()).forEach(add);
  count();
  next();
  watch();
}

if (form && window.XMLHttpRequest && window.FormData) start();
