/** What a report says, as words, as a ranking, and narrowed down. */
import type { ItemKind, LibraryScan, ScanHit, ScanReason } from "@nodrake/client";
import { counted } from "$lib/i18n/counted";
import { locale, t } from "$lib/i18n/index.svelte";

export type Role = ScanReason["role"];
export const KINDS = ["track", "album", "artist", "show"] as const satisfies readonly ItemKind[];
export const ROLES = [
  ...(["main", "presented", "featured", "with", "remixer", "producer"] as const),
] satisfies readonly Role[];

/** In a listening history what counts are plays, and of a track there are many. */
export const isHistory = (report: LibraryScan) => report.format === "spotify_history";

const list = (words: string[]) => new Intl.ListFormat(locale.language).format(words);
const number = (count: number) => new Intl.NumberFormat(locale.language).format(count);
const listed = (report: LibraryScan) => counted("scan.listed", report.listed);

/** `By somebody on your list of 2 artists: 7 of 1,234 tracks and 1 of 3 albums.` */
export function foundWords(report: LibraryScan): string {
  const parts = KINDS.flatMap((kind) => {
    const hits = report.hits.filter((hit) => hit.kind === kind);
    if (hits.length === 0) return [];
    const isPlays = kind === "track" && isHistory(report);
    const found = isPlays ? hits.reduce((sum, hit) => sum + hit.times, 0) : hits.length;
    const base = `scan.part_${isPlays ? "play" : kind}` as const;
    return [counted(base, report.read[`${kind}s`], { found: number(found) })];
  });
  return t("scan.found", { listed: listed(report), what: list(parts) });
}

/** What was read where nothing was found. */
export function readWords(report: LibraryScan): string {
  const parts = KINDS.filter((kind) => report.read[`${kind}s`] > 0).map((kind) =>
    counted(`scan.read_${kind}`, report.read[`${kind}s`]),
  );
  const what = parts.length > 0 ? list(parts) : t("scan.read_nothing");
  return t("scan.nothing_text", { listed: listed(report), what });
}

export interface Ranked {
  name: string;
  count: number;
}

/** Who is found most often; somebody who is named twice in an entry counts once. */
export function topArtists(hits: readonly ScanHit[], most: number): Ranked[] {
  const counts = new Map<string, Ranked>();
  for (const { reasons, times } of hits) {
    const there = new Map(reasons.map((reason) => [reason.artist_id ?? reason.artist, reason.artist]));
    for (const [id, name] of there) {
      const ranked = counts.get(id) ?? { name, count: 0 };
      counts.set(id, { name, count: ranked.count + times });
    }
  }
  const by = new Intl.Collator(locale.language).compare;
  return [...counts.values()]
    .sort((one, other) => other.count - one.count || by(one.name, other.name))
    .slice(0, most);
}

export interface Filter {
  kind: ItemKind | "";
  role: Role | "";
  text: string;
}

/** Small letters without accents, so that `senor` finds `Señor`. */
const folded = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** What can be searched of each hit. */
export function searchable(hits: readonly ScanHit[]): string[] {
  return hits.map(({ title, artists, reasons }) =>
    folded([title, ...artists, ...reasons.map(({ artist }) => artist)].join("\n")),
  );
}

export function narrowed(
  hits: readonly ScanHit[],
  texts: readonly string[],
  { kind, role, text }: Filter,
): ScanHit[] {
  const wanted = folded(text.trim());
  return hits.filter(
    (hit, place) =>
      (kind === "" || hit.kind === kind) &&
      (role === "" || hit.reasons.some((reason) => reason.role === role)) &&
      texts[place]!.includes(wanted),
  );
}
