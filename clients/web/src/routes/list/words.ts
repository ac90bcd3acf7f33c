/** Words for where an entry comes from. */
import type { EntrySource } from "@nodrake/client";
import { t } from "$lib/i18n/index.svelte";

/** Whose reason an entry has, in a few words. */
export function sourceWords({ kind, name }: EntrySource): string {
  if (kind === "own") return t("list.source_own");
  return name === null ? t(`list.source_${kind}_unnamed`) : t(`list.source_${kind}`, { name });
}
