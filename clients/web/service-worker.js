// Lets the app open without a connection: its page and its files, and never an answer of the API.
// worker.build.mjs puts in what the build has made; each build so has a worker of its own.
const BUILD = "__BUILD__";
const FILES = ["__FILES__"];
const PREFIX = "app-";
const PAGE = "/";
// What the service answers itself; everything else that a browser goes to is a screen of the app.
const NOT_OURS = /^\/(api|api-docs|docs|dev|health|metrics|\.well-known)(\/|$)/;

self.addEventListener("install", (event) => {
  // It serves fresh pages like the one before it did: there is nothing to wait for.
  event.waitUntil(keep().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => event.waitUntil(tidy()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin || NOT_OURS.test(pathname)) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (pathname.startsWith("/assets/")) event.respondWith(asset(request));
  else if (FILES.includes(pathname)) event.respondWith(fetch(request).catch(() => kept(pathname)));
});

async function keep() {
  const cache = await caches.open(PREFIX + BUILD);
  await cache.addAll(FILES.map((path) => new Request(path, { cache: "no-cache" })));
}

// Pages that are open still ask for files of the build that they are of: the one before stays.
async function tidy() {
  const builds = (await caches.keys()).filter((name) => name.startsWith(PREFIX));
  const old = builds.filter((name) => name !== PREFIX + BUILD).slice(0, -1);
  await Promise.all(old.map((name) => caches.delete(name)));
}

// From the service, so that nobody is left with an old version; the kept one where it is away.
async function page(request) {
  try {
    return await fetch(request);
  } catch {
    return kept(PAGE);
  }
}

// The names hold a digest of the content: what is there is right.
async function asset(request) {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}

async function kept(path) {
  const cache = await caches.open(PREFIX + BUILD);
  return (await cache.match(path, { ignoreVary: true })) ?? Response.error();
}
