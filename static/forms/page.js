// Everything that a page of a report runs.

import "./form.js";
import "./direct.js";
import "./autosave.js";
