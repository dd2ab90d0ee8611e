// Follows a form that uses functions which few forms use: the evaluator with all of them.

import "./more.js";
import "./form.js";
