// Exact decimals on BigInt: what reportsvc/forms/expressions/values.py does with Python's decimals, digit for digit.
// A number is {c, e}, worth c × 10^e with a BigInt c, and never has a needless zero at its end; NaN is null.

const DIGITS = 28;
const LARGEST = 40;
const PLAIN = /^-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)$/;
export const ZERO = { c: 0n, e: 0 };

const power = (exponent) => 10n ** BigInt(exponent);
const absolute = (value) => (value < 0n ? -value : value);
const digits = (value) => absolute(value).toString().length;

// c / 10^places, a half going to the even neighbour; `more` says that something nonzero follows c's last digit.
function halfEven(c, places, more = false) {
  const unit = power(places);
  const size = absolute(c);
  let whole = size / unit;
  const twice = 2n * (size % unit);
  if (twice > unit || (twice === unit && (more || whole % 2n === 1n))) whole += 1n;
  return c < 0n ? -whole : whole;
}

// The number c × 10^e (a little more, if `more`) as a number may be: 28 digits, between 10^-40 and 10^40.
export function fitted(c, e, more = false) {
  if (c === 0n) return ZERO;
  const surplus = digits(c) - DIGITS;
  if (surplus > 0) {
    c = halfEven(c, surplus, more);
    e += surplus;
  }
  const text = c.toString();
  const trimmed = text.replace(/0+$/, "");
  const zeros = text.length - trimmed.length;
  const place = e + digits(c) - 1; // of the first digit
  if (place < -LARGEST) return ZERO;
  return place >= LARGEST ? null : { c: BigInt(trimmed), e: e + zeros };
}

// The number that a plainly written text names, else null.
export function read(text) {
  if (!PLAIN.test(text)) return null;
  const [whole, part = ""] = text.split(".");
  return fitted(BigInt(whole + part), -part.length);
}

export function whole(number) {
  return fitted(BigInt(number), 0);
}

// Plain notation, without an exponent.
export function print({ c, e }) {
  if (e >= 0) return (c * power(e)).toString();
  const text = absolute(c).toString().padStart(1 - e, "0");
  return `${c < 0n ? "-" : ""}${text.slice(0, e)}.${text.slice(e)}`;
}

// Both as whole multiples of one power of ten.
function aligned(left, right) {
  const e = Math.min(left.e, right.e);
  return [left.c * power(left.e - e), right.c * power(right.e - e), e];
}

export function compare(left, right) {
  const [one, other] = aligned(left, right);
  return one < other ? -1 : one > other ? 1 : 0;
}

export function add(left, right) {
  if (!left || !right) return null;
  const [one, other, e] = aligned(left, right);
  return fitted(one + other, e);
}

export function negative(number) {
  return number && { c: -number.c, e: number.e };
}

export function subtract(left, right) {
  return add(left, negative(right));
}

export function multiply(left, right) {
  return left && right && fitted(left.c * right.c, left.e + right.e);
}

export function divide(left, right) {
  if (!left || !right || right.c === 0n) return null;
  // Enough places that the quotient has two digits more than it may keep; what is left over decides a half.
  const places = Math.max(0, DIGITS + 2 + digits(right.c) - digits(left.c));
  const scaled = left.c * power(places);
  return fitted(scaled / right.c, left.e - right.e - places, scaled % right.c !== 0n);
}

export function remainder(left, right) {
  if (!left || !right || right.c === 0n) return null;
  const [one, other, e] = aligned(left, right);
  return fitted(one % other, e);
}

export function truncated(number) {
  return number && (number.e >= 0 ? number : fitted(number.c / power(-number.e), 0));
}

// The BigInt at or below c × 10^e.
function below(c, e) {
  if (e >= 0) return c * power(e);
  const unit = power(-e);
  const cut = c / unit;
  return c < 0n && cut * unit !== c ? cut - 1n : cut;
}

export function floor(number) {
  return below(number.c, number.e);
}

// To so many places (a BigInt, may be negative), a half going towards positive infinity.
export function rounded(number, places) {
  if (!number) return null;
  const shift = places > BigInt(LARGEST) ? LARGEST : places < BigInt(-LARGEST) ? -LARGEST : Number(places);
  const e = Math.min(number.e + shift, -1);
  const c = number.c * power(number.e + shift - e) + 5n * power(-e - 1);
  return fitted(below(c, e), -shift);
}
