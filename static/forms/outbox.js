// What other pages of the form left in this phone goes up from whichever page is open when the link is there.

import { drop, keys, take } from "./copies.js";

// Sends every copy but that of the page itself; gives how many arrived and how many are still here. A copy that meets
// other answers on the server stays: its own page shows both. What the browser sent has arrived, or was overtaken.
export async function flush(token, here) {
  let [arrived, left] = [0, 0];
  for (const key of await keys()) {
    const copy = key === here ? null : await take(key);
    if (!copy || !copy.url) continue;
    const body = new URLSearchParams([...copy.pairs, ["csrf_token", token], ["base", copy.base], ["form", copy.form], ["page", copy.page]]);
    const answer = await fetch(copy.url, { method: "POST", body, headers: { Accept: "application/json" } });
    if (answer.ok || (copy.sent && answer.status === 409)) {
      await drop(key);
      arrived += answer.ok ? 1 : 0;
    } else {
      left += 1;
      if (answer.status === 401) break;
    }
  }
  return { arrived, left };
}
