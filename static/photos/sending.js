// One photo over the link, with what is said of it.

import { form } from "./elements.js";
import { post } from "./posting.js";

export function send(entry) {
  const body = new FormData();
  entry.sentAs = { caption: entry.caption || "", consent: Boolean(entry.consent) };
  body.append("csrf_token", form.elements.csrf_token.value);
  body.append("uuid", entry.uuid);
  body.append("caption", entry.sentAs.caption);
  if (entry.sentAs.consent) body.append("consent", "yes");
  body.append("photo", new Blob([entry.bytes]), entry.file);
  return post(form.getAttribute("action"), body, entry, (percent) => {
    entry.bar.value = percent;
  });
}
