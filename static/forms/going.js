// Sends a page of a form by script and puts the next one in its place: one round trip, no stylesheet twice, and where the
// link is down the page stays with all that was typed. Whatever is not a page of the form, the browser does in its own way.

const PATIENCE = 30000; // milliseconds

let busy = false;
let pressed = null;

function mark(form, on) {
  busy = on;
  for (const each of form.querySelectorAll("button[type=submit], button:not([type])")) {
    each.disabled = on || each.dataset.full === "1";
    each.setAttribute("aria-busy", String(on));
  }
}

function hidden(form, name, value) {
  const made = document.createElement("input");
  Object.assign(made, { type: "hidden", name, value });
  form.append(made);
}

async function post(form, button) {
  const body = new URLSearchParams([...new FormData(form), ["_direct", "1"]]);
  if (button && button.name) body.append(button.name, button.value);
  const giveUp = typeof AbortController === "function" ? new AbortController() : { abort() {} };
  const timer = setTimeout(() => giveUp.abort(), PATIENCE);
  try {
    const answer = await fetch(form.getAttribute("action"), { method: "POST", body, signal: giveUp.signal });
    return { answer, text: await answer.text() };
  } finally {
    clearTimeout(timer);
  }
}

async function go(form, button, { saving, show }) {
  mark(form, true);
  await saving().hold();
  let found;
  try {
    found = await post(form, button);
  } catch (error) {
    mark(form, false);
    saving().failed();
    return;
  }
  const { answer, text } = found;
  const section = answer.headers.get("X-Section");
  const onward = answer.headers.get("X-Go-On");
  if (section || onward) {
    if (answer.ok) await saving().arrived();
    busy = false;
    if (section) show(text, section);
    else location.assign(onward);
    return;
  }
  if (button && button.name) hidden(form, button.name, button.value);
  await saving().handOver();
  form.submit();
}

// `saving()` is the page's autosave, `show(text, address)` puts another page in its place.
export function goByScript(wires) {
  document.addEventListener("click", (event) => {
    pressed = event.target.closest("button");
  }, true);
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-address]") || event.defaultPrevented) return;
    if ([...form.querySelectorAll("[type=file]")].some((each) => each.value)) return; // the browser takes it along
    event.preventDefault();
    if (!busy) go(form, pressed && pressed.form === form ? pressed : null, wires);
  });
}
