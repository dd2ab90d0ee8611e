// Functions that few forms use, and moments: reportsvc/forms/expressions/more.py and moments.py on the phone. Importing
// this puts them into the evaluator.

import * as arithmetic from "./arithmetic.js";
import * as curves from "./curves.js";
import * as decimal from "./decimal.js";
import { EPOCH, FUNCTIONS, characters, extra, members, readDay, strip, toNumber, toText } from "./expressions.js";
import { DAY, LAST_DAY, index, pad, splitDay } from "./functions.js";

const ZONE = 480; // minutes ahead of UTC
const TIME = /^([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9}))?)?(Z|[+-][0-9]{2}:[0-9]{2})?$/;
const LETTERS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const WEEKDAYS = "Mon Tue Wed Thu Fri Sat Sun".split(" ");

// --- moments: milliseconds since 1970-01-01 00:00 on the clock of UTC+8 -----------------------------------------------

function readTime(text) {
  const found = TIME.exec(text);
  if (!found) return null;
  const [hour, minute, second] = [Number(found[1]), Number(found[2]), Number(found[3] || 0)];
  const offset = found[5] || "+08:00";
  const [hours, minutes] = offset === "Z" ? [0, 0] : [Number(offset.slice(1, 3)), Number(offset.slice(4))];
  if (hour > 23 || minute > 59 || second > 59 || hours > 14 || minutes > 59) return null;
  const ahead = (hours * 60 + minutes) * (offset[0] === "-" ? -1 : 1);
  const milli = Number((found[4] || "").padEnd(3, "0").slice(0, 3));
  return ((hour * 60 + minute + ZONE - ahead) * 60 + second) * 1000 + milli;
}

function readMoment(text) {
  const at = text.indexOf("T");
  if (at < 0) return null;
  const [day, time] = [readDay(text.slice(0, at)), readTime(text.slice(at + 1))];
  return day === null || time === null ? null : (day - EPOCH) * DAY + time;
}

const inDays = (moment) => arithmetic.divide(decimal.whole(moment), decimal.whole(DAY));

extra.moment = (text) => {
  const moment = readMoment(text);
  return moment === null ? null : inDays(moment);
};

function toMoment(value) {
  const moment = typeof value === "string" || Array.isArray(value) ? readMoment(strip(toText(value))) : null;
  if (moment !== null) return moment;
  const number = arithmetic.rounded(arithmetic.multiply(toNumber(value), decimal.whole(DAY)), 0);
  return number && arithmetic.toInteger(number);
}

// What each code of a format stands for, or null.
function codes(moment, language = "zh") {
  const count = Math.floor(moment / DAY) + EPOCH;
  if (moment === null || count < 1 || count > LAST_DAY) return null;
  const { year, month, day } = splitDay(count);
  const rest = moment - (count - EPOCH) * DAY;
  const [hour, chinese, weekday] = [Math.floor(rest / 3600000), language.startsWith("zh"), (count + 6) % 7];
  return {
    Y: pad(year, 4),
    y: pad(year % 100, 2),
    m: pad(month, 2),
    n: month,
    d: pad(day, 2),
    e: day,
    H: pad(hour, 2),
    h: hour,
    M: pad(Math.floor(rest / 60000) % 60, 2),
    S: pad(Math.floor(rest / 1000) % 60, 2),
    3: pad(rest % 1000, 3),
    b: chinese ? `${month}月` : MONTHS[month - 1],
    a: chinese ? `周${"一二三四五六日"[weekday]}` : WEEKDAYS[weekday],
  };
}

const format = (known) => ([value, text], context) => {
  const found = codes(toMoment(value), context.language);
  return found ? toText(text).replace(known, (_, code) => found[code]) : "";
};

const ISO = format(/%([YmdHMS3])/g);

function decimalTime([value]) {
  const text = strip(toText(value));
  let time = readTime(text);
  if (time === null) time = readMoment(text);
  return time === null ? null : inDays(((time % DAY) + DAY) % DAY);
}

// --- chance -----------------------------------------------------------------------------------------------------------

