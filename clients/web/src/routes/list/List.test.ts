import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { tick } from "svelte";
import { beforeEach, expect, test } from "vitest";
import { problem } from "../../test.service";
import Toasts from "$lib/ui/Toasts.svelte";
import List from "./List.svelte";
import { aList, anEntry, begin, EDIT, entries, held, LIST, REMOVE, SUMMARY, UNDO } from "./test.world";
import { view } from "./view.svelte";

beforeEach(begin);

const box = (number: number) => screen.getByRole("checkbox", { name: `Select Artist ${number}` });
const names = () =>
  screen.queryAllByRole("checkbox", { name: /^Select Artist/ }).map((row) => row.ariaLabel);
const ids = (...numbers: number[]) => numbers.map((number) => anEntry(number).artist_id);
const asked = (calls: ReturnType<typeof aList>) => calls[LIST]!.map(({ query }) => Object.fromEntries(query));

async function opened() {
  render(Toasts);
  render(List);
  await screen.findByRole("list", { name: "Artists on the list" });
}

test("a long list comes page by page as one scrolls, and few rows are in the document", async () => {
  const calls = aList({ now: entries(1_200) });
  await opened();
  expect(asked(calls)[0]).toEqual({ limit: "50", sort: "-created_at" });
  await expect.poll(() => screen.queryByText("1,200 artists")).toBeVisible();
  for (let top = 0; top <= 1_200 * 72; top += 500) window.scrollTo({ top });
  await expect
    .poll(() => {
      window.scrollTo({ top: 1_200 * 80 });
      return names().at(-1);
    })
    .toBe("Select Artist 1200");
  expect(asked(calls).map(({ cursor }) => cursor)).toEqual([undefined, "50", "550", "1050"]);
  expect(names().length).toBeLessThan(60);
});

test("what is typed filters after a pause, stands in the address, and can be cleared", async () => {
  const calls = aList({ now: entries(30) });
  await opened();
  await userEvent.type(screen.getByLabelText("Find on the list"), "Artist 2");
  await expect.poll(names).toHaveLength(11); // 2, 20 to 29
  expect(asked(calls).map(({ q }) => q)).toEqual([undefined, "Artist 2"]);
  expect(location.search).toBe("?q=Artist+2");
  expect(screen.getByText("11 artists match")).toBeVisible();
  await userEvent.type(screen.getByLabelText("Find on the list"), " nobody");
  await screen.findByText("Nothing on the list matches");
  await userEvent.click(screen.getAllByRole("button", { name: "Clear the filter" })[1]!);
  await screen.findByText("30 artists");
  expect(screen.getByLabelText("Find on the list")).toHaveValue("");
  expect(location.search).toBe("");
});

test("tag, source and order are asked for as the address has them", async () => {
  const calls = aList({ now: [anEntry(1, { tags: ["evening"] }), anEntry(2)] });
  await opened();
  await userEvent.selectOptions(screen.getByLabelText("Tag"), "evening (1)");
  await expect.poll(names).toEqual(["Select Artist 1"]);
  await userEvent.selectOptions(screen.getByLabelText("Comes from"), "From robots.csv (2)");
  await userEvent.selectOptions(screen.getByLabelText("Order"), "Name, A to Z");
  await expect.poll(() => asked(calls).at(-1)).toEqual({
    limit: "50",
    sort: "name",
    tag: "evening",
    source: "import",
    source_name: "robots.csv",
  });
  view.show({ tag: "" }); // as going back does
  await expect.poll(() => asked(calls).at(-1)!.tag).toBeUndefined();
});

test("a range is selected and removed, and one undo brings it back", async () => {
  const rows = { now: entries(9) };
  const before = rows.now;
  const calls = aList(rows, {
    [REMOVE]: ({ body }) => {
      const gone = new Set((body as { artist_ids: string[] }).artist_ids);
      rows.now = rows.now.filter((entry) => !gone.has(entry.artist_id));
      return { body: { change_id: "c-1", removed: gone.size, not_there: 0, items: [] } };
    },
    [UNDO]: () => {
      rows.now = before;
      return { body: { change: {}, restored: 4, left: 0 } };
    },
  });
  await opened();
  const user = userEvent.setup();
  await user.click(box(2));
  await user.keyboard("{Shift>}");
  await user.click(box(5));
  await user.keyboard("{/Shift}");
  const bar = screen.getByRole("group", { name: "Change what is selected" });
  expect(bar).toHaveTextContent("4 selected");
  await user.click(within(bar).getByRole("button", { name: "Remove" }));
  await screen.findByText("4 artists are off the list.");
  await waitFor(() => expect(screen.getByRole("checkbox", { name: "Select all" })).toHaveFocus());
  expect(calls[REMOVE]![0]!.body).toEqual({ artist_ids: ids(2, 3, 4, 5) });
  expect(calls[REMOVE]![0]!.headers.get("idempotency-key")).toBeTruthy();
  expect(names()).toHaveLength(5);
  await user.click(screen.getByRole("button", { name: "Undo" }));
  await screen.findByText("Undone: 4 entries are as they were.");
  expect(calls[UNDO]![0]!.body).toEqual({ change_id: "c-1" });
  await expect.poll(names).toHaveLength(9);
});

