// Photos that have arrived are made anew by the server before anybody else sees them: this waits for the outcome.

import { addressOf, boxes, current, here, show } from "./boxes.js";

const SOON = 1500; // milliseconds; the wait grows from look to look

export function watch(box) {
  const uuid = current(box);
  if (box.dataset.kind === "image" && uuid) later(box, uuid, SOON);
}

export function watchAll() {
  for (const box of boxes()) {
    const kept = box.querySelector("[data-kept]");
    if (kept.dataset.state === "raw") watch(box);
  }
}

function later(box, uuid, wait) {
  setTimeout(() => look(box, uuid, wait), wait);
}

async function look(box, uuid, wait) {
  if (!box.isConnected || current(box) !== uuid) return;
  let answer = {};
  try {
    const came = await fetch(`${addressOf(uuid)}/state`, { headers: { Accept: "application/json" } });
    if (came.ok && !came.redirected) answer = await came.json();
  } catch (error) {
    // no link: looked at again
  }
  if (!box.isConnected || current(box) !== uuid) return;
  if (answer.state === "ready") ready(box, uuid);
  else if (answer.state === "refused") show(box, answer.error || here.texts.failed, { bad: true });
  else later(box, uuid, Math.min(15000, wait * 1.3));
}

function ready(box, uuid) {
  const kept = box.querySelector("[data-kept]");
  const place = kept.querySelector("[data-shown]");
  const alt = (place.querySelector("img") || {}).alt || place.textContent.trim();
  const link = Object.assign(document.createElement("a"), { href: addressOf(uuid) });
  link.append(Object.assign(document.createElement("img"), { src: `${addressOf(uuid)}/small`, alt }));
  place.textContent = "";
  place.append(link);
  kept.dataset.state = "ready";
  kept.querySelector("[data-said]").textContent = "";
}
