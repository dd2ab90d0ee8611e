// What a page of a report runs at once; the rest comes when the form is first touched.

import "./direct.js";
import "./autosave.js";

const summary = document.querySelector(".form-summary");
if (summary) summary.focus();
