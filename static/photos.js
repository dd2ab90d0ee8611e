// Photos of a report: made smaller on the phone, kept there until they have arrived, sent one by one.
// The same file is the page's script and, off the main thread, the worker that makes photos smaller.
"use strict";
(function () {
  const LONG = 1600;
  const AIM = 400000; // bytes
  const QUALITIES = [0.85, 0.75, 0.65, 0.5];
  // 2 × 1 pixels that lie on their side by their Exif block: a decoder that looks at it shows 1 × 2.
  const PROBE =
    "/9j/4AAQSkZJRgABAQAAAQABAAD/4QAiRXhpZgAATU0AKgAAAAgAAQESAAMAAAABAAYAAAAAAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////////////wAALCAABAAIBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAA//EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AR//Z";
  const inPage = typeof document !== "undefined";

  const later = (ms) => new Promise((done) => setTimeout(done, ms));

  // --- making smaller ------------------------------------------------------------------------------------------------

  function canvasOf(width, height) {
    if (typeof OffscreenCanvas !== "undefined" && !inPage) return new OffscreenCanvas(width, height);
    const made = document.createElement("canvas");
    made.width = width;
    made.height = height;
    return made;
  }

  function asBlob(canvas, quality) {
    if (canvas.convertToBlob) return canvas.convertToBlob({ type: "image/jpeg", quality });
    return new Promise((done, fail) => {
      canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error("empty canvas"))), "image/jpeg", quality);
    });
  }

  function asBytes(blob) {
    return new Promise((done, fail) => {
      const reader = new FileReader();
      reader.onload = () => done(reader.result);
      reader.onerror = () => fail(reader.error);
      reader.readAsArrayBuffer(blob);
    });
  }

  function asImage(blob) {
    return new Promise((done, fail) => {
      const address = URL.createObjectURL(blob);
      const image = new Image();
      image.onload = () => {
        URL.revokeObjectURL(address);
        done(image);
      };
      image.onerror = () => {
        URL.revokeObjectURL(address);
        fail(new Error("unreadable"));
      };
      image.src = address;
    });
  }

  const decode = (blob) => (typeof createImageBitmap === "function" ? createImageBitmap(blob) : asImage(blob));

  /** Whether the decoder turns pictures upright by itself: browsers came to do so one after another. */
  async function turnsItself() {
    const text = atob(PROBE);
    const bytes = new Uint8Array(text.length);
    for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
    const probe = await decode(new Blob([bytes], { type: "image/jpeg" }));
    return probe.width === 1;
  }

  /** The Exif orientation of a JPEG, 1 to 8; 1 if there is none. */
  function orientationOf(buffer) {
    const view = new DataView(buffer);
    const size = view.byteLength;
    if (size < 4 || view.getUint16(0) !== 0xffd8) return 1;
    let at = 2;
    while (at + 18 < size && view.getUint8(at) === 0xff && view.getUint8(at + 1) !== 0xda) {
      if (view.getUint16(at) === 0xffe1 && view.getUint32(at + 4) === 0x45786966) return fromTiff(view, at + 10);
      at += 2 + view.getUint16(at + 2);
    }
    return 1;
  }

  function fromTiff(view, start) {
    const little = view.getUint16(start) === 0x4949;
    const first = start + view.getUint32(start + 4, little);
    if (first + 2 > view.byteLength) return 1;
    const count = view.getUint16(first, little);
    for (let at = first + 2; at < first + 2 + 12 * count && at + 12 <= view.byteLength; at += 12) {
      const value = view.getUint16(at + 8, little);
      if (view.getUint16(at, little) === 0x0112) return value >= 1 && value <= 8 ? value : 1;
    }
    return 1;
  }

  const TURN = {
    1: (w, h) => [1, 0, 0, 1, 0, 0], 2: (w, h) => [-1, 0, 0, 1, w, 0], 3: (w, h) => [-1, 0, 0, -1, w, h],
    4: (w, h) => [1, 0, 0, -1, 0, h], 5: (w, h) => [0, 1, 1, 0, 0, 0], 6: (w, h) => [0, 1, -1, 0, h, 0],
    7: (w, h) => [0, -1, -1, 0, h, w], 8: (w, h) => [0, -1, 1, 0, 0, w],
  };

  /** Halved again and again, as one big step would leave out pixels; the page may draw in between. */
  async function reduced(source, factor) {
    let from = source;
    let left = factor;
    while (left < 0.5) {
      const half = canvasOf(Math.max(1, Math.round(from.width / 2)), Math.max(1, Math.round(from.height / 2)));
      half.getContext("2d").drawImage(from, 0, 0, half.width, half.height);
      from = half;
      left *= 2;
      if (inPage) await later(0);
    }
    return from;
  }

  /** A JPEG of about 0.4 MB, upright, no side over 1600 pixels; throws if the phone can't read the picture. */
  async function shrunk(file) {
    const turned = await turnsItself();
    const orientation = turned ? 1 : orientationOf(await asBytes(file.slice(0, 262144)));
    const source = await decode(file);
    const factor = Math.min(1, LONG / Math.max(source.width, source.height));
    const width = Math.max(1, Math.round(source.width * factor));
    const height = Math.max(1, Math.round(source.height * factor));
    const across = orientation > 4;
    const canvas = canvasOf(across ? height : width, across ? width : height);
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.imageSmoothingQuality = "high";
    const turn = TURN[orientation](width, height);
    const from = await reduced(source, factor);
    pen.setTransform(turn[0], turn[1], turn[2], turn[3], turn[4], turn[5]);
    pen.drawImage(from, 0, 0, width, height);
    if (source.close) source.close();
    let blob = null;
    for (const quality of QUALITIES) {
      blob = await asBlob(canvas, quality);
      if (blob.size <= AIM) break;
      if (inPage) await later(0);
    }
    return asBytes(blob);
  }

  if (!inPage) {
    self.onmessage = (event) => {
      shrunk(event.data.file).then(
        (bytes) => self.postMessage({ number: event.data.number, bytes }, [bytes]),
        (error) => self.postMessage({ number: event.data.number, error: String(error) })
      );
    };
    return;
  }

  const form = document.getElementById("send");
  if (!form || !window.XMLHttpRequest || !window.FormData || !window.Promise) return;
  const script = document.currentScript.src;
  const texts = form.dataset;
  const here = `${form.getAttribute("action")} ${texts.who}`;
  const input = form.querySelector("[name=photo]");
  const queueList = document.getElementById("queue");
  const said = document.getElementById("said");

  let worker = null;
  const asked = {};
  let number = 0;

  function startWorker() {
    if (typeof Worker === "undefined" || typeof OffscreenCanvas === "undefined") return;
    if (!OffscreenCanvas.prototype.convertToBlob || typeof createImageBitmap !== "function") return;
    worker = new Worker(script);
    worker.onmessage = (event) => {
      const wait = asked[event.data.number];
      delete asked[event.data.number];
      if (wait && event.data.error) wait.fail(new Error(event.data.error));
      else if (wait) wait.done(event.data.bytes);
    };
    worker.onerror = () => {
      worker = null;
      Object.keys(asked).forEach((key) => asked[key].fail(new Error("worker")));
    };
  }

  function inWorker(file) {
    return new Promise((done, fail) => {
      number += 1;
      asked[number] = { done, fail };
      worker.postMessage({ number, file });
    });
  }

  /** Smaller; what this phone can't read (HEIC, mostly) goes as it is, and the server says what it thinks of it. */
  async function prepared(file) {
    try {
      return { bytes: worker ? await inWorker(file) : await shrunk(file), name: "photo.jpg" };
    } catch (error) {
      try {
        if (String(error).indexOf("worker") >= 0) return { bytes: await shrunk(file), name: "photo.jpg" };
      } catch (again) {
        // not readable here either
      }
      return { bytes: await asBytes(file), name: "photo" };
    }
  }

  // --- what waits on this phone --------------------------------------------------------------------------------------

  const STORE = "waiting";
  let base = null;

  function openStore() {
    return new Promise((done) => {
      try {
        const asking = indexedDB.open("reportsvc-photos", 1);
        asking.onupgradeneeded = () => asking.result.createObjectStore(STORE, { keyPath: "uuid" });
        asking.onsuccess = () => done(asking.result);
        asking.onerror = () => done(null);
        asking.onblocked = () => done(null);
        setTimeout(() => done(null), 3000);
      } catch (error) {
        done(null);
      }
    });
  }

  function inStore(mode, work) {
    return new Promise((done, fail) => {
      const transaction = base.transaction(STORE, mode);
      const asking = work(transaction.objectStore(STORE));
      transaction.oncomplete = () => done(asking.result);
      transaction.onerror = () => fail(transaction.error);
      transaction.onabort = () => fail(transaction.error);
    });
  }

  const notesKey = `photos ${here}`;

  function notes() {
    try {
      return JSON.parse(localStorage.getItem(notesKey)) || {};
    } catch (error) {
      return {};
    }
  }

  function note(change) {
    try {
      const kept = notes();
      change(kept);
      if (Object.keys(kept).length) localStorage.setItem(notesKey, JSON.stringify(kept));
      else localStorage.removeItem(notesKey);
    } catch (error) {
      // private windows keep nothing; the photo is sent while the page is open
    }
  }

  async function keep(entry) {
    const row = { uuid: entry.uuid, here, name: entry.name, file: entry.file, caption: entry.caption, consent: entry.consent, bytes: entry.bytes };
    try {
      if (base) {
        await inStore("readwrite", (store) => store.put(row));
        entry.kept = true;
        return;
      }
    } catch (error) {
      // full, or forbidden: only what can be said about it is kept
    }
    note((kept) => {
      kept[entry.uuid] = { name: entry.name, caption: entry.caption, consent: entry.consent };
    });
  }

  async function forget(entry) {
    note((kept) => {
      delete kept[entry.uuid];
    });
    if (base) await inStore("readwrite", (store) => store.delete(entry.uuid)).catch(() => null);
  }

  async function restore() {
    const rows = base ? await inStore("readonly", (store) => store.getAll()).catch(() => []) : [];
    rows.filter((row) => row.here === here).forEach((row) => {
      add(Object.assign(row, { kept: true }));
    });
    const known = queue.map((entry) => entry.uuid);
    const lost = notes();
    Object.keys(lost).forEach((uuid) => {
      if (known.indexOf(uuid) < 0) add(Object.assign({ uuid, lost: true }, lost[uuid]));
    });
  }

  // --- the queue -----------------------------------------------------------------------------------------------------

  const queue = [];
  let busy = false;
  let tries = 0;
  let timer = 0;

  function newUuid() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const text = Array.from(bytes, (byte) => (byte + 256).toString(16).slice(1)).join("");
    return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join("-");
  }

  function element(tag, properties, children) {
    const made = Object.assign(document.createElement(tag), properties);
    (children || []).forEach((child) => made.append(child));
    return made;
  }

  function add(entry) {
    const caption = element("input", { type: "text", id: `caption-${entry.uuid}`, maxLength: 200, autocomplete: "off", value: entry.caption || "" });
    const consent = element("input", { type: "checkbox", checked: Boolean(entry.consent) });
    const remove = element("button", { type: "button", textContent: texts.textRemove });
    remove.setAttribute("aria-label", `${texts.textRemove}: ${entry.name}`);
    entry.bar = element("progress", { max: 100, value: 0, hidden: true });
    entry.bar.setAttribute("aria-label", entry.name);
    entry.state = element("p", { className: "state", textContent: texts.textWaiting });
    const parts = [element("p", { className: "meta", textContent: entry.name }), entry.state, entry.bar];
    if (!entry.lost) {
      parts.push(
        element("label", { htmlFor: caption.id, textContent: texts.textCaption }), caption,
        element("label", { className: "tick" }, [consent, element("span", { textContent: texts.textConsent })])
      );
    }
    parts.push(element("div", { className: "tools" }, [remove]));
    entry.item = element("li", { className: "card" }, parts);
    const changed = () => {
      entry.caption = caption.value;
      entry.consent = consent.checked;
      if (entry.bytes) keep(entry);
    };
    caption.oninput = changed;
    consent.onchange = changed;
    remove.onclick = () => drop(entry);
    if (entry.lost) {
      show(entry, texts.textGone, true);
      entry.refused = true;
    }
    queue.push(entry);
    queueList.append(entry.item);
    count();
    return entry;
  }

  function show(entry, text, bad) {
    entry.state.textContent = text;
    entry.state.classList.toggle("problem", Boolean(bad));
    if (bad) {
      entry.bar.hidden = true;
      said.textContent = `${entry.name}: ${text}`;
    }
  }

  function drop(entry) {
    const at = queue.indexOf(entry);
    if (at >= 0) queue.splice(at, 1);
    if (entry.request) entry.request.abort();
    entry.item.remove();
    entry.dropped = true;
    forget(entry);
    count();
  }

  function places() {
    const there = document.querySelectorAll("#photos > li:not([data-state=refused])").length;
    return Number(texts.most) - there - queue.filter((entry) => !entry.refused).length;
  }

  function count() {
    input.disabled = places() <= 0;
    const none = document.getElementById("none");
    if (none) none.hidden = queue.length > 0;
  }

  async function chosen() {
    const files = Array.from(input.files);
    input.value = "";
    said.textContent = "";
    const entries = [];
    for (const file of files) {
      if (places() <= 0) {
        said.textContent = texts.textFull;
        break;
      }
      entries.push(add({ uuid: newUuid(), name: file.name, caption: "", consent: false, source: file }));
    }
    for (const entry of entries) {
      show(entry, texts.textShrinking);
      const made = await prepared(entry.source).catch(() => null);
      entry.source = null;
      if (entry.dropped) continue;
      if (!made || made.bytes.byteLength > Number(texts.limit)) {
        entry.refused = true;
        show(entry, made ? texts.textHeavy : texts.textFailed, true);
        count();
        continue;
      }
      entry.bytes = made.bytes;
      entry.file = made.name;
      show(entry, texts.textWaiting);
      await keep(entry);
      next();
    }
  }

  function send(entry) {
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

  async function next() {
    const entry = queue.find((one) => one.bytes && !one.refused);
    if (busy || !entry) return;
    busy = true;
    clearTimeout(timer);
    entry.bar.hidden = false;
    show(entry, texts.textSending);
    const { status, answer } = await send(entry);
    // Busy until it is out of the queue: else it would be taken for the next one.
    const goOn = entry.dropped || (await settle(entry, status, answer).catch(() => false));
    busy = false;
    if (goOn) next();
  }

  /** What the answer means for the photo; whether the next one can go at once. */
  async function settle(entry, status, answer) {
    if (status === 202) {
      tries = 0;
      await arrived(entry, answer);
      return true;
    }
    if (status === 401) {
      show(entry, "");
      entry.state.append(element("a", { href: texts.signIn, textContent: texts.textSignIn }));
      return false;
    }
    if (status >= 400 && status < 500 && status !== 400 && status !== 408 && status !== 429) {
      entry.refused = true;
      show(entry, answer.error || texts.textFailed, true);
      await forget(entry);
      count();
      return true;
    }
    tries += 1;
    if (status === 400) await refresh(); // a token from before the session began anew
    entry.bar.hidden = true;
    show(entry, entry.kept ? texts.textOffline : texts.textUnkept);
    timer = setTimeout(next, Math.min(60000, 1000 * 2 ** tries) * (0.75 + Math.random() / 2));
    return false;
  }

  async function arrived(entry, answer) {
    const now = { caption: entry.caption || "", consent: Boolean(entry.consent) };
    if (answer.state !== "removed" && (now.caption !== entry.sentAs.caption || now.consent !== entry.sentAs.consent)) {
      const body = new FormData();
      body.append("csrf_token", form.elements.csrf_token.value);
      body.append("caption", now.caption);
      if (now.consent) body.append("consent", "yes");
      await fetch(`${form.getAttribute("action")}/${answer.id}`, { method: "POST", body, credentials: "same-origin", headers: { Accept: "application/json" } }).catch(() => null);
    }
    const typing = entry.item.contains(document.activeElement) && document.activeElement.type === "text" ? document.activeElement : null;
    await forget(entry);
    await refresh();
    const at = queue.indexOf(entry);
    if (at >= 0) queue.splice(at, 1); // it may have been deleted meanwhile
    entry.item.remove();
    const same = typing && document.getElementById(`caption-${answer.id}`);
    if (same) {
      same.value = typing.value;
      same.focus();
      same.setSelectionRange(typing.selectionStart, typing.selectionEnd);
    }
    count();
    watch();
  }

  // --- what has arrived ----------------------------------------------------------------------------------------------

  /** The list as the server has it now; what somebody is typing into, and what has not changed, stays as it is. */
  async function refresh() {
    let page = null;
    try {
      const answer = await fetch(location.pathname, { credentials: "same-origin", headers: { Accept: "text/html" } });
      if (!answer.ok || answer.redirected) return false;
      page = new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch (error) {
      return false;
    }
    const fresh = page.getElementById("photos");
    const token = page.querySelector("#send [name=csrf_token]");
    if (!fresh || !token) return false;
    form.elements.csrf_token.value = token.value;
    const list = document.getElementById("photos");
    const active = document.activeElement;
    const wanted = Array.from(fresh.children).map((item) => {
      const old = document.getElementById(item.id);
      const busyHere = old && (old.contains(active) && active.type === "text");
      return old && old.dataset.state === item.dataset.state && busyHere ? old : item;
    });
    const focus = list.contains(active) ? { item: active.closest("li").id, value: active.value, type: active.type } : null;
    if (wanted.some((item, at) => list.children[at] !== item) || list.children.length !== wanted.length) {
      wanted.forEach((item) => list.append(item));
      Array.from(list.children).forEach((item) => {
        if (wanted.indexOf(item) < 0) item.remove();
      });
    }
    if (focus && document.activeElement !== active) again(active, focus);
    const none = document.getElementById("none");
    if (none && wanted.length) none.remove();
    count();
    return true;
  }

  /** The focus goes back to where it was, though the element is a new one. */
  function again(active, focus) {
    const item = document.getElementById(focus.item);
    if (!item) return;
    const same = active.isConnected ? active : item.querySelector(focus.type === "submit" ? `button[value=${focus.value}]:not([disabled])` : `[name=${active.name}]`);
    if (same) same.focus();
  }

  let looking = 0;
  let looks = 0;

  function watch() {
    clearTimeout(looking);
    if (!document.querySelector("#photos > [data-state=raw]")) {
      looks = 0;
      return;
    }
    looks += 1;
    looking = setTimeout(async () => {
      if (!document.hidden) await refresh();
      watch();
    }, Math.min(15000, 2000 * 1.3 ** looks));
  }

  let acting = Promise.resolve();

  /** One after another, each with what stands in the form by then: two at once could arrive the wrong way round. */
  function act(target, button) {
    acting = acting.then(() => carryOut(target, button));
  }

  async function carryOut(target, button) {
    const body = new FormData(target);
    if (button) body.append("do", button.value);
    try {
      const answer = await fetch(target.getAttribute("action"), { method: "POST", body, credentials: "same-origin", headers: { Accept: "application/json" } });
      if (answer.status === 401) location.href = texts.signIn;
      const text = answer.ok ? "" : (await answer.json()).error;
      said.textContent = text || "";
      if (button) await refresh();
    } catch (error) {
      said.textContent = texts.textOffline;
      if (button) target.submit(); // the browser's own way, with its own page about what went wrong
    }
  }

  function listen() {
    const list = document.getElementById("photos");
    list.addEventListener("click", (event) => {
      const button = event.target.closest("button[name=do]");
      if (!button) return;
      event.preventDefault();
      act(button.form, button);
    });
    list.addEventListener("submit", (event) => {
      event.preventDefault();
      act(event.target, null);
    });
    list.addEventListener("change", (event) => act(event.target.form, null));
    input.addEventListener("change", chosen);
    form.addEventListener("submit", (event) => event.preventDefault());
    window.addEventListener("online", () => {
      tries = 0;
      next();
    });
  }

  async function start() {
    document.body.classList.add("scripted");
    form.querySelector("[data-plain]").hidden = true;
    form.querySelector("[data-choose]").textContent = texts.textChoose;
    input.multiple = true;
    startWorker();
    listen();
    base = await openStore();
    await restore();
    count();
    next();
    watch();
  }

  start();
})();
