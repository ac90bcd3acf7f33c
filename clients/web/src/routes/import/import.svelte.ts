/** A file on its way onto the list: looked at first, imported then, and undone if wanted. */
import {
  blockArtists,
  importBlockedArtists,
  once,
  ProblemError,
  unblockArtists,
  undoBulkChange,
  unwrap,
  type ImportBlockedArtistsData,
  type ImportResult,
  type TakenRow,
} from "@nodrake/client";
import { Action } from "$lib/api/action.svelte";
import { account } from "$lib/api/session.svelte";

export type ListFormat = NonNullable<NonNullable<ImportBlockedArtistsData["query"]>["format"]>;

/** What an import has done: the file's rows, and the artists that were chosen for rows of it. */
export interface Done {
  result: ImportResult;
  chosen: string[];
  added: number;
  at: number;
}
interface Undone {
  restored: number;
  left: number;
}

/** A key for one request: the same at every attempt, until an answer says that it never will be. */
class Attempts {
  #key = once();

  async send<T>(call: (key: ReturnType<typeof once>) => Promise<T>): Promise<T> {
    try {
      return await call(this.#key);
    } catch (error) {
      if (error instanceof ProblemError && isFinal(error)) this.#key = once();
      throw error;
    }
  }
}

function isFinal({ code, problem }: ProblemError): boolean {
  return problem.status < 500 && code !== "shared.request_in_progress";
}

/** A row that can only mean somebody who is on the list leaves nothing to decide: it is there already. */
export function settle(result: ImportResult): ImportResult {
  const there: TakenRow[] = [];
  const reviews = result.reviews.filter(({ line, name, candidates }) => {
    const [only, another] = candidates;
    if (!only?.listed || another) return true;
    there.push({ line, name: name ?? only.canonical_name, artist_id: only.artist_id });
    return false;
  });
  return {
    ...result,
    reviews,
    needs_review: result.needs_review - there.length,
    already_there: result.already_there + there.length,
    there: [...result.there, ...there],
  };
}

export class Import {
  file = $state.raw<File | null>(null);
  preview = $state.raw<ImportResult | null>(null);
  /** How many rows need no decision, though the service asks for one: see `settle`. */
  settled = $state(0);
  /** By the place of the row among those to review: the artist who is meant. */
  chosen = $state<Record<number, string>>({});
  /** Whether the choices are on the list already, while the rest is not yet. */
  fixed = $state(false);
  done = $state.raw<Done | null>(null);
  undone = $state.raw<Undone | null>(null);
  readonly looking = new Action();
  readonly importing = new Action();
  readonly undoing = new Action();
  readonly artists = $derived([...new Set(Object.values(this.chosen))]);
  /** How many rows a choice was made for. */
  readonly decided = $derived(Object.keys(this.chosen).length);
  readonly count = $derived((this.preview?.added ?? 0) + this.artists.length);
  #format: ListFormat | undefined;
  #stop: AbortController | null = null;
  #attempts = { choose: new Attempts(), import: new Attempts(), undo: new Attempts(), remove: new Attempts() };
  #added: { ids: string[]; changeId: string | null } | null = null;

  /** Ask what the file would do, read as it says itself or as `format`. */
  async look(file: File, format?: ListFormat): Promise<void> {
    const { signal } = (this.#stop = new AbortController());
    this.file = file;
    await this.looking.run(async () => {
      const query = { dry_run: true, ...(format && { format }) };
      const call = importBlockedArtists({ client: account.client, body: { file }, query, signal });
      const told = await unwrap(call);
      this.preview = settle(told);
      this.settled = told.reviews.length - this.preview.reviews.length;
      this.#format = format;
      this.chosen = {};
    });
    if (signal.aborted) this.looking.trouble = null;
  }

  stop(): void {
    this.#stop?.abort();
  }

  /**
   * The chosen artists first: only the last bulk change can be undone, and of the file's artists
   * nobody here knows all the ids, while the chosen ones can be taken off by theirs.
   */
  async import(): Promise<void> {
    const { file, artists } = this;
    const client = account.client;
    if (file === null) return;
    await this.importing.run(async () => {
      if (artists.length > 0) this.#added ??= await this.#choose(artists);
      this.fixed = this.#added !== null;
      const query = this.#format ? { format: this.#format } : {};
      const result = await this.#attempts.import.send((key) =>
        unwrap(importBlockedArtists({ client, body: { file }, query, ...key })),
      );
      const chosen = this.#added?.ids ?? [];
      this.done = { result, chosen, added: result.added + chosen.length, at: Date.now() };
    });
  }

  /** Take off what the import has put on; what was changed since stays. */
  async undo(): Promise<void> {
    const { done } = this;
    const client = account.client;
    if (done === null) return;
    await this.undoing.run(async () => {
      const change_id = done.result.change_id ?? this.#added?.changeId ?? null;
      const { restored, left } = await this.#attempts.undo.send((key) =>
        unwrap(undoBulkChange({ client, body: { change_id }, ...key })),
      );
      let removed = 0;
      if (done.result.change_id !== null && done.chosen.length > 0) {
        const body = { artist_ids: done.chosen };
        ({ removed } = await this.#attempts.remove.send((key) =>
          unwrap(unblockArtists({ client, body, ...key })),
        ));
      }
      this.undone = { restored: restored + removed, left };
    });
  }

  async #choose(artist_ids: string[]): Promise<{ ids: string[]; changeId: string | null }> {
    const call = (key: ReturnType<typeof once>) =>
      unwrap(blockArtists({ client: account.client, body: { artist_ids }, ...key }));
    const { items, change_id } = await this.#attempts.choose.send(call);
    const added = items.filter(({ outcome }) => outcome === "added");
    return { ids: added.map(({ artist_id }) => artist_id), changeId: change_id };
  }
}
