// What a browser adds to some questions: taking back a choice, swapping places in a rank, asking the phone where it is.

const texts = () => {
  const found = document.querySelector("[data-widget-texts]");
  return found ? found.dataset : {};
};
const changed = (input) => input.dispatchEvent(new Event("change", { bubbles: true }));

// In the place of a button “No answer” one that takes the choice back, there only once there is a choice.
function clearable(none) {
  if (none.hidden || !texts().clear) return;
  const box = none.closest(".form-field");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "form-clear";
  button.textContent = texts().clear;
  none.hidden = true;
  box.querySelector(".form-choices").after(button);
  const radio = none.querySelector("input");
  const follow = () => {
    button.hidden = !box.querySelector("input:checked:not([value=''])");
  };
  button.addEventListener("click", () => {
    radio.checked = true;
    changed(radio);
    box.querySelector("input").focus();
  });
  box.addEventListener("change", follow);
  window.addEventListener("pageshow", follow);
  follow();
}

// What is chosen for one place leaves the place that it had; the two change places.
function swapping(box) {
  const selects = [...box.querySelectorAll("select")];
  let before = selects.map((each) => each.value);
  box.addEventListener("change", (event) => {
    const place = selects.indexOf(event.target);
    const twin = selects.findIndex((each, at) => at !== place && each.value && each.value === event.target.value);
    if (twin >= 0) selects[twin].value = before[place];
    const left = [...selects[0].options].map((each) => each.value).filter((each) => each && !selects.some((one) => one.value === each));
    const open = selects.filter((each) => !each.value);
    if (left.length === 1 && open.length === 1) open[0].value = left[0];
    before = selects.map((each) => each.value);
  });
}

function locating(box) {
  const input = box.querySelector("input");
  if (!navigator.geolocation || !window.isSecureContext || input.readOnly || !texts().locate) return;
  const button = document.createElement("button");
  const line = document.createElement("p");
  button.type = "button";
  button.className = "form-locate";
  button.textContent = texts().locate;
  line.className = "form-located";
  line.setAttribute("role", "status");
  box.querySelector(".form-input").after(button, line);
  button.addEventListener("click", () => {
    button.disabled = true;
    line.textContent = texts().locating;
    const done = (text) => {
      button.disabled = false;
      line.textContent = text;
    };
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const rounded = (number, places) => String(Number((number || 0).toFixed(places)));
        input.value = [
          rounded(coords.latitude, 7),
          rounded(coords.longitude, 7),
          rounded(coords.altitude, 1),
          rounded(coords.accuracy, 1),
        ].join(" ");
        done(`± ${Math.round(coords.accuracy)} m`);
        changed(input);
      },
      () => done(texts().unlocated),
      { enableHighAccuracy: true, timeout: 20000, maximumAge: 60000 },
    );
  });
}

// Adds to all questions within an element, each once.
export function enhance(element) {
  for (const none of element.querySelectorAll(".form-none")) clearable(none);
  for (const box of element.querySelectorAll(".form-field[data-kind=rank], .form-field[data-kind=geopoint]")) {
    if (box.dataset.enhanced) continue;
    box.dataset.enhanced = "1";
    if (box.dataset.kind === "rank") swapping(box);
    else locating(box);
  }
}

// Offers only these choices of a question. Gives whether an answer went that is none of them.
export function narrow(box, choices, keep) {
  const select = box.querySelector("select");
  const offered = choices.map((each) => each.value);
  const list = select || box.querySelector(".form-choices");
  if (!list) return false;
  const inputs = [...list.querySelectorAll(select ? "option" : "input")].filter((each) => each.value);
  const chosen = inputs.filter((each) => each.selected || each.checked).map((each) => each.value);
  const kept = keep ? chosen.filter((each) => !offered.includes(each)) : [];
  const wanted = [...choices, ...kept.map((value) => ({ value, label: inputs.find((each) => each.value === value).textContent || value }))];
  if (inputs.map((each) => each.value).join(" ") === wanted.map((each) => each.value).join(" ")) return false;
  for (const each of inputs) (select ? each : each.closest("label")).remove();
  wanted.forEach(({ value, label }, place) => {
    if (select) list.append(new Option(label || value, value, false, chosen.includes(value)));
    else list.append(ticked(box, value, label, place, chosen.includes(value)));
  });
  return chosen.some((each) => !wanted.some(({ value }) => value === each));
}

function ticked(box, value, label, place, checked) {
  const [outer, input, text] = ["label", "input", "span"].map((each) => document.createElement(each));
  outer.className = "form-choice";
  Object.assign(input, { type: "checkbox", id: `${box.id}-${place}`, name: box.id, value, checked });
  text.textContent = label || value;
  outer.append(input, text);
  return outer;
}
