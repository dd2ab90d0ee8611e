// A form's answers worked out, as reportsvc/forms/answers/state.py does it: what is asked now, what is computed. After a
// change only what depends on it is worked out again, by the same dependencies as in reportsvc/forms/order.py.
//
// A row is an index from 0; within a repeat's repeat, the indexes of both rows, the outer one first.

import { references, textResult, truthResult } from "./expressions.js";

const LONG = 5000; // characters of a calculation

// Name → {part, inside, repeat, repeats} for every section, repeat and question of a definition: `inside` is what it
// stands in, `repeats` are the repeats around it from the outermost, `repeat` is the innermost.
export function parts(form) {
  const found = new Map();
  const take = (part, inside, repeats) => {
    found.set(part.name, { part, inside, repeat: repeats[repeats.length - 1] || "", repeats });
    const within = part.questions ? [...repeats, part.name] : repeats;
    for (const each of [...(part.items || []), ...(part.questions || []), ...(part.repeats || [])])
      take(each, part.name, within);
  };
  for (const section of form.sections) take(section, "", []);
  return found;
}

const given = (value) => (Array.isArray(value) ? value.some(answered) : value !== "");
const answered = (row) => Object.values(row).some(given);
const named = (text = "") => text.split("${").slice(1).map((each) => each.split("}")[0].trim());
const path = (row) => (Array.isArray(row) ? row : [row]);

// Name → the names that are worked out from it, and name → those of which something else that is shown depends on it.
function dependents(known) {
  const [worked, shown] = [new Map(), new Map()];
  const add = (into, from, name) => into.set(from, (into.get(from) || new Set()).add(name));
  for (const [name, { part, inside }] of known) {
    if (inside) add(worked, inside, name);
    for (const tree of [part.relevant, part.calculation, part.count])
      for (const from of references(tree)) add(worked, from, name);
    for (const tree of [part.constraint, part.required, part.choice_filter])
      for (const from of references(tree)) add(shown, from, name);
    for (const text of [part.label, part.hint, part.constraint_message])
      for (const from of named(text)) add(shown, from, name);
  }
  return { worked, shown };
}

// The names of what differs between two sets of answers, or two rows.
function differing(one, other, found) {
  for (const name of Object.keys(one)) if (!(name in other)) found.add(name);
  for (const name of Object.keys(other)) {
    const [before, after] = [one[name], other[name]];
    if (before === after) continue;
    if (!Array.isArray(before) || !Array.isArray(after)) {
      found.add(name);
      continue;
    }
    if (before.length !== after.length || before.some((row, place) => answered(row) !== answered(after[place])))
      found.add(name);
    else before.forEach((row, place) => differing(row, after[place], found));
  }
  return found;
}

// The state of one set of answers; everything is worked out when it is first asked for. `extras` are {now, language},
// the choices that the server supplies as `lists`, and what pulldata() looks into as `tables`.
export class State {
  constructor(known, answers, today, extras = {}) {
    this.known = known;
    this.answers = answers;
    this.today = today;
    this.extras = extras;
    this.found = new Map(); // name → what was worked out, by row
  }

  // Take other answers. Gives the names of which anything may have changed: whether they are asked, their value, or
  // whether what else is shown of them still holds.
  update(answers) {
    if (!this.dependents) this.dependents = dependents(this.known);
    const { worked, shown } = this.dependents;
    const touched = differing(this.answers, answers, new Set());
    this.answers = answers;
    for (const name of touched) {
      this.found.delete(name);
      for (const other of worked.get(name) || []) touched.add(other); // a set goes on to what is added meanwhile
    }
    const all = new Set(touched);
    for (const name of touched) for (const other of shown.get(name) || []) all.add(other);
    return all;
  }

  once(name, key, work, meanwhile) {
    if (!this.found.has(name)) this.found.set(name, new Map());
    const found = this.found.get(name);
    if (!found.has(key)) {
      found.set(key, meanwhile); // only a circle sees this, and forms have none
      found.set(key, work());
    }
    return found.get(key);
  }

  // The rows of a repeat, within a row of the repeats around it.
  rows(repeat, row = []) {
    const { part, repeats } = this.known.get(repeat);
    const at = path(row).slice(0, repeats.length);
    if (!this.relevant(repeat, at)) return [];
    const above = repeats.length ? this.rows(this.known.get(repeat).repeat, at)[at[repeats.length - 1]] : this.answers;
    const rows = above && Array.isArray(above[repeat]) ? above[repeat] : [];
    if (!part.count) return rows;
    const work = () => Math.floor(Number(textResult(part.count, this.context(repeat, at, "")))) || 0;
    const length = Math.max(0, Math.min(this.once(repeat, `count ${at}`, work, 0), part.at_most || 50));
    return Array.from({ length }, (_, place) => rows[place] || {});
  }

