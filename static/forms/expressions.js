// Evaluates the expressions of a form from the trees of reportsvc/forms/expressions/tree.py, by the rules written in
// that package's docstring. The server has the last word; this only makes the phone answer at once.
//
// What only some forms need is put into FUNCTIONS, ARITHMETIC and `extra` by functions.js and more.js.
//
// Values: text is a string, a number is decimal.js's (null: not a number), a truth value a boolean, the answers of many
// rows an array of strings.

import * as decimal from "./decimal.js";

const REGEX_LENGTH = 1000;
export const EPOCH = 719163; // 1970-01-01, counted from 0001-01-01 as day 1
const MONTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
// What more.js lends: moment(text) gives a moment as a number of days on the clock of UTC+8, or null.
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
  return extra.moment(text);
}

export const strip = (text) => text.replace(/^[ \t\n\r]+/, "").replace(/[ \t\n\r]+$/, "");
export const tokens = (value) => toText(value).split(/[ \t\n\r]+/).filter(Boolean);
export const characters = (text) => Array.from(text);
export const members = (values) => values.flat();
const numbers = (values) => members(values).filter((value) => value !== "").map(toNumber);
export const size = (count) => decimal.whole(count);

// --- days ---------------------------------------------------------------------------------------------------------

const leap = (year) => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
export const monthDays = (year, month) => MONTHS[month - 1] + (month === 2 && leap(year) ? 1 : 0);

export function daysBefore(year) {
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

const own = (values, context) => (values.length ? toText(values[0]) : context.own);
const texts = (run) => (values) => run(toText(values[0]), toText(values[1]));

export const FUNCTIONS = {
  true: () => true,
  false: () => false,
  not: ([value]) => !toTruth(value),
  boolean: ([value]) => toTruth(value),
  string: ([value]) => toText(value),
  number: ([value]) => toNumber(value),
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
  "substring-before": texts(before),
  "substring-after": texts(after),
  contains: texts((text, part) => text.includes(part)),
  "starts-with": texts((text, part) => text.startsWith(part)),
  "ends-with": texts((text, part) => text.endsWith(part)),
  regex: texts((text, pattern) => characters(text).length <= REGEX_LENGTH && compiled(pattern).test(text)),
  selected: ([value, choice]) => tokens(value).includes(strip(toText(choice))),
  "count-selected": ([value]) => size(tokens(value).length),
  today: (_, context) => context.today,
};

// --- the tree -----------------------------------------------------------------------------------------------------

export const ARITHMETIC = {
  "+": decimal.add,
  "-": decimal.subtract,
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
