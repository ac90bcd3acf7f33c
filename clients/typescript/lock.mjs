// Writes package-lock.json without any address: neither of a registry nor of funding pages.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

execFileSync("npm", ["install", "--package-lock-only", "--ignore-scripts"], { stdio: "inherit" });
const lock = JSON.parse(readFileSync("package-lock.json", "utf8"));
const locked = Object.keys(lock.packages);
for (const [place, entry] of Object.entries(lock.packages)) {
  // A build for another system that the registry lacks is left out in silence; `npm ci` then refuses.
  for (const name of Object.keys(entry.optionalDependencies ?? {})) {
    if (!locked.some((path) => path.endsWith(`node_modules/${name}`))) {
      throw new Error(`${place} wants ${name}, which the registry does not have: take another version`);
    }
  }
  delete entry.funding;
  delete entry.resolved;
}
writeFileSync("package-lock.json", `${JSON.stringify(lock, null, 2)}\n`);
