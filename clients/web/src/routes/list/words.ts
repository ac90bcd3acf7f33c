/** Words that depend on a number or on where an entry comes from. */
import type { EntrySource } from "@nodrake/client";
import { isKey, locale, t, type Key } from "$lib/i18n/index.svelte";

type Counted = Key extends infer K ? (K extends `${infer Base}_many` ? Base : never) : never;

/** One artist, two artists. */
export function counted(base: Counted, count: number, values: Record<string, string> = {}): string {
  const form = new Intl.PluralRules(locale.language).select(count) === "one" ? "one" : "many";
  return t(`${base}_${form}` as Key, { count, ...values });
}

/** Whose reason an entry has, in a few words. */
export function sourceWords({ kind, name }: EntrySource): string {
  if (kind === "own") return t("list.source_own");
  return name === null ? t(`list.source_${kind}_unnamed`) : t(`list.source_${kind}`, { name });
}

/** What a service calls itself; a strange one by its code. */
export function serviceName(service: string): string {
  const key = `service.${service}`;
  return isKey(key) ? t(key) : service;
}
