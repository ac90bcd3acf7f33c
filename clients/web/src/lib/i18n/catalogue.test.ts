import { expect, test } from "vitest";
import { de } from "./de";
import { en } from "./en";

const names = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();

test("both languages have the same texts, with the same names to fill in", () => {
  expect(Object.keys(de).sort()).toEqual(Object.keys(en).sort());
  for (const [key, text] of Object.entries(en)) {
    expect([key, names(de[key as keyof typeof en])]).toEqual([key, names(text)]);
  }
});
