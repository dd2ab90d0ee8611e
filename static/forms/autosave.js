// Nothing typed is lost: every change goes to the server's draft, and until it has arrived a copy stays in the phone.
//
// The copy carries the mark of the section as the page was opened. When the page is opened again and the server's
// section still has that mark, the copy is put back and sent; if the section changed meanwhile, the person is asked.

import { follow } from "./follow.js";

const form = document.querySelector("form[data-autosave]");
const line = document.querySelector("[data-saved]");
const SOON = 800; // milliseconds after the last change
const LATER = 5000; // and after a try that did not get through

// --- the phone's copies: IndexedDB, or localStorage where that is missing or shut ---------------------------------

const asked = (request) => new Promise((done, failed) => {
  request.onsuccess = () => done(request.result);
  request.onerror = () => failed(request.error);
});

let opened;
function shelf() {
  if (!opened) {
    opened = new Promise((done, failed) => {
      const request = indexedDB.open("reportsvc", 1);
      request.onupgradeneeded = () => request.result.createObjectStore("typed");
      request.onsuccess = () => done(request.result);
      request.onerror = () => failed(request.error);
    });
  }
  return opened;
}

async function kept(work, instead) {
  try {
    const base = await shelf();
    return await asked(work(base.transaction("typed", "readwrite").objectStore("typed")));
  } catch (error) {
    return instead();
  }
}

const put = (key, copy) =>
  kept((shelves) => shelves.put(copy, key), () => localStorage.setItem(key, JSON.stringify(copy)));
const take = (key) => kept((shelves) => shelves.get(key), () => JSON.parse(localStorage.getItem(key) || "null"));
const drop = (key) => kept((shelves) => shelves.delete(key), () => localStorage.removeItem(key));

// --- the form -----------------------------------------------------------------------------------------------------

const OURS = ["csrf_token", "base", "form", "_direct"];

function pairs() {
  return [...new FormData(form)].filter(([name, value]) => !OURS.includes(name) && typeof value === "string");
}

function say(name, more) {
  line.textContent = line.dataset[name] + (more || "");
  line.dataset.state = name;
}

// Adds rows, outer ones first, until there is an input of this name: "homes-0-people-1-person" needs two people.
function makeRoom(name) {
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

// Whether somebody has changed an input since the page came: on a slow link that may be before this script was there.
function touched(input) {
  if (input.type === "radio" || input.type === "checkbox") return input.checked !== input.defaultChecked;
  if (input.options) {
    const first = [...input.options].find((option) => option.defaultSelected) || input.options[0];
    return Boolean(first) && input.value !== first.value;
  }
  return input.value !== input.defaultValue;
}

const answers = () =>
  [...form.querySelectorAll("input, select, textarea")].filter((input) => input.name && input.type !== "hidden");

// Puts a copy's values into the inputs, several of one name in their order; rows that are missing are added as if by
// hand. What `spares` holds is newer than the copy and stays.
function restore(copy, spares) {
  const values = new Map();
  for (const [name, value] of copy.pairs) values.set(name, [...(values.get(name) || []), value]);
  for (const name of values.keys()) if (!form.elements[name]) makeRoom(name);
  const taken = {};
  for (const input of answers()) {
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
}

// --- sending ------------------------------------------------------------------------------------------------------

function start() {
  const key = form.dataset.address;
  const base = form.elements.base;
  let timer = 0;
  let changed = 0; // counts changes, so that an answer from the server is held against the newest
  let stopped = false;

  const copy = (sent) => ({ pairs: pairs(), base: base.value, at: Date.now(), sent });

  function plan(wait) {
    clearTimeout(timer);
    timer = setTimeout(send, wait);
  }

  async function send() {
    if (stopped) return;
    const before = changed;
    let answer;
    try {
      answer = await fetch(form.dataset.autosave, {
        method: "POST",
        body: new URLSearchParams([...new FormData(form)]),
        headers: { Accept: "application/json" },
      });
    } catch (error) {
      say("offline");
      plan(LATER);
      return;
    }
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

  form.addEventListener("input", note);
  form.addEventListener("change", note);
  function note() {
    changed += 1;
    put(key, copy(false));
    if (!stopped) plan(SOON);
  }

  form.addEventListener("submit", () => {
    stopped = true;
    clearTimeout(timer);
    put(key, copy(true));
  });
  addEventListener("online", () => plan(0));
  addEventListener("pageshow", (event) => {
    if (event.persisted) stopped = false;
  });

  const early = new Set(answers().filter(touched).map((input) => input.name));
  take(key).then(async (found) => {
    if (!found) {
      if (early.size) note();
      return;
    }
    const same = JSON.stringify(found.pairs) === JSON.stringify(pairs());
    if (found.base === base.value && !same) {
      await follow().catch(() => {}); // adds rows; where there is none to add, it isn't missed
      restore(found, early);
      say("restored");
    } else if (found.base !== base.value && !found.sent && !same) {
      offer(found);
    } else if (early.size) {
      note();
    } else {
      drop(key);
    }
  });

  // The section changed on the server while this phone held answers that never arrived: the person chooses.
  function offer(found) {
    const box = document.querySelector("[data-held]");
    box.hidden = false;
    box.querySelector("[data-take]").addEventListener("click", () => {
      box.hidden = true;
      follow().catch(() => {}).then(() => restore(found, new Set()));
    });
    box.querySelector("[data-leave]").addEventListener("click", () => {
      box.hidden = true;
      drop(key);
    });
  }
}

if (form && line) start();
