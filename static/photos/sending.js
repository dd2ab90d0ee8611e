// One photo over the link, with its progress.

import { form } from "./elements.js";

export function send(entry) {
  const body = new FormData();
  entry.sentAs = { caption: entry.caption || "", consent: Boolean(entry.consent) };
  body.append("csrf_token", form.elements.csrf_token.value);
  body.append("uuid", entry.uuid);
  body.append("caption", entry.sentAs.caption);
  if (entry.sentAs.consent) body.append("consent", "yes");
  body.append("photo", new Blob([entry.bytes]), entry.file);
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    entry.request = request;
    request.open("POST", form.getAttribute("action"));
    request.setRequestHeader("Accept", "application/json");
    let heard = setTimeout(() => request.abort(), 60000);
    request.upload.onprogress = (event) => {
      clearTimeout(heard); // silence, not slowness, is what makes us try anew
      heard = setTimeout(() => request.abort(), 60000);
      if (event.lengthComputable) entry.bar.value = (100 * event.loaded) / event.total;
    };
    request.onloadend = () => {
      clearTimeout(heard);
      entry.request = null;
      let answer = {};
      try {
        answer = JSON.parse(request.responseText);
      } catch (error) {
        // a page, not our JSON
      }
      done({ status: request.status, answer });
    };
    request.send(body);
  });
}
