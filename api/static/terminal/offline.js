/** Keeps the terminal's page and files, so that it opens while the server is away; asks the server first each time. */

const STORE = "fairtakt terminal 1";
const OURS = ["/terminal", "/static/"];

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { pathname } = new URL(event.request.url);
  if (event.request.method !== "GET" || !OURS.some((start) => pathname.startsWith(start))) return;
  event.respondWith((async () => {
    const kept = await caches.open(STORE);
    try {
      const answer = await fetch(event.request);
      if (answer.ok && !answer.redirected) await kept.put(event.request, answer.clone());
      return answer;
    } catch (error) {
      const before = await kept.match(event.request, { ignoreSearch: true });
      if (before) return before;
      throw error;
    }
  })());
});
