// Makes photos smaller off the main thread.

import { shrunk } from "./shrinking.js";

self.onmessage = (event) => {
  shrunk(event.data.file, event.data.long).then(
    (bytes) => self.postMessage({ number: event.data.number, bytes }, [bytes]),
    (error) => self.postMessage({ number: event.data.number, error: String(error) })
  );
};
