/** What is said of a hit and of a hitch. */
import type { Hitch, HitchKind } from "$lib/api/hitch";
import { locale, t, type Key } from "$lib/i18n/index.svelte";
import { serviceName } from "$lib/i18n/service-name";
import type { Answer, Hit } from "./find";

/** What a box that finds artists is for. */
export interface BoxWords {
  label: Key;
  keys: Key;
  /** What choosing does. */
  verb: Key;
}

/** Why the artist was found: the other name that matched, and how. */
export function reason({ why, alias }: Hit): string {
  const how = t(`search.${why}`);
  return alias === null ? how : `${t("search.alias", { alias })} · ${how}`;
}

export function services(names: readonly string[]): string {
  return new Intl.ListFormat(locale.language, { type: "unit" }).format(names.map(serviceName));
}

const HITCHES: Record<Exclude<HitchKind, "other">, Key> = {
  offline: "search.offline",
  throttled: "search.throttled",
  busy: "search.overloaded",
  unreachable: "search.unreachable",
};

export function hitchText({ kind, trouble }: Hitch, seconds: number | null): string {
  return kind === "other" ? trouble.message : t(HITCHES[kind], { seconds: seconds ?? 0 });
}

/** What came of a search, for whoever does not see it. */
export function outcome({ to, hits, nobody }: Answer): string {
  if (nobody === "unreadable") return t("search.unreadable");
  if (nobody !== null) return t(`search.nobody_by_${nobody}`, { text: to });
  return hits.length === 1 ? t("search.count_one") : t("search.count", { count: hits.length });
}
