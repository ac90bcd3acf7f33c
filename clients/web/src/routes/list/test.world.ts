/** A list that a test looks at, and the service that keeps it. */
import type { DnpEntry } from "@nodrake/client";
import { searchParams } from "sv-router";
import { vi } from "vitest";
import { account } from "$lib/api/session.svelte";
import { toasts } from "$lib/ui/toasts.svelte";
import { ADA, service } from "../../test.service";

export const LIST = "GET /api/v1/dnp/list";
export const SUMMARY = "GET /api/v1/dnp/summary";
export const TAGS = "GET /api/v1/dnp/tags";
export const REMOVE = "POST /api/v1/dnp/bulk/remove";
export const EDIT = "POST /api/v1/dnp/bulk/edit";
export const UNDO = "POST /api/v1/dnp/bulk/undo";

export function anEntry(number: number, more: Partial<DnpEntry> = {}): DnpEntry {
  const id = `01a1fc92-f28d-7423-8b08-${String(number).padStart(12, "0")}`;
  return {
    user_id: ADA.id,
    artist_id: id,
    artist: {
      id,
      canonical_name: `Artist ${number}`,
      created_at: ADA.created_at,
      external_ids: {},
      image_url: null,
      links: {},
      metadata: {},
    },
    disambiguation: null,
    tags: [],
    note: null,
    created_at: ADA.created_at,
    until: null,
    source: { kind: "own", name: null },
    ...more,
  };
}

export const entries = (count: number) => Array.from({ length: count }, (_, index) => anEntry(index + 1));

/** Something to wait for, until the test lets go. */
export function held() {
  let go!: () => void;
  const promise = new Promise<void>((resolve) => (go = resolve));
  return { promise, go };
}

type Answers = Parameters<typeof service>[0];

/** A service with these entries; `rows` may change, and what is asked for is kept in the answer. */
export function aList(rows: { now: DnpEntry[] }, answers: Answers = {}) {
  return service({
    [LIST]: ({ query }) => {
      const q = query.get("q") ?? "";
      const tag = query.get("tag");
      const found = rows.now.filter(
        (entry) => entry.artist.canonical_name.includes(q) && (!tag || entry.tags.includes(tag)),
      );
      const from = Number(query.get("cursor") ?? 0);
      const to = from + Number(query.get("limit"));
      const next_cursor = to < found.length ? String(to) : null;
      return { body: { items: found.slice(from, to), next_cursor } };
    },
    [SUMMARY]: () => ({
      body: {
        entries: rows.now.length,
        temporary: 0,
        tracks: 0,
        exceptions: 0,
        sources: [{ kind: "import", name: "robots.csv", entries: 2 }],
        last_change: null,
      },
    }),
    [TAGS]: () => ({
      body: { items: [{ tag: "evening", entries: rows.now.filter((e) => e.tags.length).length }] },
    }),
    ...answers,
  });
}

/** A window of ten rows, nothing filtered, somebody signed in. */
export function begin(): void {
  account.entered(ADA);
  for (const name of ["q", "tag", "source", "sort", "show"]) {
    searchParams.delete(name, undefined, { replace: true });
  }
  for (const { id } of toasts.items) toasts.dismiss(id);
  vi.stubGlobal("scrollTo", (to: ScrollToOptions) => {
    Object.defineProperty(window, "scrollY", { value: to.top ?? 0, configurable: true });
    window.dispatchEvent(new Event("scroll"));
  });
  window.scrollTo({ top: 0 });
  vi.spyOn(HTMLElement.prototype, "offsetHeight", "get").mockReturnValue(72);
}
