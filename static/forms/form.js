// Follows one section of a form while it is filled in: asks what is relevant, computes, hints at what will not do, adds
// and takes away rows, and lets a form be sent once only. Without it the server does all of this, a request later.

import { grouped, normalise, reading } from "./numbers.js";
import { parts, State } from "./state.js";

const PATIENCE = 15000; // milliseconds that a form may take to be sent
const NUMBERS = ["integer", "decimal"];
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
  return found.length ? found[0].value : "";
}

// As the server will keep it, if it can be read.
function answer(box) {
  const text = typed(box).trim();
  return (NUMBERS.includes(box.dataset.kind) && normalise(text)) || text;
}

function answersIn(parent, isOurs) {
  const boxes = [...parent.querySelectorAll(".form-field")].filter(isOurs);
  return Object.fromEntries(boxes.map((box) => [box.dataset.name, answer(box)]));
}

// All answers of the section as they stand, rows by repeat.
export function collect() {
  const found = answersIn(root, (box) => !box.closest("[data-row]"));
  for (const repeat of root.querySelectorAll("[data-repeat]"))
    found[repeat.dataset.repeat] = rowsOf(repeat).map((row) => answersIn(row, () => true));
  return found;
}

// --- what follows from it -----------------------------------------------------------------------------------------

function follow(data, known) {
  const asked = (element) => element.dataset.name || element.dataset.repeat;
  const rowOf = (element) => {
    const row = element.closest("[data-row]");
    return row ? rowsOf(row.closest("[data-repeat]")).indexOf(row) : 0;
  };

  // An answer as it is read.
  function shown(state, name, row) {
    const { part } = known.get(name);
    const value = state.value(name, row);
    if ([...NUMBERS, "calculate"].includes(part.kind)) return grouped(value);
    const choices = (part.choices_from ? data.lists[part.choices_from] : part.choices) || [];
    const label = (one) => (choices.find((choice) => choice.value === one) || {}).label || one;
    if (part.kind === "select_one") return label(value);
    return part.kind === "select_multiple" ? value.split(" ").map(label).join("、") : value;
  }

  function filled(state, label, name, row) {
    const home = known.get(name).repeat;
    return label.replace(/\$\{\s*([^{}]*?)\s*\}/g, (_, other) => {
      const there = known.get(other);
      return there ? shown(state, other, there.repeat && there.repeat === home ? row : 0) : "";
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

  function refresh() {
    const touched = take();
    for (const element of root.querySelectorAll("[data-path]")) {
      const name = asked(element);
      if (touched && !touched.has(name)) continue;
      const row = rowOf(element);
      const { part } = known.get(name);
      element.hidden = !state.relevant(name, row);
      const label = element.querySelector("[data-label]");
      if (label && part.label && part.label.includes("${")) label.textContent = filled(state, part.label, name, row);
      const mark = element.querySelector("[data-required]");
      if (mark && part.required) mark.hidden = !state.holds(part.required, name, row);
      const aid = element.querySelector("[data-reading]");
      if (aid) aid.textContent = reading(typed(element), element.dataset.unit || "", chinese);
      if (element.dataset.doubted !== undefined) doubt(element, state);
    }
    return state;
  }

  // Tell, without standing in the way, what the server is going to say.
  function doubt(box, state) {
    const [name, row] = [box.dataset.name, rowOf(box)];
    const { part } = known.get(name);
    const own = state.value(name, row);
    const { textNumber, textWhole, textConstraint } = root.dataset;
    let text = "";
    if (own !== "" && NUMBERS.includes(part.kind)) {
      if (normalise(own) === null) text = textNumber.replace("{typed}", () => own.slice(0, 40));
      else if (part.kind === "integer" && /\.0*[1-9]/.test(own)) text = textWhole;
    }
    if (own !== "" && !text && !state.holds(part.constraint, name, row, own))
      text = filled(state, part.constraint_message || textConstraint, name, row);
    tell(box, text);
  }

  refresh();
  window.addEventListener("pageshow", refresh); // after going back a browser fills in what had been typed
  root.addEventListener("input", refresh);
  root.addEventListener("change", (event) => {
    const box = event.target.closest(".form-field");
    const state = refresh();
    if (box) doubt(box, state);
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
  return [...repeat.querySelectorAll("[data-row]")];
}

function number(repeat) {
  const rows = rowsOf(repeat);
  rows.forEach((row, place) => {
    for (const each of row.querySelectorAll("[data-row-number]")) each.textContent = place + 1;
    for (const each of row.querySelectorAll("[data-path]"))
      each.dataset.path = `${repeat.dataset.repeat}[${place + 1}].${each.dataset.name}`;
  });
  repeat.querySelector("[data-add]").disabled = rows.length >= Number(repeat.dataset.atMost);
}

function add(repeat) {
  const taken = rowsOf(repeat).map((row) => Number(row.id.split("-").pop()));
  const blank = document.createElement("template");
  const text = repeat.querySelector("[data-blank]").innerHTML;
  blank.innerHTML = text.split("__row__").join(String(Math.max(-1, ...taken) + 1));
  const row = blank.content.firstElementChild;
  repeat.querySelector("[data-rows]").append(row);
  number(repeat);
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
  const row = button.closest("[data-row]");
  if (row) {
    const given = Object.values(answersIn(row, () => true)).some(Boolean);
    if (given && !window.confirm(root.dataset.textRemove)) return;
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
  sendOnce(root.closest("form"));
  root.dataset.followed = "1";
  const summary = root.querySelector(".form-summary");
  if (summary && !root.contains(document.activeElement)) summary.focus();
}

if (root && source) start();
