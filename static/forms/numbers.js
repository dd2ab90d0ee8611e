// Numbers as people type them and as they read them; reportsvc/forms/numbers.py is the server's side of this.

import * as arithmetic from "./arithmetic.js";
import * as decimal from "./decimal.js";

const WIDE = "０１２３４５６７８９，．。＋－−﹣萬億";
const NARROW = "0123456789,..+---万亿";
const GAPS = " \u00a0\u2002\u2003\u2009\u202f\u3000";
const EDGE = new RegExp(`^[${GAPS}\t\r\n]+|[${GAPS}\t\r\n]+$`, "g");
const GROUPED = new RegExp(`^([+-]?)([1-9][0-9]{0,2}([,${GAPS}])[0-9]{3}(?:\\3[0-9]{3})*)(?:\\.([0-9]*))?$`);
const PLAIN = /^([+-]?)([0-9]*)()(?:\.([0-9]*))?$/;

// What was typed as a plain decimal such as -1234.50, or null if it is no number beyond doubt.
export function normalise(text) {
  const wide = Array.from(text, (each) => (WIDE.includes(each) ? NARROW[WIDE.indexOf(each)] : each)).join("");
  const narrow = wide.replace(EDGE, "");
  if (/[万亿]$/.test(narrow)) return myriads(narrow);
  const found = narrow.match(GROUPED) || narrow.match(PLAIN);
  if (!found) return null;
  const [, sign, grouped, gap, decimals = ""] = found;
  const whole = gap ? grouped.split(gap).join("") : grouped;
  if (!whole && !decimals) return null;
  const plain = (whole.replace(/^0+/, "") || "0") + (decimals && `.${decimals}`);
  return sign === "-" && /[1-9]/.test(plain) ? `-${plain}` : plain;
}

// 1.2万, 3亿 and 1亿2000万 put plainly.
function myriads(text) {
  const found = text.match(/^(?:([^万亿]+)亿)?(?:([^万亿]+)万)?$/);
  if (!found) return null;
  const large = found[1] && normalise(found[1]);
  const small = found[2] && normalise(found[2]);
  if (large === null || small === null) return null;
  if (!small) return shifted(large, 8);
  if (!large) return shifted(small, 4);
  const fits = /^ *[0-9]{1,4} *$/.test(found[2]) && !large.includes(".");
  return fits ? `${large}${small.padStart(4, "0")}0000` : null;
}

// A plain decimal times a power of ten.
function shifted(plain, places) {
  const [whole, decimals = ""] = plain.replace("-", "").split(".");
  const moved = (whole + decimals.slice(0, places).padEnd(places, "0")).replace(/^0+/, "") || "0";
  const text = moved + (decimals.length > places ? `.${decimals.slice(places)}` : "");
  return plain[0] === "-" && /[1-9]/.test(text) ? `-${text}` : text;
}

// Whether a number was typed only roughly: no such number can be summed.
export function isVague(text) {
  return /[0-9０-９]/.test(text) && /^(?:约|大约|大概|近|将近|超|超过|超出|不到|不足|至少|最多|上|数|几)|(?:余|多|几|来|左右|上下|以上|以下|以内)[万亿]*.?$/.test(text.trim());
}

// A plain decimal with commas between thousands; anything else stays as it is.
export function grouped(plain) {
  if (!/^-?[0-9]+(?:\.[0-9]+)?$/.test(plain)) return plain;
  const [whole, decimals] = plain.split(".");
  const parted = whole.replace(/[0-9](?=(?:[0-9]{3})+$)/g, "$&,");
  return decimals === undefined ? parted : `${parted}.${decimals}`;
}

// What stands under a number while it is typed: "12,000.50 元 ≈ 1.2 万元"; nothing for a number below a thousand.
// `myriads` asks for the large units in which Chinese counts.
export function reading(text, unit, myriads) {
  const plain = normalise(text);
  const number = plain === null ? null : decimal.read(plain);
  if (!number) return "";
  const size = number.n ? decimal.negative(number) : number;
  const reaches = (least) => decimal.compare(size, decimal.whole(least)) >= 0;
  if (!reaches(1000) && !/[万亿萬億]/.test(text)) return "";
  const exact = `${grouped(plain)} ${unit}`.trim();
  if (!myriads || !reaches(10000)) return exact;
  const [step, word] = reaches(100000000) ? [100000000, "亿"] : [10000, "万"];
  const large = arithmetic.divide(number, decimal.whole(step));
  const short = arithmetic.rounded(large, 2);
  const sign = decimal.compare(large, short) === 0 ? "=" : "≈";
  return `${exact} ${sign} ${grouped(decimal.print(short))} ${word}${unit}`;
}