const bytes = (count, context) =>
  Array.from(context.random ? context.random(count) : crypto.getRandomValues(new Uint8Array(count)));

function random(_, context) {
  const found = bytes(6, context).reduce((sum, byte) => sum * 256 + byte, 0);
  return arithmetic.divide(decimal.whole(found), decimal.whole(2 ** 48));
}

function uuid(values, context) {
  if (values.length) {
    const count = Math.max(0, Math.min(100, index(values[0]) || 0));
    return bytes(count, context).map((byte) => LETTERS[byte % LETTERS.length]).join("");
  }
  const found = bytes(16, context);
  found[6] = (found[6] & 15) | 64;
  found[8] = (found[8] & 63) | 128;
  const text = found.map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [[0, 8], [8, 12], [12, 16], [16, 20], [20, 32]].map(([from, to]) => text.slice(from, to)).join("-");
}

// --- the rest ---------------------------------------------------------------------------------------------------------

function translate(values) {
  const [text, old, fresh] = values.map((value) => characters(toText(value)));
  const into = (character) => {
    const place = old.indexOf(character);
    return place < 0 ? character : fresh[place] || "";
  };
  return text.map(into).join("");
}

const MINUS = decimal.whole(-1);
const counts = (value) => {
  const number = toNumber(value);
  return number !== null && decimal.sign(number) > 0;
};

// Whether a total keeps to its limits; -1 is none.
function within(total, least, most) {
  if (!total || !least || !most) return false;
  const none = (limit) => decimal.compare(limit, MINUS) === 0;
  return (none(least) || decimal.compare(total, least) >= 0) && (none(most) || decimal.compare(total, most) <= 0);
}

const checklist = ([least, most, ...rest]) =>
  within(decimal.whole(members(rest).filter(counts).length), toNumber(least), toNumber(most));

function weighted([least, most, ...rest]) {
  const weights = rest.filter((_, place) => place % 2 && counts(rest[place - 1]));
  return within(weights.map(toNumber).reduce(decimal.add, decimal.ZERO), toNumber(least), toNumber(most));
}

function pulldata(values, { lists = {} }) {
  const [name, wanted, key, asked] = values.map(toText);
  const held = (row, column) => (Object.prototype.hasOwnProperty.call(row, column) ? row[column] : "");
  const row = (held(lists, name.replace(/\.csv$/, "")) || []).find((each) => held(each, key) === asked);
  return row ? held(row, wanted) : "";
}

function indexedRepeat(values, { cell }) {
  const rows = values.filter((_, place) => place > 1 && place % 2 === 0).map(index);
  return cell && rows.every((row) => row !== null && row > 0) ? cell(toText(values[0]), rows) : "";
}

const ofOne = (run) => ([value]) => run(toNumber(value));
const ofTwo = (run) => ([one, other]) => run(toNumber(one), toNumber(other));
for (const name of ["sqrt", "exp", "exp10", "log", "log10", "sin", "cos", "tan", "asin", "acos", "atan", "pi"])
  FUNCTIONS[name] = ofOne(curves[name]);

Object.assign(FUNCTIONS, {
  floor: ofOne(arithmetic.floor),
  ceiling: ofOne(curves.ceiling(arithmetic.floor)),
  pow: ofTwo(curves.pow),
  atan2: ofTwo(curves.atan2),
  pi: curves.pi,
  translate,
  "boolean-from-string": ([value]) => ["true", "1"].includes(toText(value)),
  checklist,
  "weighted-checklist": weighted,
  now: (_, context) => context.now || `${context.today}T00:00:00.000+08:00`,
  "date-time": ([value], context) => ISO([value, "%Y-%m-%dT%H:%M:%S.%3+08:00"], context),
  "decimal-date-time": ofOne((number) => number),
  "decimal-time": decimalTime,
  "format-date": format(/%([Yymndeba])/g),
  "format-date-time": format(/%([YymndebaHhMS3])/g),
  random,
  uuid,
  pulldata,
  "indexed-repeat": indexedRepeat,
  "jr:choice-name": ([value, name], { choiceName }) => (choiceName ? choiceName(toText(name), toText(value)) : toText(value)),
});
