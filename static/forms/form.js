// Follows one section of a form while it is filled in: asks what is relevant, computes, hints at what will not do, adds
// and takes away rows, and lets a form be sent once only. Without it the server does all of this, a request later.

import { textResult } from "./expressions.js";
import { grouped, isVague, normalise, reading } from "./numbers.js";
import { parts, State } from "./state.js";
import { enhance, narrow } from "./widgets.js";

const PATIENCE = 15000; // milliseconds that a form may take to be sent
const NUMBERS = ["integer", "decimal", "range"];
const root = document.querySelector("[data-form-section]");
const source = document.getElementById("form-definition");
const chinese = document.documentElement.lang.startsWith("zh");

// --- what is typed ------------------------------------------------------------------------------------------------

function inputs(box) {
  return [...box.querySelectorAll("input, select, textarea")];
}

function typed(box) {
  const found = inputs(box);
  const pressed = found.some((each) => each.type === "radio" || each.type === "checkbox");
  if (pressed) return found.filter((each) => each.checked).map((each) => each.value).join(" ");
  if (box.dataset.kind === "rank") return found.map((each) => each.value).filter(Boolean).join(" ");
  return found.length ? found[0].value : "";
}

// As the server will keep it, if it can be read.
function answer(box) {
  const text = typed(box).trim();
  return (NUMBERS.includes(box.dataset.kind) && normalise(text)) || text;
}

const rowAround = (element) => element.closest("[data-row]");

// What stands in a row itself, and in the rows of the repeats within it; of the section where there is no row.
function answersIn(parent, row) {
  const own = (selector) => [...parent.querySelectorAll(selector)].filter((each) => rowAround(each) === row);
  const found = {};
  for (const box of own(".form-field")) found[box.dataset.name] = answer(box);
  for (const repeat of own("[data-repeat]"))
    found[repeat.dataset.repeat] = rowsOf(repeat).map((each) => answersIn(each, each));
  return found;
}

const given = (value) => (Array.isArray(value) ? value.some((row) => Object.values(row).some(given)) : Boolean(value));

// All answers of the section as they stand, rows by repeat.
export function collect() {
  return answersIn(root, null);
}

// --- what follows from it -----------------------------------------------------------------------------------------

