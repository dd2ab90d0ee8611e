// The photos that have arrived: the list as the server has it, and what is done to them.

import { form, said, texts } from "./elements.js";

/** The list as the server has it now; what somebody is typing into, and what has not changed, stays as it is. */
export async function refresh() {
  let page = null;
  try {
    const answer = await fetch(location.pathname, { credentials: "same-origin", headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return false;
    page = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch (error) {
    return false;
  }
  const fresh = page.getElementById("photos");
  const token = page.querySelector("#send [name=csrf_token]");
  if (!fresh || !token) return false;
  form.elements.csrf_token.value = token.value;
  const list = document.getElementById("photos");
  const active = document.activeElement;
  const wanted = Array.from(fresh.children).map((item) => {
    const old = document.getElementById(item.id);
    const busyHere = old && (old.contains(active) && active.type === "text");
    return old && old.dataset.state === item.dataset.state && busyHere ? old : item;
  });
  const focus = list.contains(active) ? { item: active.closest("li").id, value: active.value, type: active.type } : null;
  if (wanted.some((item, at) => list.children[at] !== item) || list.children.length !== wanted.length) {
    wanted.forEach((item) => list.append(item));
    Array.from(list.children).forEach((item) => {
      if (wanted.indexOf(item) < 0) item.remove();
    });
  }
  if (focus && document.activeElement !== active) again(active, focus);
  const none = document.getElementById("none");
  if (none && wanted.length) none.remove();
  document.dispatchEvent(new Event("photos:listed"));
  return true;
}

/** The focus goes back to where it was, though the element is a new one. */
function again(active, focus) {
  const item = document.getElementById(focus.item);
  if (!item) return;
  const same = active.isConnected ? active : item.querySelector(focus.type === "submit" ? `button[value=${focus.value}]:not([disabled])` : `[name=${active.name}]`);
  if (same) same.focus();
}

let looking = 0;
let looks = 0;

export function watch() {
  clearTimeout(looking);
  if (!document.querySelector("#photos > [data-state=raw]")) {
    looks = 0;
    return;
  }
  looks += 1;
  looking = setTimeout(async () => {
    if (!document.hidden) await refresh();
    watch();
  }, Math.min(15000, 2000 * 1.3 ** looks));
}

let acting = Promise.resolve();

/** One after another, each with what stands in the form by then: two at once could arrive the wrong way round. */
export function act(target, button) {
  acting = acting.then(() => carryOut(target, button));
}

async function carryOut(target, button) {
  const body = new FormData(target);
  if (button) body.append("do", button.value);
  try {
    const answer = await fetch(target.getAttribute("action"), { method: "POST", body, credentials: "same-origin", headers: { Accept: "application/json" } });
    if (answer.status === 401) location.href = texts.signIn;
    const text = answer.ok ? "" : (await answer.json()).error;
    said.textContent = text || "";
    if (button) await refresh();
  } catch (error) {
    said.textContent = texts.textOffline;
    if (button) target.submit(); // the browser's own way, with its own page about what went wrong
  }
}
