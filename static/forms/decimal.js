// Exact decimals on strings of digits: what reportsvc/forms/expressions/values.py does with Python's decimals, digit for
// digit; products, quotients and rounding are in arithmetic.js. A number is {n, d, e}, worth d × 10^e (negative if n is true) with the digits d, which never end in a needless
// zero; zero is ZERO and never negative; NaN is null. Phones of 2019 have no large integers, so digits go in chunks.

export const DIGITS = 28;
export const LARGEST = 40;
export const CHUNK = 7; // digits: the product of two chunks, and a sum of many such products, is exact in a double
export const BASE = 1e7;
export const EXACT = 15; // digits that any double holds
const PLAIN = /^-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)$/;
export const ZERO = { n: false, d: "0", e: 0 };

// --- whole numbers as digits without leading zeros ---------------------------------------------------------------------

export const zeros = (count) => "0".repeat(count);
export const bare = (digits) => (digits[0] === "0" ? digits.replace(/^0+(?=.)/, "") : digits);

export function chunks(digits) {
  const found = [];
  for (let end = digits.length; end > 0; end -= CHUNK) found.push(Number(digits.slice(Math.max(0, end - CHUNK), end)));
  return found;
}

export const joined = (parts) => bare(parts.reduceRight((text, part) => text + String(part).padStart(CHUNK, "0"), ""));

// 10^count times as much.
export const shift = (digits, count) => (count && digits !== "0" ? digits + zeros(count) : digits);

export const order = (one, other) => one.length - other.length || (one < other ? -1 : Number(one > other));

// one + sign × other, which must not be below zero.
function total(one, other, sign) {
  if (one.length <= EXACT && other.length <= EXACT) return String(Number(one) + sign * Number(other));
  const [left, right] = [chunks(one), chunks(other)];
  let carry = 0;
  for (let place = 0; place < left.length || place < right.length || carry; place += 1) {
    const sum = (left[place] || 0) + sign * (right[place] || 0) + carry;
    carry = Math.floor(sum / BASE);
    left[place] = sum - carry * BASE;
  }
  return joined(left);
}

export const plus = (one, other) => total(one, other, 1);
export const minus = (one, other) => total(one, other, -1);

// --- numbers -----------------------------------------------------------------------------------------------------------

// The number d × 10^e (a little more, if `more`) as a number may be: 28 digits, half to even, from 10^-40 to 10^40.
export function fitted(n, d, e, more) {
  if (d === "0") return ZERO;
  if (d.length > DIGITS) {
    const cut = d.slice(DIGITS);
    d = d.slice(0, DIGITS);
    e += cut.length;
    const over = more || /[^0]/.test(cut.slice(1)) || d[DIGITS - 1] % 2;
    if (cut[0] > "5" || (cut[0] === "5" && over)) d = plus(d, "1");
  }
  const place = e + d.length - 1; // of the first digit
  if (place < -LARGEST) return ZERO;
  if (place >= LARGEST) return null;
  const trimmed = d[d.length - 1] === "0" ? d.replace(/0+$/, "") : d;
  return { n, d: trimmed, e: e + d.length - trimmed.length };
}

// The number that a plainly written text names, else null.
export function read(text) {
  if (!PLAIN.test(text)) return null;
  const [whole, part = ""] = text.replace("-", "").split(".");
  return fitted(text[0] === "-", bare(whole + part), -part.length);
}

// From a whole double.
export const whole = (number) => fitted(number < 0, String(Math.abs(number)), 0);

export const sign = (number) => (number.d === "0" ? 0 : number.n ? -1 : 1);

// Plain notation, without an exponent.
export function print({ n, d, e }) {
  if (e < 0) d = d.padStart(1 - e, "0");
  return (n ? "-" : "") + (e < 0 ? `${d.slice(0, e)}.${d.slice(e)}` : shift(d, e));
}

// Both as whole multiples of one power of ten.
export function aligned(left, right) {
  const e = Math.min(left.e, right.e);
  return [shift(left.d, left.e - e), shift(right.d, right.e - e), e];
}

export function compare(left, right) {
  const one = sign(left);
  if (one !== sign(right)) return one - sign(right);
  const [high, low] = aligned(left, right);
  return one * order(high, low);
}

export function add(left, right) {
  if (!left || !right) return null;
  const [one, other, e] = aligned(left, right);
  if (left.n === right.n) return fitted(left.n, plus(one, other), e);
  return order(one, other) < 0 ? fitted(right.n, minus(other, one), e) : fitted(left.n, minus(one, other), e);
}

export const negative = (number) => number && { n: number.d !== "0" && !number.n, d: number.d, e: number.e };

export const subtract = (left, right) => add(left, negative(right));
