// A form's answers worked out, as reportsvc/forms/answers/state.py does it: what is asked now, what is computed.

import { textResult, truthResult } from "./expressions.js";

const LONG = 5000; // characters of a calculation

// Name → {part, inside, repeat} for every section, repeat and question of a definition.
export function parts(form) {
  const found = new Map();
  for (const section of form.sections) {
    found.set(section.name, { part: section, inside: "", repeat: "" });
    for (const item of section.items || []) {
      found.set(item.name, { part: item, inside: section.name, repeat: "" });
      for (const question of item.questions || [])
        found.set(question.name, { part: question, inside: item.name, repeat: item.name });
    }
  }
  return found;
}

const answered = (row) => Object.values(row).some((value) => value !== "");

// The state of one set of answers; everything is worked out when it is first asked for.
export class State {
  constructor(known, answers, today) {
    this.known = known;
    this.answers = answers;
    this.today = today;
    this.found = new Map();
  }

  once(key, work, meanwhile) {
    if (!this.found.has(key)) {
      this.found.set(key, meanwhile); // only a circle sees this, and forms have none
      this.found.set(key, work());
    }
    return this.found.get(key);
  }

  rows(repeat) {
    const rows = this.answers[repeat];
    return this.relevant(repeat) && Array.isArray(rows) ? rows : [];
  }

  relevant(name, row = 0) {
    const there = this.known.get(name);
    if (!there) return false;
    const work = () => (!there.inside || this.relevant(there.inside)) && this.holds(there.part.relevant, name, row);
    return this.once(`relevant ${row} ${name}`, work, false);
  }

  // Whether a condition of the question holds; none always does.
  holds(tree, name, row = 0, own = "") {
    return !tree || truthResult(tree, this.context(name, row, own));
  }

  value(name, row = 0) {
    return this.once(`value ${row} ${name}`, () => (this.relevant(name, row) ? this.worth(name, row) : ""), "");
  }

  worth(name, row) {
    const { part, repeat } = this.known.get(name);
    if (part.kind === "note") return "";
    const own = repeat ? (this.rows(repeat)[row] || {})[name] : this.answers[name];
    const text = typeof own === "string" ? own : "";
    if (part.kind === "hidden") return typeof own === "string" ? own : part.default || "";
    if (part.kind !== "calculate") return text;
    if (!part.calculation) return "";
    return Array.from(textResult(part.calculation, this.context(name, row, text))).slice(0, LONG).join("");
  }

  context(name, row, own) {
    const home = this.known.get(name).repeat;
    const lookup = (other) => {
      const there = this.known.get(other);
      if (!there) return "";
      if (there.part.questions) return this.rows(other).filter(answered).map((_, place) => String(place + 1));
      if (!there.repeat || there.repeat === home) return this.value(other, there.repeat ? row : 0);
      // A row that nothing is typed into yet is none: the server drops it.
      return this.rows(there.repeat).flatMap((each, place) => (answered(each) ? [this.value(other, place)] : []));
    };
    return { lookup, today: this.today, own, position: home ? row + 1 : 0 };
  }
}
