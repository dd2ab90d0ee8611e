/* Keys for reviewers: next, previous, approve, return. They rest while somebody writes. */

const WRITING = /^(?:TEXTAREA|SELECT)$/;
const TICKS = /^(?:checkbox|radio|submit|button)$/;

function isWriting(element) {
  if (!element) return false;
  return WRITING.test(element.tagName) || (element.tagName === "INPUT" && !TICKS.test(element.type)) || element.isContentEditable;
}

/* In a list the next row gets the focus; after the last one, the next page is turned to. */
function step(rows, by) {
  const at = rows.findIndex((row) => row === document.activeElement || row.parentElement.contains(document.activeElement));
  const row = at < 0 ? rows[by > 0 ? 0 : rows.length - 1] : rows[at + by];
  if (row) row.focus();
  else turn(by);
}

function turn(by) {
  const link = document.querySelector(by > 0 ? "a[rel=next]" : "a[rel=prev]");
  if (link) link.click();
}

function tick() {
  const item = document.activeElement && document.activeElement.closest(".item");
  const box = item && item.querySelector("input[type=checkbox]");
  if (box) box.click();
}

function press(key) {
  const found = document.querySelector(`[data-key="${key}"]`);
  if (!found) return false;
  if (key === "r") {
    found.scrollIntoView({ block: "center" });
    found.focus();
  } else found.click();
  return true;
}

function help() {
  const keys = document.getElementById("keys");
  keys.open = !keys.open;
  if (keys.open) keys.scrollIntoView({ block: "nearest" });
}

function act(key) {
  const rows = [...document.querySelectorAll("[data-row]")];
  const inList = document.querySelector("[data-list]") !== null;
  const next = ["j", inList ? "ArrowDown" : "ArrowRight"].includes(key);
  const previous = ["k", inList ? "ArrowUp" : "ArrowLeft"].includes(key);
  if (next || previous) {
    if (inList) step(rows, next ? 1 : -1);
    else turn(next ? 1 : -1);
    return true;
  }
  if (key === "x") tick();
  else if (key === "?") help();
  else if (["a", "r", "u"].includes(key)) return press(key);
  else return false;
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat && event.key === "a") return;
  if (!isWriting(document.activeElement) && act(event.key)) event.preventDefault();
});

const keys = document.getElementById("keys");
if (keys && window.matchMedia("(hover: hover)").matches) keys.hidden = false;
