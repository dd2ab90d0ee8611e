// Hands a chosen photo to the worker, or where there is none makes it smaller in the page.

import { asBytes, shrunk } from "./shrinking.js";

let worker = null;
const asked = {};
let number = 0;

export function startWorker(address) {
  if (worker) return;
  if (typeof Worker === "undefined" || typeof OffscreenCanvas === "undefined") return;
  if (!OffscreenCanvas.prototype.convertToBlob || typeof createImageBitmap !== "function") return;
  worker = new Worker(address);
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

function inWorker(file, long) {
  return new Promise((done, fail) => {
    number += 1;
    asked[number] = { done, fail };
    worker.postMessage({ number, file, long });
  });
}

/** Smaller; what this phone can't read (HEIC, mostly) goes as it is, and the server says what it thinks of it. */
export async function prepared(file, long) {
  try {
    return { bytes: worker ? await inWorker(file, long) : await shrunk(file, long), name: "photo.jpg" };
  } catch (error) {
    try {
      if (String(error).indexOf("worker") >= 0) return { bytes: await shrunk(file, long), name: "photo.jpg" };
    } catch (again) {
      // not readable here either
    }
    return { bytes: await asBytes(file), name: "photo" };
  }
}