test("all that match are read and selected, and tagged in one go", async () => {
  const calls = aList(
    { now: entries(700) },
    {
      [EDIT]: () => ({
        body: { change_id: "c-2", changed: 699, unchanged: 0, not_there: 0, too_many_tags: 1, items: [] },
      }),
    },
  );
  await opened();
  await userEvent.click(screen.getByRole("checkbox", { name: "Select all" }));
  await screen.findByText("700 selected");
  await userEvent.click(screen.getByRole("button", { name: "Tags" }));
  await userEvent.type(await screen.findByLabelText("Add these tags"), "loud, late");
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  await screen.findByText(/699 entries are changed\. 1 would have had more than 20 tags/);
  const { artist_ids, ...rest } = calls[EDIT]![0]!.body as { artist_ids: string[] };
  expect(artist_ids).toHaveLength(700);
  expect(rest).toEqual({ add_tags: ["loud", "late"], remove_tags: [] });
});

test("keys go from row to row, and Delete removes the one that has the focus", async () => {
  const rows = { now: entries(5) };
  const calls = aList(rows, {
    [REMOVE]: () => {
      rows.now = rows.now.filter(({ artist }) => artist.canonical_name !== "Artist 3");
      return { body: { change_id: "c-3", removed: 1, not_there: 0, items: [] } };
    },
  });
  await opened();
  box(1).focus();
  await userEvent.keyboard("{ArrowDown}j");
  await waitFor(() => expect(box(3)).toHaveFocus());
  await userEvent.keyboard("{Delete}");
  await screen.findByText("Artist 3 is off the list.");
  expect(calls[REMOVE]![0]!.body).toEqual({ artist_ids: ids(3) });
  await waitFor(() => expect(box(4)).toHaveFocus());
});

test("who has nobody on the list is told what to do first, and can try the sample", async () => {
  const rows = { now: [] as ReturnType<typeof entries> };
  const calls = aList(rows, {
    "POST /api/v1/dnp/bulk/add": () => {
      rows.now = entries(6);
      const body = { change_id: "c-4", added: 6, already_there: 0, excepted: 0, unknown: 0, items: [] };
      return { body };
    },
  });
  render(Toasts);
  render(List);
  await screen.findByText("Nobody is on your list yet");
  expect(screen.getByRole("link", { name: "Import a file" })).toHaveAttribute("href", "/import");
  await userEvent.click(screen.getByRole("button", { name: "Try the sample" }));
  await screen.findByText("6 sample artists are on the list.");
  await expect.poll(names).toHaveLength(6);
  expect(calls["POST /api/v1/dnp/bulk/add"]).toHaveLength(1);
  expect(screen.queryByText("Nobody is on your list yet")).toBeNull();
});

test("where the list cannot be read it says so and tries again", async () => {
  let works = false;
  const items = entries(3);
  aList({ now: [] }, {
    [LIST]: () =>
      works ? { body: { items, next_cursor: null } } : problem(503, "shared.unavailable"),
  });
  render(List);
  expect(await screen.findByRole("alert")).toHaveTextContent("r-1");
  expect(screen.queryByText("Nobody is on your list yet")).toBeNull();
  works = true;
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  await expect.poll(names).toHaveLength(3);
});

test("where a later page fails, what was read stays and the next is asked for again", async () => {
  let works = false;
  const all = entries(60);
  const calls = aList({ now: all }, {
    [LIST]: ({ query }) => {
      if (!query.has("cursor")) return { body: { items: all.slice(0, 50), next_cursor: "50" } };
      if (!works) return problem(503, "shared.unavailable");
      return { body: { items: all.slice(50), next_cursor: null } };
    },
  });
  await opened();
  window.scrollTo({ top: 50 * 72 });
  await screen.findByText("The next artists could not be read.");
  expect(names().length).toBeGreaterThan(5);
  for (const top of [49, 48, 50]) {
    window.scrollTo({ top: top * 72 });
    await tick();
  }
  expect(calls[LIST]).toHaveLength(2); // not again and again as one scrolls
  works = true;
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  await waitFor(() => expect(screen.queryByRole("alert")).toBeNull());
  window.scrollTo({ top: 60 * 72 });
  await expect.poll(() => names().at(-1)).toBe("Select Artist 60");
});

