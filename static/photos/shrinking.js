// A picture made smaller, here or off the main thread.

const LONG = 1600;
const AIM = 400000; // bytes
const QUALITIES = [0.85, 0.75, 0.65, 0.5];
// 2 × 1 pixels that lie on their side by their Exif block: a decoder that looks at it shows 1 × 2.
const PROBE =
  "/9j/4AAQSkZJRgABAQAAAQABAAD/4QAiRXhpZgAATU0AKgAAAAgAAQESAAMAAAABAAYAAAAAAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////////////wAALCAABAAIBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAA//EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AR//Z";
const inPage = typeof document !== "undefined";

const later = (ms) => new Promise((done) => setTimeout(done, ms));

function canvasOf(width, height) {
  if (typeof OffscreenCanvas !== "undefined" && !inPage) return new OffscreenCanvas(width, height);
  const made = document.createElement("canvas");
  made.width = width;
  made.height = height;
  return made;
}

function asBlob(canvas, quality) {
  if (canvas.convertToBlob) return canvas.convertToBlob({ type: "image/jpeg", quality });
  return new Promise((done, fail) => {
    canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error("empty canvas"))), "image/jpeg", quality);
  });
}

export function asBytes(blob) {
  return new Promise((done, fail) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result);
    reader.onerror = () => fail(reader.error);
    reader.readAsArrayBuffer(blob);
  });
}

function asImage(blob) {
  return new Promise((done, fail) => {
    const address = URL.createObjectURL(blob);
    const image = new Image();
    image.onload = () => {
      URL.revokeObjectURL(address);
      done(image);
    };
    image.onerror = () => {
      URL.revokeObjectURL(address);
      fail(new Error("unreadable"));
    };
    image.src = address;
  });
}

const decode = (blob) => (typeof createImageBitmap === "function" ? createImageBitmap(blob) : asImage(blob));

/** Whether the decoder turns pictures upright by itself: browsers came to do so one after another. */
async function turnsItself() {
  const text = atob(PROBE);
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
  const probe = await decode(new Blob([bytes], { type: "image/jpeg" }));
  return probe.width === 1;
}

/** The Exif orientation of a JPEG, 1 to 8; 1 if there is none. */
function orientationOf(buffer) {
  const view = new DataView(buffer);
  const size = view.byteLength;
  if (size < 4 || view.getUint16(0) !== 0xffd8) return 1;
  let at = 2;
  while (at + 18 < size && view.getUint8(at) === 0xff && view.getUint8(at + 1) !== 0xda) {
    if (view.getUint16(at) === 0xffe1 && view.getUint32(at + 4) === 0x45786966) return fromTiff(view, at + 10);
    at += 2 + view.getUint16(at + 2);
  }
  return 1;
}

function fromTiff(view, start) {
  const little = view.getUint16(start) === 0x4949;
  const first = start + view.getUint32(start + 4, little);
  if (first + 2 > view.byteLength) return 1;
  const count = view.getUint16(first, little);
  for (let at = first + 2; at < first + 2 + 12 * count && at + 12 <= view.byteLength; at += 12) {
    const value = view.getUint16(at + 8, little);
    if (view.getUint16(at, little) === 0x0112) return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

const TURN = {
  1: (w, h) => [1, 0, 0, 1, 0, 0], 2: (w, h) => [-1, 0, 0, 1, w, 0], 3: (w, h) => [-1, 0, 0, -1, w, h],
  4: (w, h) => [1, 0, 0, -1, 0, h], 5: (w, h) => [0, 1, 1, 0, 0, 0], 6: (w, h) => [0, 1, -1, 0, h, 0],
  7: (w, h) => [0, -1, -1, 0, h, w], 8: (w, h) => [0, -1, 1, 0, 0, w],
};

/** Halved again and again, as one big step would leave out pixels; the page may draw in between. */
async function reduced(source, factor) {
  let from = source;
  let left = factor;
  while (left < 0.5) {
    const half = canvasOf(Math.max(1, Math.round(from.width / 2)), Math.max(1, Math.round(from.height / 2)));
    half.getContext("2d").drawImage(from, 0, 0, half.width, half.height);
    from = half;
    left *= 2;
    if (inPage) await later(0);
  }
  return from;
}

/** A JPEG of about 0.4 MB, upright, no side over 1600 pixels or `long`, where that is less; throws if the phone can't read the picture. */
export async function shrunk(file, long) {
  const turned = await turnsItself();
  const orientation = turned ? 1 : orientationOf(await asBytes(file.slice(0, 262144)));
  const source = await decode(file);
  const factor = Math.min(1, Math.min(LONG, long || LONG) / Math.max(source.width, source.height));
  const width = Math.max(1, Math.round(source.width * factor));
  const height = Math.max(1, Math.round(source.height * factor));
  const across = orientation > 4;
  const canvas = canvasOf(across ? height : width, across ? width : height);
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.imageSmoothingQuality = "high";
  const turn = TURN[orientation](width, height);
  const from = await reduced(source, factor);
  pen.setTransform(turn[0], turn[1], turn[2], turn[3], turn[4], turn[5]);
  pen.drawImage(from, 0, 0, width, height);
  if (source.close) source.close();
  let blob = null;
  for (const quality of QUALITIES) {
    blob = await asBlob(canvas, quality);
    if (blob.size <= AIM) break;
    if (inPage) await later(0);
  }
  return asBytes(blob);
}
