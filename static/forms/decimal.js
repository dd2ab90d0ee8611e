// Exact decimals on strings of digits: what reportsvc/forms/expressions/values.py does with Python's decimals, digit for
// digit. A number is {n, d, e}, worth d × 10^e (negative if n is true) with the digits d, which never end in a needless
// zero; zero is ZERO and never negative; NaN is null. Phones of 2019 have no large integers, so digits go in chunks.

const DIGITS = 28;
const LARGEST = 40;
const CHUNK = 7; // digits: the product of two chunks, and a sum of many such products, is exact in a double
const BASE = 1e7;
const EXACT = 15; // digits that any double holds
const PLAIN = /^-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)$/;
export const ZERO = { n: false, d: "0", e: 0 };

// --- whole numbers as digits without leading zeros ---------------------------------------------------------------------

const zeros = (count) => "0".repeat(count);
const bare = (digits) => (digits[0] === "0" ? digits.replace(/^0+(?=.)/, "") : digits);

function chunks(digits) {
  const found = [];
  for (let end = digits.length; end > 0; end -= CHUNK) found.push(Number(digits.slice(Math.max(0, end - CHUNK), end)));
  return found;
}

const joined = (parts) => bare(parts.reduceRight((text, part) => text + String(part).padStart(CHUNK, "0"), ""));

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

export function times(one, other) {
  if (one.length + other.length <= EXACT) return String(one * other);
  const [left, right] = [chunks(one), chunks(other)];
  const found = new Array(left.length + right.length).fill(0);
  left.forEach((factor, start) => {
    let carry = 0;
    for (let place = 0; place < right.length || carry; place += 1) {
      const sum = found[start + place] + factor * (right[place] || 0) + carry;
      carry = Math.floor(sum / BASE);
      found[start + place] = sum - carry * BASE;
    }
  });
  return joined(found);
}

// [quotient, rest]. Each step guesses the next digits by doubles, at most one too many or too few.
export function parted(one, other) {
  let [quotient, rest] = ["", "0"];
  for (let place = one.length % CHUNK || CHUNK, start = 0; start < one.length; start = place, place += CHUNK) {
    rest = bare(rest + one.slice(start, place));
    let guess = Math.floor(rest / other);
    let taken = times(other, String(guess));
    while (order(taken, rest) > 0) {
      guess -= 1;
      taken = minus(taken, other);
    }
    rest = minus(rest, taken);
    while (order(rest, other) >= 0) {
      guess += 1;
      rest = minus(rest, other);
    }
    quotient += String(guess).padStart(CHUNK, "0");
  }
  return [bare(quotient), rest];
}

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
function aligned(left, right) {
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

export const multiply = (left, right) =>
  left && right && fitted(left.n !== right.n, times(left.d, right.d), left.e + right.e);

export function divide(left, right) {
  if (!left || !right || right.d === "0") return null;
  // Enough places that the quotient has two digits more than it may keep; what is left over decides a half.
  const places = Math.max(0, DIGITS + 2 + right.d.length - left.d.length);
  const [quotient, rest] = parted(shift(left.d, places), right.d);
  return fitted(left.n !== right.n, quotient, left.e - right.e - places, rest !== "0");
}

export function remainder(left, right) {
  if (!left || !right || right.d === "0") return null;
  const [one, other, e] = aligned(left, right);
  return fitted(left.n, parted(one, other)[1], e);
}

// To so many places, cut off; one more (away from zero) where up(n, what went) says so.
function cut(number, places, up) {
  const count = -number.e - places; // digits that go
  if (count <= 0) return number;
  const all = number.d.padStart(count + 1, "0");
  const kept = bare(all.slice(0, -count));
  return fitted(number.n, up(number.n, all.slice(-count)) ? plus(kept, "1") : kept, -places);
}

export const truncated = (number) => number && cut(number, 0, () => false);

// The whole number at or below.
export const floor = (number) => number && cut(number, 0, (n) => n);

// To so many places (may be negative), a half going towards positive infinity.
export function rounded(number, places) {
  const up = (n, gone) => (n ? gone > `5${zeros(gone.length - 1)}` : gone >= "5");
  return number && cut(number, Math.max(-LARGEST, Math.min(LARGEST, places)), up);
}

// The whole number at or below as a double: exact as far as any text is long or any day counted.
export const toInteger = (number) => Math.max(-1e15, Math.min(1e15, Number(print(floor(number)))));
