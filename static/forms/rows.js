// Rows of a repeat: numbered anew, added and taken away without a request.

import { answersIn, given, rowAround, rowsOf } from "./form.js";
import { enhance } from "./widgets.js";

export function number(repeat) {
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
  if (!button) return;
  button.disabled = rows.length >= Number(repeat.dataset.atMost);
  button.dataset.full = button.disabled ? "1" : "";
}

export function add(repeat) {
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

export function press(event) {
  const button = event.target.closest("[data-add], [data-remove]");
  const repeat = button && button.closest("[data-repeat]");
  if (!repeat) return;
  event.preventDefault();
  const section = button.closest("[data-form-section]");
  const row = button.dataset.remove === undefined ? null : rowAround(button);
  if (row) {
    if (Object.values(answersIn(row, row)).some(given) && !window.confirm(section.dataset.textRemove)) return;
    remove(repeat, row);
  }
  const turnTo = row ? repeat : add(repeat);
  section.dispatchEvent(new Event("change", { bubbles: true }));
  turnTo.focus();
  turnTo.scrollIntoView({ block: "nearest" });
}
