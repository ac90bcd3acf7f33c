// Looks at what is on the screen: with axe, for what does not fit, and for a picture of it.
import { mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "../../..");
const AXE = readFileSync(join(ROOT, "clients/web/node_modules/axe-core/axe.min.js"), "utf8");
const PICTURES = join(ROOT, "build", "screenshots");
export const SIZES = { wide: { width: 1280, height: 900 }, phone: { width: 320, height: 640 } };
export const THEMES = ["light", "dark"];

/** All that is wrong with the screen as it is; `closely` is each size in each theme. */
export async function look(page, name, closely) {
  mkdirSync(PICTURES, { recursive: true });
  const wrong = [];
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    for (const colorScheme of THEMES) {
      if (!closely && (size === "wide") !== (colorScheme === "light")) continue;
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.waitForFunction((theme) => matchMedia(`(prefers-color-scheme: ${theme})`).matches, colorScheme);
      await settle(page);
      const where = `${name}, ${size}, ${colorScheme}`;
      wrong.push(...(await complaints(page)).map((complaint) => `${where}: ${complaint}`));
      await page.screenshot({ path: join(PICTURES, `${name}-${size}-${colorScheme}.png`) });
    }
  }
  await page.setViewportSize(SIZES.wide);
  return wrong;
}

/**
 * Whatever does not stand on the other side where one reads from right to left; a language that
 * does is not there yet, and so the direction alone is turned.
 */
export async function mirror(page, name) {
  const wrong = [];
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
    await settle(page);
    const before = await places(page);
    await page.evaluate(() => document.documentElement.setAttribute("dir", "rtl"));
    await settle(page);
    wrong.push(...unmirrored(before, await places(page)).map((one) => `${name}, ${size}, mirrored: ${one}`));
    wrong.push(...(await complaints(page)).map((one) => `${name}, ${size}, mirrored: ${one}`));
    await page.screenshot({ path: join(PICTURES, `mirrored-${name}-${size}.png`) });
    await page.evaluate(() => document.documentElement.setAttribute("dir", "ltr"));
  }
  await page.setViewportSize(SIZES.wide);
  return wrong;
}

/** Where everything is that is pressed, filled in or looked at, from the edge where one begins to read. */
function places(page) {
  return page.evaluate(() => {
    const { direction } = getComputedStyle(document.documentElement);
    const { clientWidth } = document.documentElement;
    const found = [...document.querySelectorAll("a, button, input, select, textarea, label, svg, h1, h2, dt, dd, th, td")];
    return found
      // A link in a sentence stands where the words of an English one put it.
      .filter((one) => getComputedStyle(one).display !== "inline")
      .filter((one) => one.checkVisibility() && one.closest("[dir]") === document.documentElement)
      .map((one) => {
        const { left, right, width } = one.getBoundingClientRect();
        const start = direction === "rtl" ? clientWidth - right : left;
        return { start, width, name: `${one.tagName} ${one.getAttribute("aria-label") ?? one.textContent ?? ""}`.trim().slice(0, 40) };
      });
  });
}

function unmirrored(before, after) {
  if (before.length !== after.length) return [`${before.length} things became ${after.length}`];
  return before.flatMap(({ start, width, name }, place) => {
    const is = after[place];
    const isThere = Math.abs(is.start - start) < 3 && Math.abs(is.width - width) < 3;
    return isThere ? [] : [`${name} is at ${Math.round(is.start)} and not at ${Math.round(start)}`];
  });
}

/** A picture of where a journey has stopped. */
export async function remember(page, name) {
  mkdirSync(PICTURES, { recursive: true });
  const path = join(PICTURES, `stopped-${name}.png`);
  await page.screenshot({ path, fullPage: true });
  return path;
}

/** Until nothing changes any more: one element's change of colour can begin another's. */
async function settle(page) {
  await page.evaluate(async () => {
    for (let still = 0, frames = 0; still < 2 && frames < 120; frames += 1) {
      await new Promise((done) => requestAnimationFrame(done));
      const moves = document.getAnimations().some((one) => one.effect?.getTiming().iterations !== Infinity);
      still = moves ? 0 : still + 1;
    }
  });
}

async function complaints(page) {
  // By the debugger, which the page's policy does not bind.
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { violations } = await window.axe.run(document, {
      resultTypes: ["violations"],
      rules: { "target-size": { enabled: true } },
    });
    const found = violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ target, failureSummary }) =>
        `${id} (${help}) at ${target}: ${(failureSummary ?? "").replace(/\s+/g, " ")}`,
      ),
    );
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) found.push(`${scrollWidth} px wide on ${clientWidth}`);
    // What says in how many lines it fits, and what stays in sight while the rest goes by.
    for (const place of document.querySelectorAll("[data-lines]")) {
      const links = [...place.querySelectorAll("a, button")].filter((one) => one.offsetParent !== null);
      const middles = links.map((one) => one.getBoundingClientRect()).map(({ top, bottom }) => Math.round((top + bottom) / 8));
      const lines = new Set(middles).size;
      if (lines > Number(place.dataset.lines)) found.push(`${place.getAttribute("aria-label")} has ${lines} lines`);
    }
    for (const one of document.querySelectorAll("body *")) {
      const { position } = getComputedStyle(one);
      const { height, bottom } = one.getBoundingClientRect();
      const stays = position === "sticky" && Math.round(bottom) >= innerHeight && one.closest("dialog") === null;
      if (stays && height > innerHeight / 4) found.push(`${Math.round(height)} px stay in sight`);
    }
    if (document.title === "") found.push("the page has no title");
    return found;
  });
}