const oneOff = (rows: { now: ReturnType<typeof entries> }) => () => {
  rows.now = rows.now.slice(1);
  return { body: { change_id: "c-5", removed: 1, not_there: 0, items: [] } };
};
const removeFirst = () =>
  userEvent.click(screen.getByRole("button", { name: "Remove Artist 1 from the list" }));

test("an undo works while the list is still read again, and is offered again where it fails", async () => {
  const wait = held();
  let works = false;
  const rows = { now: entries(3) };
  const calls = aList(rows, {
    [LIST]: async () => {
      const items = rows.now;
      if (items.length < 3) await wait.promise;
      return { body: { items, next_cursor: null } };
    },
    [REMOVE]: oneOff(rows),
    [UNDO]: () => {
      if (!works) return problem(503, "shared.unavailable");
      rows.now = entries(3);
      return { body: { change: {}, restored: 1, left: 0 } };
    },
  });
  await opened();
  await removeFirst();
  await userEvent.click(await screen.findByRole("button", { name: "Undo" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("r-1");
  works = true;
  await userEvent.click(await screen.findByRole("button", { name: "Undo" }));
  await screen.findByText("Undone: 1 entry is as it was.");
  await expect.poll(names).toHaveLength(3);
  wait.go();
  await waitFor(() => expect(screen.queryByRole("alert")).toBeNull());
  expect(calls[UNDO]).toHaveLength(2);
  expect(names()).toHaveLength(3);
});

test("where the list cannot be read again after a change, that is said and tried again", async () => {
  let works = true;
  const rows = { now: entries(3) };
  aList(rows, {
    [LIST]: () =>
      works ? { body: { items: rows.now, next_cursor: null } } : problem(503, "shared.unavailable"),
    [REMOVE]: oneOff(rows),
  });
  await opened();
  works = false;
  await removeFirst();
  await screen.findByText(/The list could not be read again/);
  works = true;
  rows.now = entries(5);
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  await expect.poll(names).toHaveLength(5);
  expect(screen.queryByRole("alert")).toBeNull();
});

test("nothing can be done to the entries of an older view", async () => {
  const wait = held();
  aList({ now: [] }, {
    [LIST]: async ({ query }) => {
      if (query.has("q")) await wait.promise;
      return { body: { items: entries(query.has("q") ? 1 : 3), next_cursor: null } };
    },
  });
  await opened();
  const both = screen.getByRole("group", { name: "Change what is selected" }).parentElement!;
  expect(both).toContainElement(box(1));
  expect(both.inert).toBe(false);
  box(2).focus();
  view.show({ q: "Artist 1" });
  await waitFor(() => expect(both.inert).toBe(true));
  wait.go();
  await waitFor(() => expect(both.inert).toBe(false));
  await waitFor(() => expect(box(1)).toHaveFocus());
});

test("what is saved late leaves the entry open that is edited now", async () => {
  const wait = held();
  const rows = { now: entries(2) };
  const [first, second] = rows.now.map(({ artist_id }) => `/api/v1/dnp/entries/${artist_id}`);
  aList(rows, {
    [`GET ${first}`]: () => ({ body: rows.now[0] }),
    [`GET ${second}`]: () => ({ body: rows.now[1] }),
    [`PATCH ${first}`]: async () => {
      await wait.promise;
      return { body: { ...rows.now[0], note: "Late." } };
    },
  });
  await opened();
  await userEvent.click(screen.getByRole("button", { name: "Edit Artist 1" }));
  await userEvent.type(await screen.findByLabelText("Note"), "Late.");
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  await userEvent.click(screen.getByRole("button", { name: "Cancel" }));
  await userEvent.click(screen.getByRole("button", { name: "Edit Artist 2" }));
  await screen.findByRole("heading", { name: "Edit Artist 2" });
  wait.go();
  await screen.findByText("Artist 1 is changed.");
  expect(screen.getByRole("heading", { name: "Edit Artist 2" })).toBeVisible();
});

test("on an empty list, too, it is said that an undo did not work", async () => {
  const last_change = {
    id: "c-6",
    kind: "remove",
    entries: 2,
    made_at: new Date().toISOString(),
    undoable_until: new Date(Date.now() + 60_000).toISOString(),
    undone_at: null,
  };
  aList({ now: [] }, {
    [SUMMARY]: () => ({
      body: { entries: 0, temporary: 0, tracks: 0, exceptions: 0, sources: [], last_change },
    }),
    [UNDO]: () => problem(503, "shared.unavailable"),
  });
  render(List);
  await screen.findByText("Nobody is on your list yet");
  await userEvent.click(await screen.findByRole("button", { name: "Undo" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("r-1");
});
