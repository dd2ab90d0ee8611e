// The questions on the page that take a file: what each answer names, and what is said of it.

export const here = { form: null, texts: {} };

/** Turns to the page that is shown now; gives whether it has such questions. */
export function turn() {
  const form = document.querySelector("form[data-upload]");
  if (form) Object.assign(here, { form, texts: document.querySelector("[data-file-texts]").dataset });
  else here.form = null;
  return Boolean(form);
}

const answerIn = (box) => box.querySelector("[data-answer]");

/** The UUID that a question's answer begins with; empty without an answer. */
export const current = (box) => answerIn(box).value.split(" ")[0];

/** The question whose answer names a file, wherever its row stands by now. */
export function boxOf(uuid) {
  return boxes().find((box) => current(box) === uuid) || null;
}

export function boxes() {
  const found = here.form ? [...here.form.querySelectorAll("[data-answer]")] : [];
  return found.map((each) => each.closest(".form-field"));
}

/** Gives a question its answer, as if it had been typed. */
export function set(box, answer) {
  const input = answerIn(box);
  if (input.value === answer) return;
  input.value = answer;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

export const addressOf = (uuid) => here.form.dataset.file.replace(/0{8}(-0{4}){3}-0{12}/, uuid);

/** Says how a question's file stands: with its picture or name, a bar while it is being sent, a link to sign in. */
export function show(box, text, more) {
  const { entry, percent, bad, link, arrived } = more || {};
  const kept = box.querySelector("[data-kept]");
  const line = kept.querySelector("[data-said]");
  kept.hidden = !text && !link;
  const place = kept.querySelector("[data-shown]");
  if (entry) {
    picture(place, entry, arrived, box.dataset.kind === "image");
  } else {
    place.textContent = "";
    delete place.dataset.uuid;
  }
  const button = kept.querySelector("[data-drop]");
  if (button) button.hidden = !current(box);
  line.classList.toggle("form-refused", Boolean(bad));
  if (line.textContent !== text) line.textContent = text;
  if (link) {
    const sign = Object.assign(document.createElement("a"), { href: here.texts.signIn, textContent: here.texts.sign });
    line.append(sign);
  }
  bar(kept, line, percent);
}

function bar(kept, line, percent) {
  let made = kept.querySelector("progress");
  if (percent === undefined) {
    if (made) made.remove();
    return;
  }
  if (!made) {
    made = Object.assign(document.createElement("progress"), { max: 100 });
    made.setAttribute("aria-label", here.texts.sending);
    line.after(made);
  }
  made.value = percent;
}

// The phone's own picture until the server's is there; of a document its name, which leads to it once it has arrived.
function picture(place, entry, arrived, photo) {
  if (place.dataset.uuid === entry.uuid && !arrived) return;
  place.dataset.uuid = entry.uuid;
  place.textContent = "";
  if (photo && entry.bytes) {
    const address = URL.createObjectURL(new Blob([entry.bytes]));
    const image = Object.assign(document.createElement("img"), { src: address, alt: entry.name });
    image.onload = () => URL.revokeObjectURL(address);
    image.onerror = () => image.replaceWith(Object.assign(document.createElement("span"), { textContent: entry.name }));
    place.append(image);
    return;
  }
  const name = Object.assign(document.createElement(arrived ? "a" : "span"), { textContent: entry.name });
  if (arrived) Object.assign(name, { href: addressOf(entry.uuid), download: "" });
  place.append(name);
}

/** What is shown of a question whose answer was put back from what this phone had kept, or taken out; whether a file
 *  that has arrived is shown now that was not before. */
export function catchUp(box) {
  const [uuid, sha256, ...name] = answerIn(box).value.split(" ");
  if (box.querySelector("[data-kept]").hidden === !uuid) return false;
  show(box, uuid ? (sha256 && here.texts.arrived) || here.texts.waiting : "", sha256 && { entry: { uuid, name: name.join(" ") }, arrived: true });
  return Boolean(sha256);
}

/** A line at the end of the page, about going on to the next. */
export function said(text) {
  const line = document.querySelector("[data-going]");
  if (line) line.textContent = text;
}
