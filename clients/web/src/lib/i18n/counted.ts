/** Texts that depend on a number: `…_one` and `…_many`. */
import { locale, t, type Key } from "./index.svelte";

export type Counted = Key extends infer K ? (K extends `${infer Base}_many` ? Base : never) : never;

/** One artist, two artists. */
export function counted(
  base: Counted,
  count: number,
  values: Record<string, string | number> = {},
): string {
  const form = new Intl.PluralRules(locale.language).select(count) === "one" ? "one" : "many";
  return t(`${base}_${form}` as Key, { count, ...values });
}
