// Functions that few forms use, put into the evaluator of the script that follows every form.

import "./more.js";
