/**
 * Which colours meet on the screen: what stands on what, and the contrast that WCAG 2.2 AA asks for
 * there. A colour of the tokens that is in no pair has to be named as mere decoration.
 */
import type light from "./light.json";

export type Colour = keyof typeof light.color;
export interface Pair {
  front: Colour;
  back: Colour;
}

const each = (fronts: Colour[], backs: Colour[]): Pair[] =>
  fronts.flatMap((front) => backs.map((back) => ({ front, back })));

/** Text of any size: 4.5 to 1. */
export const TEXT: Pair[] = [
  ...each(["ink", "muted", "accent", "danger"], ["page", "surface", "sunken"]),
  ...each(["ink", "accent"], ["accent-soft"]),
  ...each(["good"], ["good-soft", "page", "surface"]),
  ...each(["warn"], ["warn-soft", "page", "surface"]),
  ...each(["danger"], ["danger-soft"]),
  ...each(["on-accent"], ["accent", "accent-strong"]),
  ...each(["on-danger"], ["danger"]),
  // A toast and a selection are the other way round.
  ...each(["page"], ["ink"]),
];

/** Text from 24 px, or 18.5 px in bold; frames of controls; what shows where the focus is: 3 to 1. */
export const LARGE_TEXT_AND_CONTROLS: Pair[] = [
  ...each(["edge", "focus"], ["page", "surface"]),
  ...each(["edge"], ["sunken"]),
  ...each(["focus"], ["sunken", "accent-soft"]),
  ...each(["accent"], ["page", "surface"]),
];

/** Lines between things that are told apart without them. */
export const DECORATION: Colour[] = ["line"];
