import { beforeEach, expect, test } from "vitest";
import { problem } from "../../test.service";
import { Entries } from "./entries.svelte";
import { Selection } from "./selection.svelte";
import { aList, begin, entries, held, LIST } from "./test.world";

beforeEach(begin);

/** A list whose answers to some questions are held back. */
function slow(count: number, isHeld: (query: URLSearchParams, call: number) => boolean) {
  const wait = held();
  const all = entries(count);
  let calls = 0;
  aList({ now: all }, {
    [LIST]: async ({ query }) => {
      if (isHeld(query, calls++)) await wait.promise;
      const found = all.filter((entry) => entry.artist.canonical_name.includes(query.get("q") ?? ""));
      // A page begins after an entry, wherever that is by now.
      const last = Number(query.get("cursor") ?? 0);
      const rest = found.filter((entry) => Number(entry.artist.canonical_name.slice(7)) > last);
      const items = rest.slice(0, Number(query.get("limit")));
      const next_cursor = items.length < rest.length ? items.at(-1)!.artist.canonical_name.slice(7) : null;
      return { body: { items, next_cursor } };
    },
  });
  const list = new Entries();
  return { list, all, selection: new Selection(list), go: wait.go };
}

test.each([12, 120])("of %i entries none of an older view can be selected", async (count) => {
  const { list, selection, go } = slow(count, (query) => query.has("q"));
  await list.read({});
  const reading = list.read({ q: "Artist 12" });
  await selection.all();
  selection.set(0, true);
  expect([selection.ids.size, selection.reading]).toEqual([0, false]);
  go();
  await reading;
  await selection.all();
  expect([...selection.ids]).toEqual(list.items.map((entry) => entry.artist_id));
});

test("the next page is that of the list as it was read again", async () => {
  const { list, all, go } = slow(120, (_, call) => call === 2);
  await list.read({});
  const gone = all.shift()!;
  list.drop(new Set([gone.artist_id]));
  const reading = list.reload();
  const more = list.more();
  await reading;
  go();
  await more;
  await list.more();
  expect(list.items).toEqual(all);
});

test("where it could not be read again, that is tried again before it goes on", async () => {
  let works = true;
  const rows = { now: entries(3) };
  aList(rows, {
    [LIST]: () =>
      works ? { body: { items: rows.now, next_cursor: null } } : problem(503, "shared.unavailable"),
  });
  const list = new Entries();
  await list.read({});
  works = false;
  await list.reload();
  expect([list.isStale, list.trouble?.requestId]).toEqual([true, "r-1"]);
  works = true;
  rows.now = entries(4);
  await list.more();
  expect([list.isStale, list.trouble, list.items.length]).toEqual([false, null, 4]);
});
