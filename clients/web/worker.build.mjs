// Writes dist/service-worker.js: the worker, with the files of this build and a digest of them all.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

const assets = readdirSync("dist/assets").filter((name) => /\.(js|css|woff2|svg)$/.test(name));
const files = ["/", "/icon.svg", "/app.webmanifest", ...assets.sort().map((name) => `/assets/${name}`)];
const worker = readFileSync("service-worker.js", "utf8");
const digest = createHash("sha256").update(worker);
for (const path of files) digest.update(path).update(readFileSync(path === "/" ? "dist/index.html" : `dist${path}`));

writeFileSync(
  "dist/service-worker.js",
  worker
    .replace("__BUILD__", digest.digest("hex").slice(0, 16))
    .replace('["__FILES__"]', JSON.stringify(files)),
);
