// The photos on their way: one card each, sent one by one, tried again while the link is down.

import { refresh, watch } from "./arrived.js";
import { form, input, queueList, said, texts } from "./elements.js";
import { prepared } from "./preparing.js";
import { newUuid } from "./posting.js";
import { send } from "./sending.js";
import { forget, keep } from "./shelf.js";

const queue = [];
let busy = false;
let tries = 0;
let timer = 0;

function element(tag, properties, children) {
  const made = Object.assign(document.createElement(tag), properties);
  (children || []).forEach((child) => made.append(child));
  return made;
}

export function add(entry) {
  const caption = element("input", { type: "text", id: `caption-${entry.uuid}`, maxLength: 200, autocomplete: "off", value: entry.caption || "" });
  const consent = element("input", { type: "checkbox", checked: Boolean(entry.consent) });
  const remove = element("button", { type: "button", textContent: texts.textRemove });
  remove.setAttribute("aria-label", `${texts.textRemove}: ${entry.name}`);
  entry.bar = element("progress", { max: 100, value: 0, hidden: true });
  entry.bar.setAttribute("aria-label", entry.name);
  entry.state = element("p", { className: "state", textContent: texts.textWaiting });
  const parts = [element("p", { className: "meta", textContent: entry.name }), entry.state, entry.bar];
  if (!entry.lost) {
    parts.push(
      element("label", { htmlFor: caption.id, textContent: texts.textCaption }), caption,
      element("label", { className: "tick" }, [consent, element("span", { textContent: texts.textConsent })])
    );
  }
  parts.push(element("div", { className: "tools" }, [remove]));
  entry.item = element("li", { className: "card" }, parts);
  const changed = () => {
    entry.caption = caption.value;
    entry.consent = consent.checked;
    if (entry.bytes) keep(entry);
  };
  caption.oninput = changed;
  consent.onchange = changed;
  remove.onclick = () => drop(entry);
  if (entry.lost) {
    show(entry, texts.textGone, true);
    entry.refused = true;
  }
  queue.push(entry);
  queueList.append(entry.item);
  count();
  return entry;
}

function show(entry, text, bad) {
  entry.state.textContent = text;
  entry.state.classList.toggle("problem", Boolean(bad));
  if (bad) {
    entry.bar.hidden = true;
    said.textContent = `${entry.name}: ${text}`;
  }
}

function drop(entry) {
  const at = queue.indexOf(entry);
  if (at >= 0) queue.splice(at, 1);
  if (entry.request) entry.request.abort();
  entry.item.remove();
  entry.dropped = true;
  forget(entry);
  count();
}

function places() {
  const there = document.querySelectorAll("#photos > li:not([data-state=refused])").length;
  return Number(texts.most) - there - queue.filter((entry) => !entry.refused).length;
}

export function count() {
  input.disabled = places() <= 0;
  const none = document.getElementById("none");
  if (none) none.hidden = queue.length > 0;
}

export async function chosen() {
  const files = Array.from(input.files);
  input.value = "";
  said.textContent = "";
  const entries = [];
  for (const file of files) {
    if (places() <= 0) {
      said.textContent = texts.textFull;
      break;
    }
    entries.push(add({ uuid: newUuid(), name: file.name, caption: "", consent: false, source: file }));
  }
  for (const entry of entries) {
    show(entry, texts.textShrinking);
    const made = await prepared(entry.source).catch(() => null);
    entry.source = null;
    if (entry.dropped) continue;
    if (!made || made.bytes.byteLength > Number(texts.limit)) {
      entry.refused = true;
      show(entry, made ? texts.textHeavy : texts.textFailed, true);
      count();
      continue;
    }
    entry.bytes = made.bytes;
    entry.file = made.name;
    show(entry, texts.textWaiting);
    await keep(entry);
    next();
  }
}

export async function next() {
  const entry = queue.find((one) => one.bytes && !one.refused);
  if (busy || !entry) return;
  busy = true;
  clearTimeout(timer);
  entry.bar.hidden = false;
  show(entry, texts.textSending);
  const { status, answer } = await send(entry);
  // Busy until it is out of the queue: else it would be taken for the next one.
  const goOn = entry.dropped || (await settle(entry, status, answer).catch(() => false));
  busy = false;
  if (goOn) next();
}

/** What the answer means for the photo; whether the next one can go at once. */
async function settle(entry, status, answer) {
  if (status === 202) {
    tries = 0;
    await arrived(entry, answer);
    return true;
  }
  if (status === 401) {
    show(entry, "");
    entry.state.append(element("a", { href: texts.signIn, textContent: texts.textSignIn }));
    return false;
  }
  if (status >= 400 && status < 500 && status !== 400 && status !== 408 && status !== 429) {
    entry.refused = true;
    show(entry, answer.error || texts.textFailed, true);
    await forget(entry);
    count();
    return true;
  }
  tries += 1;
  if (status === 400) await refresh(); // a token from before the session began anew
  entry.bar.hidden = true;
  show(entry, entry.kept ? texts.textOffline : texts.textUnkept);
  timer = setTimeout(next, Math.min(60000, 1000 * 2 ** tries) * (0.75 + Math.random() / 2));
  return false;
}

async function arrived(entry, answer) {
  const now = { caption: entry.caption || "", consent: Boolean(entry.consent) };
  if (answer.state !== "removed" && (now.caption !== entry.sentAs.caption || now.consent !== entry.sentAs.consent)) {
    const body = new FormData();
    body.append("csrf_token", form.elements.csrf_token.value);
    body.append("caption", now.caption);
    if (now.consent) body.append("consent", "yes");
    await fetch(`${form.getAttribute("action")}/${answer.id}`, { method: "POST", body, credentials: "same-origin", headers: { Accept: "application/json" } }).catch(() => null);
  }
  const typing = entry.item.contains(document.activeElement) && document.activeElement.type === "text" ? document.activeElement : null;
  await forget(entry);
  await refresh();
  const at = queue.indexOf(entry);
  if (at >= 0) queue.splice(at, 1); // it may have been deleted meanwhile
  entry.item.remove();
  const same = typing && document.getElementById(`caption-${answer.id}`);
  if (same) {
    same.value = typing.value;
    same.focus();
    same.setSelectionRange(typing.selectionStart, typing.selectionEnd);
  }
  count();
  watch();
}

/** The link is back: no need to wait. */
export function hurry() {
  tries = 0;
  next();
}
