// Evaluates the expressions of a form from the trees of reportsvc/forms/expressions/tree.py, by the rules written in
// that package's docstring. The server has the last word; this only makes the phone answer at once.
//
// Functions that few forms use, and moments, are in more.js, which puts them into FUNCTIONS and `extra`.
//
// Values: text is a string, a number is decimal.js's (null: not a number), a truth value a boolean, the answers of many
// rows an array of strings.

import * as decimal from "./decimal.js";

const REGEX_LENGTH = 1000;
export const DAY = 86400000; // milliseconds
export const EPOCH = 719163; // 1970-01-01, counted from 0001-01-01 as day 1
export const LAST_DAY = 3652059; // 9999-12-31
const MONTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
// What more.js lends: moment(text) gives a moment's milliseconds on the clock of UTC+8, or null.
export const extra = { moment: () => null };
const isNumber = (value) => value === null || (typeof value === "object" && !Array.isArray(value));

export function toText(value) {
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "true" : "false";
  if (Array.isArray(value)) return value.length ? value[0] : "";
  return value === null ? "" : decimal.print(value);
}

export function toTruth(value) {
  if (Array.isArray(value)) return value.some((member) => member !== "");
  if (isNumber(value)) return value !== null && value.d !== "0";
  return Boolean(value);
}

const READ = new Map(); // text → its number: the same few are read again at every keystroke
const MOST = 5000;

export function toNumber(value) {
  if (typeof value === "boolean") return decimal.whole(value ? 1 : 0);
  if (isNumber(value)) return value;
  const text = toText(value);
  if (!READ.has(text)) {
    if (READ.size >= MOST) READ.clear();
    READ.set(text, readNumber(strip(text)));
  }
  return READ.get(text);
}

function readNumber(text) {
  const number = decimal.read(text);
  if (number) return number;
  const day = readDay(text);
  if (day !== null) return decimal.whole(day - EPOCH);
  const moment = extra.moment(text);
  return moment === null ? null : decimal.divide(decimal.whole(moment), decimal.whole(DAY));
}

export const strip = (text) => text.replace(/^[ \t\n\r]+/, "").replace(/[ \t\n\r]+$/, "");
export const tokens = (value) => toText(value).split(/[ \t\n\r]+/).filter(Boolean);
export const characters = (text) => Array.from(text);
export const members = (values) => values.flat();
const numbers = (values) => members(values).filter((value) => value !== "").map(toNumber);
const size = (count) => decimal.whole(count);

// --- days ---------------------------------------------------------------------------------------------------------

const leap = (year) => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
const monthDays = (year, month) => MONTHS[month - 1] + (month === 2 && leap(year) ? 1 : 0);
export const pad = (number, width) => String(number).padStart(width, "0");

function daysBefore(year) {
  const past = year - 1;
  return past * 365 + Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400);
}

// The number of the day that YYYY-MM-DD names, else null.
export function readDay(text) {
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text)) return null;
  const [year, month, day] = text.split("-").map(Number);
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > monthDays(year, month)) return null;
  let count = daysBefore(year) + day;
  for (let each = 1; each < month; each += 1) count += monthDays(year, each);
  return count;
}

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
  const count = decimal.toInteger(number) + EPOCH;
  return count >= 1 && count <= LAST_DAY ? count : null;
}

export function isoDay(value) {
  const count = toDay(value);
  if (count === null) return "";
  const { year, month, day } = splitDay(count);
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
}

// --- functions ----------------------------------------------------------------------------------------------------

const patterns = new Map();

// The pattern comes translated; its anchors are put so that older phones, which know no look-behind, read them too.
function compiled(pattern) {
  if (!patterns.has(pattern)) {
    const plain = pattern.split("(?<![\\s\\S])").join("^").split("(?![\\s\\S])").join("$");
    patterns.set(pattern, new RegExp(`^(?:${plain})$`, "u"));
  }
  return patterns.get(pattern);
}

function extreme(values, sign) {
  const found = numbers(values);
  if (!found.length || found.includes(null)) return null;
  return found.reduce((best, each) => (decimal.compare(each, best) * sign > 0 ? each : best));
}

export function index(value) {
  const number = toNumber(value);
  return number && decimal.toInteger(number);
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
  return places === null ? null : decimal.rounded(toNumber(values[0]), places);
}

function absolute(value) {
  const number = toNumber(value);
  return number && number.n ? decimal.negative(number) : number;
}

function before(text, part) {
  const at = part ? text.indexOf(part) : -1;
  return at < 0 ? "" : text.slice(0, at);
}

function after(text, part) {
  const at = text.indexOf(part);
  return at < 0 ? "" : text.slice(at + part.length);
}

// The row from 1 in the innermost repeat, or so many repeats above; 0 outside of one.
function row({ position, positions = [] }, above) {
  if (!positions.length) return above ? 0 : position;
  return above < positions.length ? positions[positions.length - 1 - above] : 0;
}

