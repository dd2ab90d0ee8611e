// Nothing typed is lost: every change goes to the server's draft, and until it has arrived a copy stays in the phone.
//
// The copy carries the mark of the section as the page was opened. When the page is opened again and the server's
// section still has that mark, the copy is put back and sent; if the section changed meanwhile, the person is asked.

import { drop, put, take } from "./copies.js";
import { follow } from "./follow.js";

const SOON = 800; // milliseconds after the last change
const LATER = 5000; // and after a try that did not get through
const PATIENCE = 3000; // with a save that is on its way
const OURS = ["csrf_token", "base", "form", "page"];

const answers = (form) =>
  [...form.querySelectorAll("input, select, textarea")].filter((input) => input.name && input.type !== "hidden");

// Whether somebody has changed an input since the page came: on a slow link that may be before this script was there.
function touched(input) {
  if (input.type === "radio" || input.type === "checkbox") return input.checked !== input.defaultChecked;
  if (input.options) {
    const first = [...input.options].find((option) => option.defaultSelected) || input.options[0];
    return Boolean(first) && input.value !== first.value;
  }
  return input.value !== input.defaultValue;
}

// Adds rows, outer ones first, until there is an input of this name: "homes-0-people-1-person" needs two people.
function makeRoom(form, name) {
  if (!form.querySelector("[data-followed]")) return; // without that script the button would send the form off
  const digits = /-(\d+)-/g;
  for (let mark = digits.exec(name); mark; mark = digits.exec(name)) {
    const repeat = document.getElementById(name.slice(0, mark.index));
    if (!repeat) return;
    const own = (element) => element.closest("[data-repeat]") === repeat;
    const add = [...repeat.querySelectorAll("[data-add]")].find(own);
    const count = () => [...repeat.querySelectorAll("[data-row]")].filter(own).length;
    for (let before = -1; add && count() <= Number(mark[1]) && count() > before;) {
      before = count();
      add.click();
    }
  }
}

// Puts a copy's values into the inputs, several of one name in their order; rows that are missing are added as if by
// hand. What `spares` holds is newer than the copy and stays.
function restore(form, copy, spares) {
  const values = new Map();
  for (const [name, value] of copy.pairs) values.set(name, [...(values.get(name) || []), value]);
  for (const name of values.keys()) if (!form.elements[name]) makeRoom(form, name);
  const taken = {};
  for (const input of answers(form)) {
    const wanted = values.get(input.name) || [];
    if (input.type === "radio" || input.type === "checkbox") {
      if (!spares.has(input.name)) input.checked = wanted.includes(input.value);
    } else {
      taken[input.name] = (taken[input.name] || 0) + 1;
      if (spares.has(input.name)) continue;
      input.value = wanted[taken[input.name] - 1] || "";
    }
  }
  form.dispatchEvent(new Event("change", { bubbles: true }));
  const field = document.getElementById(copy.field);
  if (field && document.activeElement === document.body) field.focus();
}

// Looks after one page of a form until `end()`. `hold()` is called before the page is sent by its button, `arrived()` when
// it has got there, `failed()` when it has not: then typing goes on. Whoever leaves in between loses nothing: the copy is
// there until it is known to have arrived. `handOver()` is for a page that the browser sends, of which nothing is heard.
export function autosave(form, line) {
  const key = form.dataset.address;
  const base = form.elements.base;
  let timer = 0;
  let changed = 0; // counts changes, so that an answer from the server is held against the newest
  let stopped = false;
  let field = ""; // id of the input that was turned to last

  const pairs = () =>
    [...new FormData(form)].filter(([name, value]) => !OURS.includes(name) && typeof value === "string");
  const copy = (sent) => ({
    pairs: pairs(),
    base: base.value,
    form: form.elements.form.value,
    page: form.elements.page.value,
    at: Date.now(),
    url: form.dataset.autosave,
    field,
    sent,
  });

  function say(name) {
    line.textContent = line.dataset[name];
    line.dataset.state = name;
    if (name !== "lapsed") return;
    const link = document.createElement("a");
    link.href = line.dataset.signIn;
    link.textContent = line.dataset.signInText;
    line.append(" ", link);
  }

  function plan(wait) {
    clearTimeout(timer);
    timer = setTimeout(send, wait);
  }

  let flight = Promise.resolve(); // the save on its way

  const send = () => {
    flight = save();
  };

  async function save() {
    if (stopped) return;
    const before = changed;
    let answer;
    try {
      answer = await fetch(form.dataset.autosave, {
        method: "POST",
        body: new URLSearchParams([...pairs(), ...OURS.map((name) => [name, form.elements[name].value])]),
        headers: { Accept: "application/json" },
      });
    } catch (error) {
      if (stopped) return;
      say("offline");
      plan(LATER);
      return;
    }
    if (stopped) return;
    if (answer.status === 401) {
      stopped = true;
      say("lapsed");
    } else if (answer.status === 409) {
      stopped = true;
      say("changed");
    } else if (!answer.ok) {
      say("offline");
      plan(LATER);
    } else {
      base.value = (await answer.json()).base;
      if (before === changed) {
        await drop(key);
        say("done");
      } else {
        plan(SOON);
      }
    }
  }

  function note() {
    changed += 1;
    put(key, copy(false));
    if (!stopped) plan(SOON);
  }

  // The section changed on the server while this phone held answers that never arrived: the person chooses.
  function offer(found) {
    const box = document.querySelector("[data-held]");
    box.hidden = false;
    box.querySelector("[data-take]").addEventListener("click", () => {
      box.hidden = true;
      follow().catch(() => {}).then(() => restore(form, found, new Set()));
    });
    box.querySelector("[data-leave]").addEventListener("click", () => {
      box.hidden = true;
      drop(key);
    });
  }

  form.addEventListener("focusin", (event) => {
    field = event.target.id;
  });
  form.addEventListener("input", note);
  form.addEventListener("change", note);

  const early = new Set(answers(form).filter(touched).map((input) => input.name));
  if (early.size) follow().catch(() => {});
  take(key).then(async (found) => {
    if (!found) {
      if (early.size) note();
      return;
    }
    const same = JSON.stringify(found.pairs) === JSON.stringify(pairs());
    if (found.base === base.value && !same) {
      await follow().catch(() => {}); // adds rows; where there is none to add, it isn't missed
      restore(form, found, early);
      say("restored");
    } else if (found.base !== base.value && !found.sent && !same) {
      offer(found);
    } else if (early.size) {
      note();
    } else {
      drop(key);
    }
  });

  return {
    async hold() {
      clearTimeout(timer);
      // A save that arrives first gives the section a new mark, which has to be known.
      await Promise.race([flight, new Promise((done) => setTimeout(done, PATIENCE))]);
      stopped = true;
      clearTimeout(timer);
      put(key, copy(false));
    },
    handOver: () => put(key, copy(true)),
    arrived: () => drop(key),
    failed() {
      stopped = false;
      put(key, copy(false));
      say("offline");
      plan(LATER);
    },
    hurry() {
      if (changed) plan(0);
    },
    end() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
