// The texts of the app, from its own message catalogue: journeys name them and repeat none.
import { resolve } from "node:path";
import { build } from "../../../clients/web/node_modules/vite/dist/node/index.js";

const WEB = resolve(import.meta.dirname, "../../../clients/web");
const built = await build({
  root: WEB,
  configFile: false,
  logLevel: "silent",
  build: {
    write: false,
    minify: false,
    lib: { entry: "src/lib/i18n/en.ts", formats: ["es"], fileName: "en" },
  },
});
const { code } = built[0].output[0];
const { en } = await import(`data:text/javascript;base64,${Buffer.from(code).toString("base64")}`);

/** The text by that name, with `{names}` filled in; a name that is none is a mistake in the test. */
export function t(key, values = {}) {
  if (!(key in en)) throw new Error(`the catalogue has no text ${key}`);
  return en[key].replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** The same as a pattern, in which names that are not given stand for anything. */
export function pattern(key, values = {}) {
  const parts = t(key, values).split(/\{\w+\}/);
  return new RegExp(parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join(".*"));
}
