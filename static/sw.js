// Where a browser allows it, pages of a report that were seen before open without a link too. Nothing hangs on it: what is
// typed is kept by the page itself. The server puts RELEASE in front.

const PAGES = "pages";
const FILES = `files ${RELEASE}`;
const OLDEST = 14 * 86400000; // milliseconds
const KEPT = /^\/reports(?:\/.*)?$/;

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(PAGES).then((cache) => cache.add("/offline")).then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  const tidy = async () => {
    for (const name of await caches.keys()) if (name.startsWith("files ") && name !== FILES) await caches.delete(name);
    await self.clients.claim();
  };
  event.waitUntil(tidy());
});

// The page that was open when this began has not come through here: it is fetched once more.
self.addEventListener("message", (event) => {
  if (KEPT.test(event.data.keep)) event.waitUntil(page(new Request(event.data.keep, { credentials: "same-origin" })));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return;
  if (request.method === "POST") {
    // Whoever signs in or out is shown nothing of the one before.
    if (pathname.startsWith("/sign-")) event.waitUntil(forget());
  } else if (pathname.startsWith("/static/")) event.respondWith(file(request));
  else if (request.mode === "navigate" && KEPT.test(pathname)) event.respondWith(page(request));
});

async function forget() {
  const cache = await caches.open(PAGES);
  for (const each of await cache.keys()) if (new URL(each.url).pathname !== "/offline") await cache.delete(each);
}

async function file(request) {
  const cache = await caches.open(FILES);
  const held = await cache.match(request);
  if (held) return held;
  const answer = await fetch(request);
  if (answer.ok) await cache.put(request, answer.clone());
  return answer;
}

const fresh = (held) => held && Date.now() - new Date(held.headers.get("Date")).getTime() < OLDEST;

async function page(request) {
  const cache = await caches.open(PAGES);
  const key = new URL(request.url).pathname;
  try {
    const answer = await fetch(request);
    if (answer.ok && answer.type === "basic" && !answer.redirected) await cache.put(key, answer.clone());
    return answer;
  } catch (error) {
    const held = await cache.match(key);
    return fresh(held) ? held : cache.match("/offline");
  }
}
