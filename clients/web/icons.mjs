// Draws the PNG icons in public/ from icon.svg, with Chromium. Their drawings are committed.
import { readFileSync, writeFileSync } from "node:fs";
import { chromium } from "playwright-core";

const svg = readFileSync("public/icon.svg", "utf8");
const [background] = /#[0-9a-f]{6}/.exec(svg);
// Maskable ones fill the square: whatever shape is cut out of it, the middle 80 % stay.
const ICONS = [
  { name: "icon-192", size: 192, share: 1 },
  { name: "icon-512", size: 512, share: 1 },
  { name: "icon-maskable-192", size: 192, share: 0.8, background },
  { name: "icon-maskable-512", size: 512, share: 0.8, background },
  { name: "apple-touch-icon", size: 180, share: 0.94, background },
];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
const page = await browser.newPage();
for (const { name, size, share, background } of ICONS) {
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(`<style>
    body { margin: 0; display: grid; place-items: center; height: 100vh; background: ${background ?? "transparent"} }
    svg { width: ${share * 100}vw }
  </style>${svg}`);
  writeFileSync(`public/${name}.png`, await page.screenshot({ omitBackground: true }));
}
await browser.close();