function follow(data, known) {
  const asked = (element) => element.dataset.name || element.dataset.repeat;
  // The indexes of the rows around an element, the outer one first.
  const rowOf = (element) => {
    const at = [];
    for (let row = rowAround(element); row; row = rowAround(row.parentElement))
      at.unshift(rowsOf(row.closest("[data-repeat]")).indexOf(row));
    return at;
  };

  // An answer as it is read.
  function shown(state, name, row) {
    const { part } = known.get(name);
    const value = state.value(name, row);
    if ([...NUMBERS, "calculate"].includes(part.kind)) return grouped(value);
    const choices = (part.choices_from ? data.lists[part.choices_from] : part.choices) || [];
    const label = (one) => (choices.find((choice) => choice.value === one) || {}).label || one;
    if (part.kind === "select_one") return label(value);
    if (part.kind === "rank") return value.split(" ").map(label).join(" > ");
    if (part.kind === "image" || part.kind === "file") return value.replace(/^\S+ (\S{12})\S* (.+)$/, "$2 · $1");
    if (part.kind === "datetime") return value.replace("T", " ");
    return part.kind === "select_multiple" ? value.split(" ").map(label).join("、") : value;
  }

  function filled(state, label, name, row) {
    const home = known.get(name).repeats;
    return label.replace(/\$\{\s*([^{}]*?)\s*\}/g, (_, other) => {
      const there = known.get(other);
      return there ? shown(state, other, there.repeats.every((each, at) => each === home[at]) ? row : 0) : "";
    });
  }

  let state;

  // The answers as they stand now; gives the names of what may have changed, at first nothing in particular.
  function take() {
    const answers = { ...data.answers, ...collect() };
    if (state) return state.update(answers);
    const now = new Date(Date.now() + 28800000).toISOString().replace("Z", "+08:00");
    const language = document.documentElement.lang;
    state = new State(known, answers, data.today, { now, language, lists: data.lists, tables: data.form.lists });
    return null;
  }

  // As many rows as are asked for; those beyond are put away, with what is in them.
  function count(repeat) {
    const wanted = state.rows(repeat.dataset.repeat, rowOf(repeat)).length;
    const before = rowsOf(repeat).length;
    for (let missing = wanted - before; missing > 0; missing -= 1) add(repeat);
    rowsOf(repeat).forEach((row, place) => {
      row.hidden = place >= wanted;
    });
    return wanted > before;
  }

  function refresh() {
    const touched = take();
    let again = false;
    for (const element of root.querySelectorAll("[data-path]")) {
      const name = asked(element);
      if (touched && !touched.has(name)) continue;
      const row = rowOf(element);
      const { part } = known.get(name);
      element.hidden = !state.relevant(name, row);
      if (part.count) again = count(element) || again;
      if (part.choice_filter && !part.questions) {
        const offered = (part.choices || []).filter((choice) => state.offers(name, choice, row));
        again = narrow(element, offered, !touched) || again;
      }
      const label = element.querySelector("[data-label]");
      if (label && part.label && part.label.includes("${")) label.textContent = filled(state, part.label, name, row);
      const mark = element.querySelector("[data-required]");
      if (mark && part.required) mark.hidden = !state.holds(part.required, name, row);
      const aid = element.querySelector("[data-reading]");
      if (aid) aid.textContent = reading(typed(element), element.dataset.unit || "", chinese);
      if (element.dataset.doubted !== undefined) doubt(element, state);
    }
    return again ? refresh() : state;
  }

  // Tell, without standing in the way, what the server is going to say.
  function doubt(box, state) {
    const [name, row] = [box.dataset.name, rowOf(box)];
    const { part } = known.get(name);
    const own = state.value(name, row);
    const { textNumber, textVague, textWhole, textConstraint } = root.dataset;
    let text = "";
    if (own !== "" && NUMBERS.includes(part.kind)) {
      if (normalise(own) === null)
        text = (isVague(own) ? textVague : textNumber).replace("{typed}", () => own.slice(0, 40));
      else if (part.kind === "integer" && /\.0*[1-9]/.test(own)) text = textWhole;
    }
    if (own !== "" && !text && !state.holds(part.constraint, name, row, own))
      text = filled(state, part.constraint_message || textConstraint, name, row);
    tell(box, text);
  }

  // Fills in what a changed question triggers: in the same row, or in every row where the trigger stands outside.
  function trigger(box) {
    for (const [name, { part }] of known) {
      if (!part.trigger || !part.trigger.split(" ").includes(box.dataset.name)) continue;
      for (const target of root.querySelectorAll(`.form-field[data-name="${name}"]`)) {
        const input = target.querySelector("input:not([type=radio]):not([type=checkbox]), select, textarea");
        const near = !rowAround(box) || rowAround(box).contains(target);
        if (input && near) input.value = textResult(part.calculation, state.context(name, rowOf(target), input.value));
      }
    }
  }

  refresh();
  window.addEventListener("pageshow", refresh); // after going back a browser fills in what had been typed
  root.addEventListener("input", refresh);
  root.addEventListener("change", (event) => {
    const box = event.target.closest(".form-field");
    refresh();
    if (!box) return;
    trigger(box);
    doubt(box, refresh());
  });
}

// Show a doubt in the place of whatever the server had said of the answer before.
function tell(box, text) {
  for (const old of box.querySelectorAll(".form-error:not([data-doubt])")) old.remove();
  let place = box.querySelector("[data-doubt]");
  if (!place) {
    place = document.createElement("p");
    place.className = "form-error";
    place.dataset.doubt = "";
    place.setAttribute("role", "status");
    place.id = `doubt-${box.dataset.path}`;
    box.querySelector(".form-input, .form-choices").before(place);
  }
  place.hidden = !text;
  place.textContent = text;
  box.toggleAttribute("data-wrong", Boolean(text));
  box.toggleAttribute("data-doubted", Boolean(text));
  for (const each of [box, ...inputs(box)]) each.removeAttribute("aria-invalid");
  const ids = (each) => (each.getAttribute("aria-describedby") || "").split(" ").filter((id) => id && id !== place.id);
  for (const each of inputs(box)) {
    if (text) each.setAttribute("aria-invalid", "true");
    each.setAttribute("aria-describedby", [...ids(each), ...(text ? [place.id] : [])].join(" "));
  }
}