  // The indexes of a repeat's rows. A row that nothing is typed into yet is none, unless rows are counted: the server
  // drops it.
  standing(repeat, at) {
    const counted = this.known.get(repeat).part.count;
    const places = this.rows(repeat, at).map((row, place) => (counted || answered(row) ? place : -1));
    return places.filter((place) => place >= 0);
  }

  // Every row, as indexes, of the repeats from the outermost to the innermost, where the first ones are given.
  every(repeats, at) {
    if (at.length >= repeats.length) return [at];
    return [].concat(...this.standing(repeats[at.length], at).map((place) => this.every(repeats, [...at, place])));
  }

  relevant(name, row = 0) {
    const there = this.known.get(name);
    if (!there) return false;
    const at = path(row).slice(0, there.repeats.length);
    const work = () => (!there.inside || this.relevant(there.inside, at)) && this.holds(there.part.relevant, name, at);
    return this.once(name, `relevant ${at}`, work, false);
  }

  // Whether a condition of the question holds; none always does.
  holds(tree, name, row = 0, own = "") {
    return !tree || truthResult(tree, this.context(name, row, own));
  }

  value(name, row = 0) {
    const { repeats } = this.known.get(name);
    const at = path(row).slice(0, repeats.length);
    return this.once(name, `value ${at}`, () => (this.relevant(name, at) ? this.worth(name, at) : ""), "");
  }

  worth(name, at) {
    const { part, repeat } = this.known.get(name);
    if (part.kind === "note") return "";
    const own = (repeat ? this.rows(repeat, at)[at[at.length - 1]] || {} : this.answers)[name];
    const text = typeof own === "string" ? own : "";
    if (part.kind === "hidden") return typeof own === "string" ? own : part.default || "";
    if (part.kind !== "calculate") return text;
    if (!part.calculation) return "";
    return Array.from(textResult(part.calculation, this.context(name, at, text))).slice(0, LONG).join("");
  }

  // Whether choice_filter lets a choice of a question through.
  offers(name, choice, row = 0) {
    const { part } = this.known.get(name);
    if (!part.choice_filter) return true;
    const columns = { label: choice.label };
    for (const [column, text] of choice.columns || []) columns[column] = text;
    columns.name = choice.value;
    return truthResult(part.choice_filter, { ...this.context(name, row, ""), columns });
  }

  context(name, row, own) {
    const { today, extras } = this;
    const { repeats } = this.known.get(name);
    const at = path(row).slice(0, repeats.length);
    const positions = at.map((place) => place + 1);
    return {
      today,
      own,
      positions,
      position: positions[positions.length - 1] || 0,
      now: extras.now,
      language: extras.language,
      lists: extras.tables,
      lookup: (other) => this.lookup(other, repeats, at),
      cell: (other, rows) => this.cell(other, rows),
      choiceName: (other, value) => this.choiceName(other, value),
    };
  }

  // Another question's answer as seen from a row: its own where it shares the row, else those of all rows below.
  lookup(other, repeats, at) {
    const there = this.known.get(other);
    if (!there) return "";
    let shared = 0;
    while (shared < at.length && there.repeats[shared] === repeats[shared]) shared += 1;
    const from = at.slice(0, shared);
    if (there.part.questions) return this.every([...there.repeats, other], from).map((_, place) => String(place + 1));
    if (shared === there.repeats.length) return this.value(other, from);
    return this.every(there.repeats, from).map((each) => this.value(other, each));
  }

  // A question's answer in rows counted from 1.
  cell(name, rows) {
    const there = this.known.get(name);
    if (!there || there.repeats.length !== rows.length) return "";
    const at = [];
    for (const repeat of there.repeats) {
      const place = this.standing(repeat, at)[rows[at.length] - 1];
      if (place === undefined) return "";
      at.push(place);
    }
    return this.value(name, at);
  }

  // The label of a choice of a question.
  choiceName(name, value) {
    const { part = {} } = this.known.get(name) || {};
    const choices = (part.choices_from ? (this.extras.lists || {})[part.choices_from] : part.choices) || [];
    return (choices.find((choice) => choice.value === value) || {}).label || value;
  }
}
