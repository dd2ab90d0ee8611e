// Roots, powers, logarithms and angles, by the same steps as reportsvc/forms/expressions/curves.py, on whole numbers of
// 10^-70 as strings of digits. Every function takes and gives decimal.js's numbers; null is not a number.

import { divide, multiply, parted, times, truncated } from "./arithmetic.js";
import { ZERO, compare, fitted, minus, negative, order, plus, print, shift, sign, whole } from "./decimal.js";

const PLACES = 70;
const ONE = shift("1", PLACES);
const TWO = shift("1", 2 * PLACES);
const LN10 = "23025850929940456840179914546843642076011014886287729760333279009675726";
const HALF = "15707963267948966192313216916397514420985846996875529104872722961539082"; // of pi
const WIDEST = whole(1e6);
const STEPS = whole(1e9);
const LIMIT = shift("93", PLACES);
const UNIT = whole(1);

const over = (one, other) => parted(one, other)[0];
const scaled = (one, other) => over(times(one, other), ONE); // product of two such numbers
const fixed = ({ d, e }) => shift(d, PLACES + e);
const raw = (n, d) => ({ n: n && d !== "0", d, e: -PLACES });
const result = (n, d) => fitted(n, d, -PLACES);
const size = (number) => ({ n: false, d: number.d, e: number.e });

// The largest whole number whose square is no larger; by Newton, from above.
function root(digits) {
  if (digits === "0") return digits;
  let found = shift("1", Math.ceil(digits.length / 2));
  for (;;) {
    const next = over(plus(found, over(digits, found)), "2");
    if (order(next, found) >= 0) return found;
    found = next;
  }
}

export function sqrt(number) {
  if (!number || number.n) return null;
  if (number === ZERO || number.d === "0") return ZERO;
  let places = 60 + (number.e % 2 ? 1 : 0);
  if ((number.e - places) % 2) places += 1;
  const digits = shift(number.d, places);
  const found = root(digits);
  return fitted(false, found, (number.e - places) / 2, times(found, found) !== digits);
}

function power(digits, n) {
  if (order(digits, LIMIT) > 0) return n ? ZERO : null;
  const part = over(digits, "256");
  let [term, total] = [ONE, ONE];
  for (let count = 1; term !== "0"; count += 1) {
    term = over(scaled(term, part), String(count));
    total = plus(total, term);
  }
  for (let each = 0; each < 8; each += 1) total = scaled(total, total);
  return n ? divide(UNIT, raw(false, total)) : result(false, total);
}

export const exp = (number) => number && power(fixed(number), number.n);

// [negative, digits] of a positive number's natural logarithm.
function ln(number) {
  const place = number.e + number.d.length - 1;
  let found = fixed({ d: number.d, e: 1 - number.d.length });
  for (let each = 0; each < 5; each += 1) found = root(times(found, ONE));
  let part = over(times(minus(found, ONE), ONE), plus(found, ONE));
  const square = scaled(part, part);
  let total = "0";
  for (let count = 1; part !== "0"; count += 2) {
    total = plus(total, over(part, String(count)));
    part = scaled(part, square);
  }
  total = times("64", total);
  const tens = times(LN10, String(Math.abs(place)));
  return place < 0 ? [true, minus(tens, total)] : [false, plus(total, tens)];
}

const positive = (number) => number && sign(number) > 0;

export const log = (number) => (positive(number) ? result(...ln(number)) : null);
export const log10 = (number) => (positive(number) ? divide(raw(...ln(number)), raw(false, LN10)) : null);

function wholePower(base, count, n) {
  let found = UNIT;
  for (const bit of count.toString(2)) {
    found = multiply(found, found);
    if (bit === "1") found = multiply(found, base);
  }
  return n ? (found ? divide(UNIT, found) : ZERO) : found;
}

export function pow(base, exponent) {
  if (!base || !exponent) return null;
  if (compare(exponent, truncated(exponent)) === 0 && compare(size(exponent), STEPS) <= 0)
    return wholePower(base, Number(print(size(exponent))), exponent.n);
  if (sign(base) <= 0) return sign(base) === 0 && !exponent.n ? ZERO : null;
  const [n, digits] = ln(base);
  return power(scaled(digits, fixed(exponent)), (n && digits !== "0") !== exponent.n);
}

// The sine of an angle of at most a quarter of a turn.
function sine(angle) {
  const square = scaled(angle, angle);
  const sums = ["0", "0"];
  for (let [count, term] = [1, angle]; term !== "0"; ) {
    const place = ((count - 1) / 2) % 2;
    sums[place] = plus(sums[place], term);
    count += 2;
    term = over(scaled(term, square), String(count * (count - 1)));
  }
  return minus(...sums);
}

// Sine and cosine, not rounded yet.
function turn(angle) {
  if (!angle || compare(size(angle), WIDEST) > 0) return null;
  const [quarters, rest] = parted(fixed(angle), HALF);
  const both = [sine(rest), sine(minus(HALF, rest))];
  const quarter = quarters % 4;
  const [one, other] = quarter % 2 ? both.reverse() : both;
  return [raw(quarter > 1 !== angle.n, one), raw(quarter === 1 || quarter === 2, other)];
}

const rounded = (number) => fitted(number.n, number.d, number.e);

export function sin(angle) {
  const found = turn(angle);
  return found && rounded(found[0]);
}

export function cos(angle) {
  const found = turn(angle);
  return found && rounded(found[1]);
}

export function tan(angle) {
  const found = turn(angle);
  return found && divide(...found);
}

function arctan(tangent) {
  const steep = order(tangent, ONE) > 0;
  if (steep) tangent = over(TWO, tangent);
  for (let each = 0; each < 3; each += 1)
    tangent = over(times(tangent, ONE), plus(ONE, root(plus(TWO, times(tangent, tangent)))));
  const square = scaled(tangent, tangent);
  const sums = ["0", "0"];
  for (let count = 1; tangent !== "0"; count += 2) {
    const place = ((count - 1) / 2) % 2;
    sums[place] = plus(sums[place], over(tangent, String(count)));
    tangent = scaled(tangent, square);
  }
  const angle = times("8", minus(...sums));
  return steep ? minus(HALF, angle) : angle;
}

export function atan2(up, right) {
  if (!up || !right) return null;
  const [height, width] = [fixed(up), fixed(right)];
  let angle = height === "0" ? "0" : HALF;
  if (width !== "0") angle = arctan(over(times(height, ONE), width));
  if (right.n) angle = minus(times("2", HALF), angle);
  return result(up.n, angle);
}

export const atan = (number) => atan2(number, UNIT);

function arcsin(number) {
  const digits = fixed(number);
  return order(digits, ONE) < 0 ? arctan(over(times(digits, ONE), root(minus(TWO, times(digits, digits))))) : HALF;
}

const outside = (number) => !number || compare(size(number), UNIT) > 0;

export const asin = (number) => (outside(number) ? null : result(number.n, arcsin(number)));

export function acos(number) {
  if (outside(number)) return null;
  const angle = arcsin(number);
  return result(false, number.n ? plus(HALF, angle) : minus(HALF, angle));
}

export const pi = () => result(false, times("2", HALF));
export const exp10 = (number) => pow(whole(10), number);
export const ceiling = (floor) => (number) => negative(floor(negative(number)));
