// Products, quotients and rounding of decimal.js's numbers.

import { BASE, CHUNK, DIGITS, EXACT, LARGEST, aligned, bare, chunks, fitted, joined, minus, order, plus, print, shift, zeros } from "./decimal.js";

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
