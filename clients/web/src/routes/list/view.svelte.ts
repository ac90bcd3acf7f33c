/** What of the list is shown: it stands in the address, so that going back works. */
import { searchParams } from "sv-router";

export const ORDERS = ["-created_at", "created_at", "name", "-name"] as const;
export type Order = (typeof ORDERS)[number];
export const PARTS = ["artists", "tracks", "exceptions"] as const;
export type Part = (typeof PARTS)[number];

/** What `listBlockedArtists` is asked for. */
export interface Wanted {
  q?: string;
  tag?: string;
  sort?: Order;
}

type Name = "q" | "tag" | "sort";

class View {
  /** As it stands in the address, whatever the router makes of numbers. */
  #read(name: string): string {
    return searchParams.toURLSearchParams().get(name) ?? "";
  }

  get q() {
    return this.#read("q").slice(0, 255);
  }
  get tag() {
    return this.#read("tag").slice(0, 50);
  }
  get sort(): Order {
    return oneOf(ORDERS, this.#read("sort"));
  }
  get part(): Part {
    return oneOf(PARTS, this.#read("show"));
  }
  get isFiltered() {
    return this.q !== "" || this.tag !== "";
  }
  get wanted(): Wanted {
    const { q, tag, sort } = this;
    return { sort, ...(q && { q }), ...(tag && { tag }) };
  }

  /** Goes to another view; typing on replaces what was typed before. */
  show(change: Partial<Record<Name, string>>, { replace = false } = {}): void {
    for (const [name, value] of Object.entries(change)) {
      if (value === this.#read(name)) continue;
      if (value === "" || (name === "sort" && value === ORDERS[0])) {
        if (searchParams.has(name)) searchParams.delete(name, undefined, { replace });
      } else searchParams.set(name, value, { replace });
      replace = true; // the rest belongs to the same step
    }
  }

  clear(): void {
    this.show({ q: "", tag: "" });
  }
}

function oneOf<T extends string>(values: readonly [T, ...T[]], value: string): T {
  return values.find((known) => known === value) ?? values[0];
}

export const view = new View();