// --- rows ---------------------------------------------------------------------------------------------------------

function rowsOf(repeat) {
  return [...repeat.querySelectorAll("[data-row]")].filter((row) => row.closest("[data-repeat]") === repeat);
}

function number(repeat) {
  const rows = rowsOf(repeat);
  rows.forEach((row, place) => {
    const own = (selector) => [...row.querySelectorAll(selector)].filter((each) => rowAround(each) === row);
    for (const each of own("[data-row-number]")) each.textContent = place + 1;
    for (const each of own("[data-path]")) {
      each.dataset.path = `${repeat.dataset.path}[${place + 1}].${each.dataset.name || each.dataset.repeat}`;
      if (each.dataset.repeat) number(each);
    }
  });
  const button = [...repeat.querySelectorAll("[data-add]")].find((each) => each.closest("[data-repeat]") === repeat);
  if (button) button.disabled = rows.length >= Number(repeat.dataset.atMost);
}

function add(repeat) {
  const taken = rowsOf(repeat).map((row) => Number(row.id.split("-").pop()));
  const blank = document.createElement("template");
  const own = (selector) => [...repeat.querySelectorAll(selector)].find((each) => each.closest("[data-repeat]") === repeat);
  blank.innerHTML = own("[data-blank]").innerHTML.split(repeat.dataset.mark).join(String(Math.max(-1, ...taken) + 1));
  const row = blank.content.firstElementChild;
  own("[data-rows]").append(row);
  number(repeat);
  enhance(row);
  return row;
}

function remove(repeat, row) {
  row.remove();
  if (!rowsOf(repeat).length) add(repeat);
  number(repeat);
}

function press(event) {
  const button = event.target.closest("[data-add], [data-remove]");
  const repeat = button && button.closest("[data-repeat]");
  if (!repeat) return;
  event.preventDefault();
  const row = button.dataset.remove === undefined ? null : rowAround(button);
  if (row) {
    if (Object.values(answersIn(row, row)).some(given) && !window.confirm(root.dataset.textRemove)) return;
    remove(repeat, row);
  }
  const turnTo = row ? repeat : add(repeat);
  root.dispatchEvent(new Event("change", { bubbles: true }));
  turnTo.focus();
  turnTo.scrollIntoView({ block: "nearest" });
}

// --- sending ------------------------------------------------------------------------------------------------------

// A form is sent once, however often the button is touched. Listening on the document keeps clear of inputs that are
// named like properties of the form.
function sendOnce(form) {
  let sending = false;
  const buttons = () => [...document.querySelectorAll("button[type=submit]")].filter((each) => each.form === form);
  const mark = (busy) => {
    sending = busy;
    for (const each of buttons()) {
      each.disabled = busy;
      each.setAttribute("aria-busy", String(busy));
    }
    if (!busy) root.querySelectorAll("[data-repeat]").forEach(number);
  };
  document.addEventListener("submit", (event) => {
    if (event.target !== form) return;
    if (sending) {
      event.preventDefault();
      return;
    }
    sending = true;
    // Only now and not at once: the button that was pressed is sent too, and another script may send by itself.
    setTimeout(() => mark(!event.defaultPrevented));
    setTimeout(() => mark(false), PATIENCE); // the link is down and the page still here: let them try again
  });
  window.addEventListener("pageshow", () => mark(false));
}

function goTo(event) {
  const link = event.target.closest(".form-summary a");
  const target = link && document.getElementById(link.hash.slice(1));
  if (!target) return;
  event.preventDefault();
  target.focus({ preventScroll: true });
  (target.closest(".form-field") || target).scrollIntoView();
}

function start() {
  const data = JSON.parse(source.textContent);
  root.querySelectorAll("[data-repeat]").forEach(number);
  root.addEventListener("click", press);
  root.addEventListener("click", goTo);
  follow(data, parts(data.form));
  enhance(root);
  sendOnce(root.closest("form"));
  root.dataset.followed = "1";
  const summary = root.querySelector(".form-summary");
  if (summary && !root.contains(document.activeElement)) summary.focus();
}

if (root && source) start();
