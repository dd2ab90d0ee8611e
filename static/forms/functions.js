// Functions and arithmetic that not every section asks for; importing this puts them into the evaluator.

import * as arithmetic from "./arithmetic.js";
import * as decimal from "./decimal.js";
import { ARITHMETIC, EPOCH, FUNCTIONS, characters, daysBefore, monthDays, readDay, size, toNumber, toText, tokens } from "./expressions.js";

export const DAY = 86400000; // milliseconds
export const LAST_DAY = 3652059; // 9999-12-31
export const pad = (number, width) => String(number).padStart(width, "0");

export function splitDay(count) {
  let year = Math.min(9999, Math.floor(count / 365.2425) + 2);
  while (daysBefore(year) >= count) year -= 1;
  let day = count - daysBefore(year);
  let month = 1;
  for (; day > monthDays(year, month); month += 1) day -= monthDays(year, month);
  return { year, month, day };
}

function toDay(value) {
  const found = readDay(toText(value));
  const number = toNumber(value);
  if (found !== null || number === null) return found;
  const count = arithmetic.toInteger(number) + EPOCH;
  return count >= 1 && count <= LAST_DAY ? count : null;
}

export function isoDay(value) {
  const count = toDay(value);
  if (count === null) return "";
  const { year, month, day } = splitDay(count);
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
}

export function index(value) {
  const number = toNumber(value);
  return number && arithmetic.toInteger(number);
}

function substr(values) {
  const start = index(values[1]);
  const end = values.length > 2 ? index(values[2]) : undefined;
  if (start === null || end === null) return "";
  const text = characters(toText(values[0]));
  return text.slice(start, end === undefined ? text.length : end).join("");
}

function selectedAt(values) {
  const at = index(values[1]);
  const found = tokens(values[0]);
  return at !== null && at >= 0 && at < found.length ? found[at] : "";
}

function round(values) {
  const places = values.length > 1 ? index(values[1]) : 0;
  return places === null ? null : arithmetic.rounded(toNumber(values[0]), places);
}

// The row from 1 in the innermost repeat, or so many repeats above; 0 outside of one.
function row({ position, positions = [] }, above) {
  if (!positions.length) return above ? 0 : position;
  return above < positions.length ? positions[positions.length - 1 - above] : 0;
}

Object.assign(ARITHMETIC, { "*": arithmetic.multiply, div: arithmetic.divide, mod: arithmetic.remainder });

Object.assign(FUNCTIONS, {
  int: ([value]) => arithmetic.truncated(toNumber(value)),
  round,
  substr,
  "selected-at": selectedAt,
  date: ([value]) => isoDay(value),
  // Of the levels that ".." stands for.
  position: ([levels], context) => size(row(context, arithmetic.toInteger(levels) - 1)),
});