const own = (values, context) => (values.length ? toText(values[0]) : context.own);
const texts = (run) => (values) => run(toText(values[0]), toText(values[1]));

export const FUNCTIONS = {
  true: () => true,
  false: () => false,
  not: ([value]) => !toTruth(value),
  boolean: ([value]) => toTruth(value),
  string: ([value]) => toText(value),
  number: ([value]) => toNumber(value),
  int: ([value]) => decimal.truncated(toNumber(value)),
  round,
  abs: ([value]) => absolute(value),
  min: (values) => extreme(values, -1),
  max: (values) => extreme(values, 1),
  sum: (values) => numbers(values).reduce(decimal.add, decimal.ZERO),
  count: (values) => size(members(values).length),
  "count-non-empty": (values) => size(members(values).filter((value) => value !== "").length),
  if: ([condition, one, other]) => (toTruth(condition) ? one : other),
  coalesce: ([one, other]) => (toText(one) !== "" ? one : other),
  once: ([value], context) => (context.own !== "" ? context.own : value),
  concat: (values) => members(values).map(toText).join(""),
  join: ([between, ...rest]) => members(rest).map(toText).join(toText(between)),
  "string-length": (values, context) => size(characters(own(values, context)).length),
  "normalize-space": (values, context) => tokens(own(values, context)).join(" "),
  substr,
  "substring-before": texts(before),
  "substring-after": texts(after),
  contains: texts((text, part) => text.includes(part)),
  "starts-with": texts((text, part) => text.startsWith(part)),
  "ends-with": texts((text, part) => text.endsWith(part)),
  regex: texts((text, pattern) => characters(text).length <= REGEX_LENGTH && compiled(pattern).test(text)),
  selected: ([value, choice]) => tokens(value).includes(strip(toText(choice))),
  "selected-at": selectedAt,
  "count-selected": ([value]) => size(tokens(value).length),
  today: (_, context) => context.today,
  date: ([value]) => isoDay(value),
  // Of the levels that ".." stands for.
  position: ([levels], context) => size(row(context, decimal.toInteger(levels) - 1)),
};

// --- the tree -----------------------------------------------------------------------------------------------------

const ARITHMETIC = {
  "+": decimal.add,
  "-": decimal.subtract,
  "*": decimal.multiply,
  div: decimal.divide,
  mod: decimal.remainder,
};

const ORDER = {
  "=": (order) => order === 0,
  "!=": (order) => order !== 0,
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
  ">": (order) => order > 0,
  ">=": (order) => order >= 0,
};

function compareValues(operator, left, right) {
  const equality = operator === "=" || operator === "!=";
  if (equality && (typeof left === "boolean" || typeof right === "boolean"))
    return (toTruth(left) === toTruth(right)) === (operator === "=");
  if (Array.isArray(left)) return left.some((member) => compareValues(operator, member, right));
  if (Array.isArray(right)) return right.some((member) => compareValues(operator, left, member));
  if (equality && typeof left === "string" && typeof right === "string") return (left === right) === (operator === "=");
  const [one, other] = [toNumber(left), toNumber(right)];
  return one && other ? ORDER[operator](decimal.compare(one, other)) : operator === "!=";
}

function binary(operator, left, right, context) {
  const [one, other] = [evaluate(left, context), evaluate(right, context)];
  if (operator === "and") return toTruth(one) && toTruth(other);
  if (operator === "or") return toTruth(one) || toTruth(other);
  const arithmetic = ARITHMETIC[operator];
  return arithmetic ? arithmetic(toNumber(one), toNumber(other)) : compareValues(operator, one, other);
}

// Function → which of its values is a question itself, and not its answer.
const NAMED = { "indexed-repeat": 0, "jr:choice-name": 1 };

function call(name, nodes, context) {
  const value = (node, place) => (place === NAMED[name] && node[0] === "$" ? node[1] : evaluate(node, context));
  return FUNCTIONS[name](nodes.map(value), context);
}

// The value of a tree. `context` is {lookup, today, own, position} and what calling.py says of the rest, all of which
// may be left out: lookup(name) gives a text or an array of texts.
export function evaluate(tree, context) {
  const [kind, head, ...rest] = tree;
  switch (kind) {
    case "n":
      return toNumber(head);
    case "t":
      return head;
    case "$":
      return context.lookup(head);
    case ".":
      return context.own;
    case "..":
      return decimal.whole(head || 1);
    case "c":
      return (context.columns || {})[head] || "";
    case "-":
      return decimal.subtract(decimal.ZERO, toNumber(evaluate(head, context)));
    case "o":
      return binary(head, rest[0], rest[1], context);
    case "f":
      return call(head, rest, context);
    default:
      throw new Error(`no such node: ${kind}`);
  }
}

export const textResult = (tree, context) => toText(evaluate(tree, context));
export const truthResult = (tree, context) => toTruth(evaluate(tree, context));

// The names that a tree asks for.
export function references(tree) {
  if (!Array.isArray(tree)) return [];
  return tree[0] === "$" ? [tree[1]] : tree.flatMap(references);
}
