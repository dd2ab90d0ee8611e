// What only some sections need, put into the script that follows every one: numbers and what is worked out of
// them, rows, the rarer questions.

import { rest } from "./form.js";
import "./functions.js";
import { grouped, isVague, normalise, reading } from "./numbers.js";
import { add, number, press } from "./rows.js";
import { enhance, narrow } from "./widgets.js";

Object.assign(rest, { add, enhance, grouped, isVague, narrow, normalise, number, press, reading });
