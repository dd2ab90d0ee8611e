// The phone's copies of what was typed, one a page: in IndexedDB, or localStorage where that is missing or shut. A copy is
// {pairs, base, form, page, at, url, field, sent}: what was typed, the mark and the form that the page was opened with,
// the page's id, when, where the server takes it, which input had the focus, and whether the browser sent it.

const STORE = "typed";

const asked = (request) => new Promise((done, failed) => {
  request.onsuccess = () => done(request.result);
  request.onerror = () => failed(request.error);
});

let opened;
function shelf() {
  if (!opened) {
    opened = new Promise((done, failed) => {
      const request = indexedDB.open("reportsvc", 1);
      request.onupgradeneeded = () => request.result.createObjectStore(STORE);
      request.onsuccess = () => done(request.result);
      request.onerror = () => failed(request.error);
    });
  }
  return opened;
}

async function kept(work, instead) {
  try {
    const base = await shelf();
    return await asked(work(base.transaction(STORE, "readwrite").objectStore(STORE)));
  } catch (error) {
    return instead();
  }
}

const read = (key) => JSON.parse(localStorage.getItem(key) || "null");

export const put = (key, copy) =>
  kept((shelves) => shelves.put(copy, key), () => localStorage.setItem(key, JSON.stringify(copy)));
export const take = (key) => kept((shelves) => shelves.get(key), () => read(key));
export const drop = (key) => kept((shelves) => shelves.delete(key), () => localStorage.removeItem(key));
export const keys = () =>
  kept((shelves) => shelves.getAllKeys(), () => Object.keys(localStorage).filter((key) => key.startsWith("/reports/")));
