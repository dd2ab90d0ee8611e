// What a page of a report runs at once; the rest comes when the form is first touched.

import "./direct.js";
import "./autosave.js";

const summary = document.querySelector(".form-summary");
if (summary && !location.hash) summary.focus(); // an address that names a field leads there
