// The parts of the page that its scripts share.

export const form = document.getElementById("send");
export const texts = form ? form.dataset : {};
export const here = form ? `${form.getAttribute("action")} ${texts.who}` : "";
export const input = form && form.querySelector("[name=photo]");
export const queueList = document.getElementById("queue");
export const said = document.getElementById("said");
