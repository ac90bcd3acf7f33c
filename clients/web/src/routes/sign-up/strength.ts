/** An honest word on a password: what the service would refuse is never called good. */
export type Strength = "short" | "weak" | "fair" | "good";

export const SHORTEST = 12;

/** A lower bound by variety and length; the service itself has the last word. */
export function strengthOf(password: string): Strength {
  const characters = [...password];
  if (characters.length < SHORTEST) return "short";
  const distinct = new Set(characters.map((character) => character.toLowerCase())).size;
  const words = new Set(password.toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean)).size;
  if (distinct < 6 || isRun(characters)) return "weak";
  const score = Math.min(characters.length, distinct * 2) + words * 3;
  return score >= 30 ? "good" : score >= 18 ? "fair" : "weak";
}

/** `abcdefghijkl`, `123456789012`, `zyxwvutsrqpo`. */
function isRun(characters: string[]): boolean {
  const steps = characters
    .slice(1)
    .map((character, index) => character.codePointAt(0)! - characters[index]!.codePointAt(0)!);
  const inStep = steps.filter((step) => Math.abs(step) <= 1).length;
  return inStep > steps.length * 0.7;
}
