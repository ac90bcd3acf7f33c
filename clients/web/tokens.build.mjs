// Turns src/tokens/*.json into src/theme.gen.css: variables for both themes, and Tailwind's names for them.
import { writeFileSync } from "node:fs";
import StyleDictionary from "style-dictionary";

// Tailwind's namespace for each group of tokens; what stands in for the theme's own scale.
const TAILWIND = {
  color: (name) => `--color-${name}`,
  radius: (name) => `--radius-${name}`,
  font: (name) => `--font-${name}`,
  text: (name) => `--text-${name}`,
  shadow: (name) => `--shadow-${name}`,
  space: () => "--spacing",
};

async function tokens(file) {
  const dictionary = new StyleDictionary({
    source: [`src/tokens/${file}.json`],
    log: { verbosity: "silent" },
    platforms: { css: { transforms: ["name/kebab"] } },
  });
  return (await dictionary.getPlatformTokens("css")).allTokens;
}

const [base, light, dark] = await Promise.all(["base", "light", "dark"].map(tokens));
const names = (list) => list.map((token) => token.path.join("-")).join();
if (names(light) !== names(dark)) throw new Error("light.json and dark.json name other tokens");

const variables = (list, indent = "  ") =>
  list.map((token) => `${indent}--nd-${token.path.join("-")}: ${token.$value};`).join("\n");
const theme = [...base, ...light].map((token) => {
  const [group, ...rest] = token.path;
  return `  ${TAILWIND[group](rest.join("-"))}: var(--nd-${token.path.join("-")});`;
});

writeFileSync(
  "src/theme.gen.css",
  `/* From src/tokens by tokens.build.mjs. */
:root {
  color-scheme: light;
${variables([...base, ...light])}
}
:root[data-theme="dark"] {
  color-scheme: dark;
${variables(dark)}
}
@media (prefers-color-scheme: dark) {
  :root:not([data-theme="light"]) {
    color-scheme: dark;
${variables(dark, "    ")}
  }
}
@theme inline {
  --color-*: initial;
  --radius-*: initial;
  --font-*: initial;
  --text-*: initial;
  --shadow-*: initial;
${theme.join("\n")}
}
`,
);
