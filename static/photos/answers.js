// Files that answer questions. A file is made smaller if it is a photo, kept on this phone until it has arrived, and sent
// apart from the answers. The answer holds the file's UUID at once, so that it stays with its row whatever happens to the
// page; once the file has arrived the server's answer takes its place.

import { boxes, boxOf, catchUp, current, here, said, set, show, turn } from "./boxes.js";
import { newUuid, post } from "./posting.js";
import { prepared, startWorker } from "./preparing.js";
import { forget, keep, left, open } from "./shelf.js";
import { asBytes } from "./shrinking.js";
import { watchAll, watch } from "./watching.js";

const LIMIT = 12000000; // bytes
const queue = [];
let choosing = 0; // files that are being made ready
let busy = false;
let tries = 0;
let timer = 0;
let token = "";

// --- choosing -----------------------------------------------------------------------------------------------------

async function chosen(input) {
  const box = input.closest(".form-field");
  const file = input.files[0];
  input.value = "";
  if (!file) return;
  const photo = box.dataset.kind === "image";
  const entry = { uuid: newUuid(), question: box.dataset.name, name: file.name, photo };
  const before = current(box);
  drop(before);
  choosing += 1;
  box.dataset.choosing = entry.uuid; // whichever was chosen last counts
  show(box, photo ? here.texts.shrinking : here.texts.waiting);
  const made = await (photo ? prepared(file, Number(input.dataset.longSide)) : asBytes(file).then((bytes) => ({ bytes }))).catch(() => null);
  choosing -= 1;
  if (box.dataset.choosing !== entry.uuid) return;
  delete box.dataset.choosing;
  if (!made || made.bytes.byteLength > LIMIT) {
    set(box, "");
    show(box, made ? (photo ? here.texts.heavyImage : here.texts.heavyFile) : here.texts.failed, { bad: true });
    stay();
    next();
    return;
  }
  entry.bytes = made.bytes;
  entry.file = file.name;
  destine(entry);
  await keep(entry);
  set(box, entry.uuid);
  show(box, here.texts.waiting, { entry });
  queue.push(entry);
  next();
}

// Where a file goes, also when another page is shown by then.
function destine(entry) {
  entry.address = here.form.dataset.upload.replace("__question__", entry.question);
  entry.version = here.form.elements.form.value;
}

// The file that was there before is wanted no more.
function drop(uuid) {
  const at = queue.findIndex((entry) => entry.uuid === uuid);
  if (at < 0) return;
  const entry = queue[at];
  queue.splice(at, 1);
  entry.dropped = true;
  if (entry.request) entry.request.abort();
  forget(entry);
}

function takeAway(button) {
  const box = button.closest(".form-field");
  drop(current(box));
  delete box.dataset.choosing;
  set(box, "");
  show(box, "");
  box.querySelector("input[type=file]").focus();
}

// --- sending ------------------------------------------------------------------------------------------------------

function bodyOf(entry) {
  const body = new FormData();
  if (here.form) token = here.form.elements.csrf_token.value;
  body.append("csrf_token", token);
  body.append("form", entry.version);
  body.append("uuid", entry.uuid);
  body.append("file", new Blob([entry.bytes]), entry.file);
  return body;
}

async function next() {
  const entry = queue[0];
  if (!entry && !choosing) goOn();
  if (busy || !entry) return;
  busy = true;
  clearTimeout(timer);
  tell(entry, here.texts.sending, { percent: 0 });
  const { status, answer } = await post(entry.address, bodyOf(entry), entry, (percent) => tell(entry, here.texts.sending, { percent }));
  const again = entry.dropped || (await settle(entry, status, answer).catch(() => false));
  busy = false;
  if (again) next();
}

function tell(entry, text, more) {
  const box = boxOf(entry.uuid);
  if (box && !entry.dropped) show(box, text, { entry, ...more });
}

async function finish(entry) {
  const at = queue.indexOf(entry);
  if (at >= 0) queue.splice(at, 1);
  await forget(entry);
}

// What the answer means for the file; whether the next one can go at once.
async function settle(entry, status, answer) {
  const box = boxOf(entry.uuid);
  if (status === 202) {
    tries = 0;
    if (box) {
      set(box, answer.answer);
      show(box, answer.state === "raw" ? here.texts.checking : here.texts.arrived, { entry, arrived: true });
      watch(box);
    }
    await finish(entry);
    return true;
  }
  if (status === 401) {
    tell(entry, "", { link: true });
    stay();
    return false;
  }
  if (status >= 400 && status < 500 && status !== 400 && status !== 408 && status !== 429) {
    if (box) {
      set(box, "");
      show(box, answer.error || here.texts.failed, { bad: true });
    }
    stay();
    await finish(entry);
    return true;
  }
  tries += 1;
  tell(entry, entry.kept ? here.texts.offline : here.texts.unkept);
  stay();
  timer = setTimeout(next, Math.min(60000, 1000 * 2 ** tries) * (0.75 + Math.random() / 2));
  return false;
}

// --- the page goes on once all files have arrived -----------------------------------------------------------------

let pressed = null; // the button that goes on
let waiting = null;
let insisting = false;

function submitted(event) {
  if (event.target !== here.form || insisting || !(choosing || queue.length)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  waiting = pressed && pressed.form === here.form ? pressed : here.form.querySelector("button[name=go]");
  said(here.texts.first);
  if (!busy) next();
}

function goOn() {
  const button = waiting;
  waiting = null;
  insisting = false;
  said("");
  if (button && button.isConnected) button.click();
}

// It does not go by itself now: whoever presses again goes on without the file.
function stay() {
  if (!waiting) return;
  waiting = null;
  insisting = true;
  said(here.texts.insist);
}

// --- beginning ----------------------------------------------------------------------------------------------------

function listen(form) {
  form.addEventListener("change", (event) => {
    if (event.target === form) boxes().filter(catchUp).forEach(watch); // the phone's own copy was put back
    else if (event.target.type === "file") chosen(event.target);
  });
  form.addEventListener("click", (event) => {
    pressed = event.target.closest("button");
    const button = event.target.closest("[data-drop]");
    if (!button) return;
    event.preventDefault();
    takeAway(button);
  });
}

// What an earlier visit of this page left here; what is still on its way from this very visit is known already.
async function fetchLeft() {
  for (const entry of await left()) {
    if (queue.some((each) => each.uuid === entry.uuid)) {
      tell(entry, here.texts.waiting);
    } else if (entry.lost) {
      const box = boxOf(entry.uuid);
      if (box) {
        set(box, "");
        show(box, here.texts.gone, { bad: true });
      }
      await forget(entry);
    } else {
      destine(entry);
      queue.push(entry);
      tell(entry, here.texts.waiting);
    }
  }
}

// Runs for every page that is shown, one put in the place of another included.
async function start() {
  waiting = null;
  insisting = false;
  if (!turn()) return;
  const { form } = here;
  if (form.dataset.filesReady) return;
  form.dataset.filesReady = "0";
  startWorker(here.texts.worker);
  listen(form);
  await open(`${form.dataset.address} ${form.dataset.who}`);
  await fetchLeft();
  for (const input of form.querySelectorAll("input[type=file]")) {
    if (input.files.length) chosen(input); // on a slow link that was before this script was there
  }
  form.dataset.filesReady = "1";
  next();
  watchAll();
}

if (window.XMLHttpRequest && window.FormData) {
  document.addEventListener("reportsvc:follow", start);
  document.addEventListener("submit", submitted, true);
  window.addEventListener("online", () => {
    tries = 0;
    insisting = false;
    next();
  });
}
