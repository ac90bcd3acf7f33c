import { describe, expect, test } from "vitest";
import dark from "./dark.json";
import light from "./light.json";
import { DECORATION, LARGE_TEXT_AND_CONTROLS, TEXT, type Colour, type Pair } from "./contrast";

type Colours = Record<Colour, { $value: string }>;

/** The relative luminance of WCAG 2.2. */
function luminance(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const share = parseInt(hex.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function contrast(one: string, other: string): number {
  const [bright, dim] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (bright! + 0.05) / (dim! + 0.05);
}

function belowBar(colours: Colours, pairs: Pair[], bar: number): string[] {
  return pairs
    .map((pair) => ({ ...pair, ratio: contrast(colours[pair.front].$value, colours[pair.back].$value) }))
    .filter(({ ratio }) => ratio < bar)
    .map(({ front, back, ratio }) => `${front} on ${back}: ${ratio.toFixed(2)}, not ${bar}`);
}

test("contrast is measured as WCAG does it", () => {
  expect(contrast("#000000", "#ffffff")).toBe(21);
  expect(contrast("#777777", "#ffffff")).toBeCloseTo(4.48, 2);
});

describe.each<[string, Colours]>([
  ["light", light.color],
  ["dark", dark.color],
])("in the %s theme", (_, colours) => {
  test("text can be read", () => expect(belowBar(colours, TEXT, 4.5)).toEqual([]));
  test("large text, controls and the focus can be seen", () =>
    expect(belowBar(colours, LARGE_TEXT_AND_CONTROLS, 3)).toEqual([]));
  test("each colour is written in full, which is what is measured", () => {
    for (const { $value } of Object.values(colours)) expect($value).toMatch(/^#[0-9a-f]{6}$/);
  });
});

test("no colour is left out", () => {
  const paired = [...TEXT, ...LARGE_TEXT_AND_CONTROLS].flatMap(({ front, back }) => [front, back]);
  expect([...new Set([...paired, ...DECORATION])].sort()).toEqual(Object.keys(light.color).sort());
});
