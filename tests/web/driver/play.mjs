// Plays a journey in Chromium and reports what happened as JSON.
//
//     node play.mjs JOURNEY CHROMIUM ORIGIN [SETTINGS]
//
// Lines on the output are either {"ask": …}, which whoever has started this answers with a line, or
// the last one, {"report": …}.
import { createInterface } from "node:readline";
import { chromium } from "../../../clients/web/node_modules/playwright-core/index.mjs";
import { look, mirror, remember, SIZES } from "./eyes.mjs";
import { Person } from "./person.mjs";

const [name, executablePath, origin, settings = "{}"] = process.argv.slice(2);
const report = { steps: [], complaints: [], errors: [], kept: [], elsewhere: [], failure: null, found: {} };
const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const pages = [];

const browser = await chromium.launch({
  executablePath,
  args: ["--no-sandbox", "--disable-dev-shm-usage"],
});

/** A browser of one's own: cookies and tabs are shared with nobody. */
async function newBrowser(options = {}) {
  const context = await browser.newContext({ locale: "en-GB", viewport: SIZES.wide, ...options });
  context.setDefaultTimeout(10_000);
  context.on("request", (request) => {
    const url = request.url();
    if (/^https?:/.test(url) && !url.startsWith(origin)) report.elsewhere.push(url);
  });
  return { context, newTab: () => newTab(context) };
}

async function newTab(context) {
  const page = await context.newPage();
  pages.push(page);
  page.on("pageerror", (error) => report.errors.push(String(error.stack ?? error)));
  page.on("console", (message) => {
    const text = message.text();
    // What the service refuses is in every journey that tries; what the app makes of it is asserted.
    const isAnswer = text.startsWith("Failed to load resource");
    if (["error", "warning"].includes(message.type()) && !isAnswer) report.errors.push(text);
  });
  return new Person(page, origin, report);
}

/** Asks whoever has started this to do something that a browser cannot do. */
async function ask(what) {
  process.stdout.write(`${JSON.stringify({ ask: what })}\n`);
  const { value } = await answers.next();
  return JSON.parse(value);
}

/** What the app has left in the browser, which should be the cookie that no script can read. */
function kept() {
  return (async () => {
    const found = [
      ...Object.keys(localStorage).map((key) => `localStorage ${key}`),
      ...Object.keys(sessionStorage).map((key) => `sessionStorage ${key}`),
      ...(await indexedDB.databases()).map((database) => `indexedDB ${database.name}`),
      // That there is a session is no secret; what opens it no script can read.
      ...document.cookie.split(/;\s*/).filter((one) => one !== "" && one !== "nodrake-session=1").map((one) => `cookie ${one}`),
    ];
    for (const cache of await (globalThis.caches?.keys() ?? [])) {
      for (const { url } of await (await caches.open(cache)).keys()) {
        if (new URL(url).pathname.startsWith("/api/")) found.push(`cache ${url}`);
      }
    }
    return found;
  })();
}

try {
  const { default: journey } = await import(`../journeys/${name}.mjs`);
  const looks = async (person, at, closely = false) =>
    report.complaints.push(...(await look(person.page, at, closely)));
  const mirrors = async (person, at) => report.complaints.push(...(await mirror(person.page, at)));
  const found = await journey({ newBrowser, ask, looks, mirrors, settings: JSON.parse(settings), origin });
  report.found = found ?? {};
} catch (error) {
  report.failure = `${error.stack ?? error}\nafter: ${report.steps.slice(-12).join("; ")}`;
  for (const [number, page] of pages.entries()) {
    const picture = await remember(page, `${name}-${number}`).catch(() => "none");
    const seen = await page.locator("body").innerText().catch(() => "");
    report.failure += `\ntab ${number} at ${page.url()}, picture ${picture}:\n${seen.slice(0, 1500)}`;
  }
}
for (const page of pages.filter((page) => page.url().startsWith(origin))) {
  report.kept.push(...(await page.evaluate(kept).catch(() => [])));
}
await browser.close();
process.stdout.write(`${JSON.stringify({ report })}\n`, () => process.exit(0));
