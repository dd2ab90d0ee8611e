// What waits on this phone: in IndexedDB, and where that is shut at least a note that there was something.

const STORE = "waiting";
let base = null;
let here = ""; // the page whose things these are

function openBase() {
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

const notesKey = () => `photos ${here}`;

function notes() {
  try {
    return JSON.parse(localStorage.getItem(notesKey())) || {};
  } catch (error) {
    return {};
  }
}

function note(change) {
  try {
    const kept = notes();
    change(kept);
    if (Object.keys(kept).length) localStorage.setItem(notesKey(), JSON.stringify(kept));
    else localStorage.removeItem(notesKey());
  } catch (error) {
    // private windows keep nothing; the photo is sent while the page is open
  }
}

export async function keep(entry) {
  const row = { uuid: entry.uuid, here, question: entry.question, name: entry.name, file: entry.file, caption: entry.caption, consent: entry.consent, bytes: entry.bytes };
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
    kept[entry.uuid] = { question: entry.question, name: entry.name, caption: entry.caption, consent: entry.consent };
  });
}

export async function forget(entry) {
  note((kept) => {
    delete kept[entry.uuid];
  });
  if (base) await inStore("readwrite", (store) => store.delete(entry.uuid)).catch(() => null);
}

export async function open(where) {
  here = where;
  base = await openBase();
}

/** What an earlier visit left here: photos, and notes of photos that could not be kept. */
export async function left() {
  const rows = base ? await inStore("readonly", (store) => store.getAll()).catch(() => []) : [];
  const photos = rows.filter((row) => row.here === here).map((row) => Object.assign(row, { kept: true }));
  const known = photos.map((photo) => photo.uuid);
  const noted = notes();
  const lost = Object.keys(noted).filter((uuid) => known.indexOf(uuid) < 0);
  return photos.concat(lost.map((uuid) => Object.assign({ uuid, lost: true }, noted[uuid])));
}
