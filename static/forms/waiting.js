// On the pages around a form: what this phone still holds goes up, and what is then shown has it.

import { flush } from "./outbox.js";
import { keys } from "./copies.js";

const line = document.querySelector("[data-waiting]");

async function tell() {
  const count = (await keys()).filter((key) => key.startsWith(line.dataset.waiting)).length;
  line.hidden = !count;
}

async function send() {
  try {
    const { arrived } = await flush(document.querySelector("[name=csrf_token]").value);
    if (arrived) location.reload();
  } catch (error) {
    // no link: it stays in the phone, which the line says
  }
  await tell();
}

if (line) {
  send();
  addEventListener("online", send);
}
