// Follows one section of a form while it is filled in: asks what is relevant, computes, hints at what will not do. Without
// it the server does all of this, a request later. What only some sections need is in form-rest.js, which puts it into
// `rest`.

import { textResult } from "./expressions.js";
import { parts, State } from "./state.js";

const NUMBERS = ["integer", "decimal", "range"];
const chinese = document.documentElement.lang.startsWith("zh");
const nothing = () => {};
export const rest = {
  normalise: nothing, isVague: nothing, reading: nothing, grouped: (text) => text, // numbers.js
  number: nothing, add: nothing, press: nothing, // rows.js
  enhance: nothing, narrow: nothing, // widgets.js
};
let root = null;
let again = nothing;

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
  return (NUMBERS.includes(box.dataset.kind) && rest.normalise(text)) || text;
}

export const rowAround = (element) => element.closest("[data-row]");

// What stands in a row itself, and in the rows of the repeats within it; of the section where there is no row.
export function answersIn(parent, row) {
  const own = (selector) => [...parent.querySelectorAll(selector)].filter((each) => rowAround(each) === row);
  const found = {};
  for (const box of own(".form-field")) found[box.dataset.name] = answer(box);
  for (const repeat of own("[data-repeat]"))
    found[repeat.dataset.repeat] = rowsOf(repeat).map((each) => answersIn(each, each));
  return found;
}

export const given = (value) => (Array.isArray(value) ? value.some((row) => Object.values(row).some(given)) : Boolean(value));

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
    if ([...NUMBERS, "calculate"].includes(part.kind)) return rest.grouped(value);
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
    for (let missing = wanted - before; missing > 0; missing -= 1) rest.add(repeat);
    rowsOf(repeat).forEach((row, place) => {
      row.hidden = place >= wanted;
    });
    return wanted > before;
  }

  function refresh() {
    const touched = take();
    let more = false;
    for (const element of root.querySelectorAll("[data-path]")) {
      const name = asked(element);
      if (touched && !touched.has(name)) continue;
      const row = rowOf(element);
      const { part } = known.get(name);
      element.hidden = !state.relevant(name, row);
      if (part.count) more = count(element) || more;
      if (part.choice_filter && !part.questions) {
        const offered = (part.choices || []).filter((choice) => state.offers(name, choice, row));
        more = rest.narrow(element, offered, !touched) || more;
      }
      const label = element.querySelector("[data-label]");
      if (label && part.label && part.label.includes("${")) label.textContent = filled(state, part.label, name, row);
      const mark = element.querySelector("[data-required]");
      if (mark && part.required) mark.hidden = !state.holds(part.required, name, row);
      const aid = element.querySelector("[data-reading]");
      if (aid) aid.textContent = rest.reading(typed(element), element.dataset.unit || "", chinese);
      if (element.dataset.doubted !== undefined) doubt(element, state);
    }
    return more ? refresh() : state;
  }

  // Tell, without standing in the way, what the server is going to say.
  function doubt(box, state) {
    const [name, row] = [box.dataset.name, rowOf(box)];
    const { part } = known.get(name);
    const own = state.value(name, row);
    const { textNumber, textVague, textWhole, textConstraint } = root.dataset;
    let text = "";
    if (own !== "" && NUMBERS.includes(part.kind)) {
      if (rest.normalise(own) === null)
        text = (rest.isVague(own) ? textVague : textNumber).replace("{typed}", () => own.slice(0, 40));
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
  again = refresh;
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

export function rowsOf(repeat) {
  return [...repeat.querySelectorAll("[data-row]")].filter((row) => row.closest("[data-repeat]") === repeat);
}

function goTo(event) {
  const link = event.target.closest(".form-summary a");
  const target = link && document.getElementById(link.hash.slice(1));
  if (!target) return;
  event.preventDefault();
  target.focus({ preventScroll: true });
  (target.closest(".form-field") || target).scrollIntoView();
}

// Begins to follow the section that the page shows now.
export function start() {
  const source = document.getElementById("form-definition");
  root = document.querySelector("[data-form-section]:not([data-followed])");
  if (!root || !source) return;
  const data = JSON.parse(source.textContent);
  root.querySelectorAll("[data-repeat]").forEach(rest.number);
  root.addEventListener("click", rest.press);
  root.addEventListener("click", goTo);
  follow(data, parts(data.form));
  rest.enhance(root);
  root.dataset.followed = "1";
}

document.addEventListener("reportsvc:follow", start);
window.addEventListener("pageshow", () => again()); // after going back a browser fills in what had been typed
