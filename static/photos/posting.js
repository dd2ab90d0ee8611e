// One file over the link, with its progress.

/** Posts a form's data; gives the status, 0 without a link, and the JSON of the answer. `entry.request` can be aborted. */
export function post(address, body, entry, progress) {
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    entry.request = request;
    request.open("POST", address);
    request.setRequestHeader("Accept", "application/json");
    let heard = setTimeout(() => request.abort(), 60000);
    request.upload.onprogress = (event) => {
      clearTimeout(heard); // silence, not slowness, is what makes us try anew
      heard = setTimeout(() => request.abort(), 60000);
      if (event.lengthComputable) progress((100 * event.loaded) / event.total);
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

export function newUuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const text = Array.from(bytes, (byte) => (byte + 256).toString(16).slice(1)).join("");
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join("-");
}
