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
  busy = $state(false);
  trouble = $state.raw<Trouble | null>(null);
  /** Where to go on; `null` at the end. */
  #cursor = $state<string | null>(null);
  #wanted: Wanted = {};
  #overtaken = new AbortController();
  #next: Promise<void> | null = null;

  get isComplete() {
    return this.isRead && this.#cursor === null;
  }

  /** Read another view from the top. What is shown stays until the new answer is there. */
  read = async (wanted: Wanted = this.#wanted): Promise<void> => {
    this.#wanted = wanted;
    this.isCurrent = false;
    await this.#fresh(FIRST);
  };

  /** Read the same view again, as far as it was read. */
  reload = async (): Promise<void> => {
    await this.#fresh(Math.max(FIRST, this.items.length));
  };

  /** Read the next page, once however often it is asked for. */
  more = (): Promise<void> => {
    if (this.isComplete || !this.isCurrent) return Promise.resolve();
    if (this.#next !== null) return this.#next;
    const turn = this.#go(async (signal) => {
      const page = await this.#page(NEXT, this.#cursor, signal);
      this.#next = null; // whoever sees the new entries may ask for the next page at once
      this.items = [...this.items, ...page.items];
      this.#cursor = page.next_cursor;
    }).finally(() => {
      if (this.#next === turn) this.#next = null;
    });
    this.#next = turn;
    return turn;
  };

  /** Show an entry as it is now. */
  put(entry: DnpEntry): void {
    this.items = this.items.map((old) => (old.artist_id === entry.artist_id ? entry : old));
  }

  drop(ids: ReadonlySet<string>): void {
    this.items = this.items.filter((entry) => !ids.has(entry.artist_id));
  }

  async #fresh(count: number): Promise<void> {
    this.#overtaken.abort();
    this.#overtaken = new AbortController();
    this.#next = null;
    await this.#go(async (signal) => {
      const items: DnpEntry[] = [];
      let cursor: string | null = null;
      do {
        const page: DnpPage = await this.#page(Math.min(NEXT, count - items.length), cursor, signal);
        items.push(...page.items);
        cursor = page.next_cursor;
      } while (cursor !== null && items.length < count);
      this.items = items;
      this.#cursor = cursor;
      this.isRead = true;
      this.isCurrent = true;
    });
  }

  async #go(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const { signal } = this.#overtaken;
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
