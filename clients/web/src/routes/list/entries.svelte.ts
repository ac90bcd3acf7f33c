/** The entries that were read so far, page by page, of one view of the list. */
import { listBlockedArtists, unwrap, type DnpEntry, type DnpPage } from "@nodrake/client";
import { troubleOf, type Trouble } from "$lib/api/problems";
import { account } from "$lib/api/session.svelte";
import type { Wanted } from "./view.svelte";

/** The first page comes at once; later ones are long, since requests are counted. */
const FIRST = 50;
const NEXT = 500;

export class Entries {
  items = $state.raw<readonly DnpEntry[]>([]);
  isRead = $state(false);
  /** Whether what is shown is what is wanted now. */
  isCurrent = $state(false);
  /** Whether it may have changed since it was read. */
  isStale = $state(false);
  busy = $state(false);
  trouble = $state.raw<Trouble | null>(null);
  /** Where to go on; `null` at the end. */
  #cursor = $state<string | null>(null);
  #wanted: Wanted = {};
  #overtaken = new AbortController();
  /** What is being read: the list again, or its next page. */
  #running: Promise<void> | null = null;

  get isComplete() {
    return this.isRead && this.#cursor === null;
  }

  /** Read another view from the top. What is shown stays until the new answer is there. */
  read = (wanted: Wanted = this.#wanted): Promise<void> => {
    this.#wanted = wanted;
    this.isCurrent = false;
    return this.#fresh(FIRST);
  };

  /** Read the same view again, as far as it was read. */
  reload = (): Promise<void> => this.#fresh(Math.max(FIRST, this.items.length));

  /** Read the next page, or first all again where that failed; once however often it is asked for. */
  more = (): Promise<void> => {
    if (this.#running !== null) return this.#running;
    if (!this.isCurrent) return Promise.resolve();
    if (this.isStale) return this.reload();
    if (this.isComplete) return Promise.resolve();
    return this.#go(async (signal) => {
      const page = await this.#page(NEXT, this.#cursor, signal);
      this.#running = null; // whoever sees the new entries may ask for the next page at once
      this.items = [...this.items, ...page.items];
      this.#cursor = page.next_cursor;
    });
  };

  /** Show an entry as it is now. */
  put(entry: DnpEntry): void {
    this.items = this.items.map((old) => (old.artist_id === entry.artist_id ? entry : old));
  }

  drop(ids: ReadonlySet<string>): void {
    this.items = this.items.filter((entry) => !ids.has(entry.artist_id));
  }

  #fresh(count: number): Promise<void> {
    this.#overtaken.abort();
    this.#overtaken = new AbortController();
    this.isStale = true;
    return this.#go(async (signal) => {
      const items: DnpEntry[] = [];
      let cursor: string | null = null;
      do {
        const page: DnpPage = await this.#page(Math.min(NEXT, count - items.length), cursor, signal);
        items.push(...page.items);
        cursor = page.next_cursor;
      } while (cursor !== null && items.length < count);
      this.#running = null;
      this.items = items;
      this.#cursor = cursor;
      this.isRead = true;
      this.isCurrent = true;
      this.isStale = false;
    });
  }

  #go(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const turn = this.#try(work, this.#overtaken.signal).finally(() => {
      if (this.#running === turn) this.#running = null;
    });
    this.#running = turn;
    return turn;
  }

  async #try(work: (signal: AbortSignal) => Promise<void>, signal: AbortSignal): Promise<void> {
    this.busy = true;
    this.trouble = null;
    try {
      await work(signal);
    } catch (error) {
      if (!signal.aborted) this.trouble = troubleOf(error);
    } finally {
      if (!signal.aborted) this.busy = false;
    }
  }

  async #page(limit: number, cursor: string | null, signal: AbortSignal): Promise<DnpPage> {
    const query = { ...this.#wanted, limit, ...(cursor !== null && { cursor }) };
    const page = await unwrap(listBlockedArtists({ client: account.client, query, signal }));
    signal.throwIfAborted();
    return page;
  }
}
