/** Opens the app without a connection, and never leaves anybody with a version that is gone. */

// A page this young has just been loaded: to load it again would change nothing.
const YOUNG_MS = 10_000;

export function keepUp(): void {
  addEventListener("vite:preloadError", loadAgain);
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  // After the first screen, which it would have to share the connection with.
  addEventListener("load", () => void register());
}

/** A browser that forbids it goes on without. */
async function register(): Promise<void> {
  await navigator.serviceWorker.register("/service-worker.js").catch(() => {});
}

/** A screen of this version is not to be had any more: there is a newer one. */
function loadAgain(event: Event): void {
  if (!navigator.onLine || performance.now() < YOUNG_MS) return;
  event.preventDefault();
  location.reload();
}
