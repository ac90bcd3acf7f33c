/** Which entries are selected: one, a range, or all that match. */
import { SvelteSet } from "svelte/reactivity";
import type { Entries } from "./entries.svelte";

/** As many as one request may change. */
export const MOST = 10_000;

export class Selection {
  readonly ids = new SvelteSet<string>();
  /** Whether the rest of the list is being read in order to select it. */
  reading = $state(false);
  isCut = $state(false);
  readonly #entries: Entries;
  #anchor: string | null = null;

  constructor(entries: Entries) {
    this.#entries = entries;
  }

  get isAll() {
    const { items, isComplete } = this.#entries;
    return isComplete && items.length > 0 && items.every((entry) => this.ids.has(entry.artist_id));
  }

  /** Select or not; with `range`, everything since the last one as well. */
  set(index: number, on: boolean, range = false): void {
    const { items, isCurrent } = this.#entries;
    if (!isCurrent) return; // what is shown is not what is wanted any more
    const anchor = range ? items.findIndex((entry) => entry.artist_id === this.#anchor) : -1;
    const from = anchor < 0 ? index : Math.min(anchor, index);
    const to = anchor < 0 ? index : Math.max(anchor, index);
    for (const { artist_id } of items.slice(from, to + 1)) {
      if (!on) this.ids.delete(artist_id);
      else if (this.ids.size < MOST) this.ids.add(artist_id);
    }
    this.#anchor = items[index]?.artist_id ?? null;
  }

  /** Reads what is not there yet, and selects all of it; `clear` stops it. */
  async all(): Promise<void> {
    const entries = this.#entries;
    if (!entries.isCurrent) return;
    this.reading = true;
    while (this.reading && !entries.isComplete && entries.items.length < MOST) {
      await entries.more();
      if (entries.trouble || !entries.isCurrent) this.reading = false;
    }
    if (!this.reading) return;
    this.reading = false;
    this.isCut = !entries.isComplete || entries.items.length > MOST;
    for (const { artist_id } of entries.items.slice(0, MOST)) this.ids.add(artist_id);
  }

  clear = (): void => {
    this.reading = false;
    this.isCut = false;
    this.#anchor = null;
    this.ids.clear();
  };

  drop(ids: Iterable<string>): void {
    for (const id of ids) this.ids.delete(id);
    if (this.ids.size === 0) this.clear();
  }
}
