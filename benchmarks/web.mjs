// What a browser sees of the web app: node web.mjs CHROMIUM ORIGIN EMAIL PASSWORD ROUNDS
import { chromium } from "../clients/web/node_modules/playwright-core/index.mjs";

const [executablePath, origin, email, password, rounds] = process.argv.slice(2);
// Lighthouse's phone: a line of 1.6 Mbit/s with 150 ms, a processor four times as slow.
const PHONE = { latency: 150, downloadThroughput: 1_600_000 / 8, uploadThroughput: 750_000 / 8 };
const LIST = "/api/v1/dnp/list";
const SCROLL_MS = 4_000;
const found = { first: { desk: [], phone: [] }, scripts: {}, rows: [], scrolling: [] };

/** Kept from the page's first moment on. */
function watch() {
  const seen = (window.seen = { lcp: 0, cls: 0, rows: null, longTasks: [] });
  const observe = (type, each) =>
    new PerformanceObserver((list) => list.getEntries().forEach(each)).observe({ type, buffered: true });
  observe("largest-contentful-paint", (entry) => (seen.lcp = entry.startTime));
  observe("layout-shift", (entry) => (seen.cls += entry.hadRecentInput ? 0 : entry.value));
  observe("longtask", (entry) => seen.longTasks.push(entry.duration));
  window.listRows = () =>
    [...document.querySelectorAll("main :is([role=row], [role=listitem], [role=option], li, tbody tr)")].filter(
      (row) => row.querySelector("[role=columnheader]") === null && /\bbench-\d/.test(row.textContent),
    );
  const look = () => {
    if (window.listRows().length > 0) seen.rows = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });

async function newPage(viewport = { width: 1280, height: 900 }) {
  const context = await browser.newContext({ viewport, locale: "en-GB", serviceWorkers: "block" });
  await context.addInitScript(watch);
  const page = await context.newPage();
  const scripts = new Set();
  page.on("response", (answer) => {
    const { pathname } = new URL(answer.url());
    if (pathname.endsWith(".js")) scripts.add(pathname);
  });
  return { context, page, scripts };
}

async function firstScreen(kind) {
  const { context, page, scripts } = await newPage(kind === "phone" ? { width: 390, height: 844 } : undefined);
  if (kind === "phone") {
    const line = await context.newCDPSession(page);
    await line.send("Network.enable");
    await line.send("Network.emulateNetworkConditions", { offline: false, ...PHONE });
    await line.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  }
  await page.goto(`${origin}/`);
  await page.locator("h1").waitFor();
  await page.waitForLoadState("networkidle");
  await page.waitForTimeout(500); // a later, larger paint would be in
  const { lcp, cls } = await page.evaluate(() => window.seen);
  found.first[kind].push({ lcp, cls });
  found.scripts.signed_out = [...scripts];
  await context.close();
}

async function signedIn() {
  const pair = await newPage();
  const { page } = pair;
  await page.goto(`${origin}/sign-in`);
  await page.locator("input[type=email]:visible").fill(email);
  await page.locator("input[type=password]").fill(password);
  await page.locator("button[type=submit]").click();
  await page.waitForURL(`${origin}/`);
  await page.waitForLoadState("networkidle");
  return pair;
}

/** From the last byte of the list's first page to the frame that shows rows. */
async function rows({ page, scripts }) {
  scripts.clear();
  await page.reload();
  const isThere = page.waitForFunction(() => window.seen.rows !== null, null, { timeout: 15_000 });
  if (!(await isThere.then(() => true, () => false))) return false;
  await page.waitForLoadState("networkidle");
  found.scripts.signed_in ??= [...scripts];
  const { lcp, cls } = await page.evaluate(() => window.seen);
  const times = await page.evaluate((list) => {
    const answered = performance.getEntriesByType("resource").find(({ name }) => new URL(name).pathname === list);
    return { answered: answered?.responseEnd ?? null, shown: window.seen.rows };
  }, LIST);
  found.rows.push({ ...times, lcp, cls });
  return true;
}

/** Frames while the list is scrolled a page every half second, to and fro. */
async function scroll({ page }) {
  const frames = await page.evaluate(async (duration) => {
    let box = window.listRows()[0];
    while (box && !(box.scrollHeight > box.clientHeight + 1 && /auto|scroll/.test(getComputedStyle(box).overflowY))) {
      box = box.parentElement;
    }
    box ??= document.scrollingElement;
    const height = box === document.scrollingElement ? innerHeight : box.clientHeight;
    const isInView = (row) => {
      const { top, bottom } = row.getBoundingClientRect();
      return bottom > 0 && top < innerHeight;
    };
    window.seen.longTasks.length = 0;
    const deltas = [];
    let [empty, most] = [0, 0];
    const frame = () => new Promise(requestAnimationFrame);
    const began = await frame();
    let before = began;
    while (before - began < duration) {
      box.scrollTop += (height / 30) * (before - began < duration / 2 ? 1 : -1);
      const now = await frame();
      deltas.push(now - before);
      before = now;
      const rows = window.listRows();
      most = Math.max(most, rows.length);
      if (!rows.some(isInView)) empty += 1;
    }
    return { deltas, empty, most, longTasks: [...window.seen.longTasks] };
  }, SCROLL_MS);
  found.scrolling.push(frames);
}

for (let round = 0; round < Number(rounds); round += 1) {
  for (const kind of ["desk", "phone"]) await firstScreen(kind);
}
const somebody = await signedIn();
for (let round = 0; round < Number(rounds); round += 1) {
  if (!(await rows(somebody))) break;
  await scroll(somebody);
}
found.browser = browser.version();
await browser.close();
console.log(JSON.stringify(found));
