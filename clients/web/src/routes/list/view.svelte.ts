/** What of the list is shown: it stands in the address, so that going back works. */
import type { SourceKind } from "@nodrake/client";
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
  source?: SourceKind;
  /** Empty for what comes from something without a name. */
  source_name?: string;
}

type Name = "q" | "tag" | "sort" | "source";
const SOURCES = ["own", "import", "list"] as const satisfies readonly SourceKind[];

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
  /** `own`, or a kind and a name such as `import:robots.csv`. */
  get source() {
    return this.#read("source");
  }
  get sort(): Order {
    return oneOf(ORDERS, this.#read("sort"));
  }
  get part(): Part {
    return oneOf(PARTS, this.#read("show"));
  }
  get isFiltered() {
    return this.q !== "" || this.tag !== "" || this.source !== "";
  }
  get wanted(): Wanted {
    const { q, tag, sort, source } = this;
    return { sort, ...(q && { q }), ...(tag && { tag }), ...(source && wantedSource(source)) };
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
    this.show({ q: "", tag: "", source: "" });
  }
}

/** How a source stands in the address. */
export function sourceCode(kind: SourceKind, name: string | null): string {
  return kind === "own" ? kind : `${kind}:${name ?? ""}`;
}

function wantedSource(code: string): Pick<Wanted, "source" | "source_name"> {
  const colon = code.indexOf(":");
  const kind = SOURCES.find((known) => known === (colon < 0 ? code : code.slice(0, colon)));
  if (kind === undefined) return {};
  return colon < 0 ? { source: kind } : { source: kind, source_name: code.slice(colon + 1, colon + 101) };
}

function oneOf<T extends string>(values: readonly [T, ...T[]], value: string): T {
  return values.find((known) => known === value) ?? values[0];
}

export const view = new View();
