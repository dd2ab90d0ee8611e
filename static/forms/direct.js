// Asks the server to answer a save with the next page itself instead of sending the browser there: on a slow link that
// is one round trip less. The address is put right here, so that reloading asks for the page that is shown.

const form = document.querySelector("form[data-address]");

if (form) {
  const wish = document.createElement("input");
  Object.assign(wish, { type: "hidden", name: "_direct", value: "1" });
  form.append(wish);
  if (location.pathname !== form.dataset.address) history.replaceState(null, "", form.dataset.address);
}
