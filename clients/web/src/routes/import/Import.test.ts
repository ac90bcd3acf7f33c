import { render, screen, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test } from "vitest";
import type { ImportResult } from "@nodrake/client";
import { account } from "$lib/api/session.svelte";
import { isKey, locale } from "$lib/i18n/index.svelte";
import { reasons } from "../../test.contract";
import { downloads } from "../../test.downloads";
import { ADA, problem, service, type Call } from "../../test.service";
import Import from "./Import.svelte";

const IMPORT = "POST /api/v1/dnp/import";
const ADD = "POST /api/v1/dnp/bulk/add";
const REMOVE = "POST /api/v1/dnp/bulk/remove";
const UNDO = "POST /api/v1/dnp/bulk/undo";
const row = (line: number, name: string) => ({ line, name, artist_id: null });
const candidate = (artist_id: string, canonical_name: string, listed = false) => ({
  artist_id,
  canonical_name,
  external_ids: { spotify: "3ec16T2vMbjJi4luOqt6ps" },
  links: { spotify: "https://open.spotify.com/artist/3ec16T2vMbjJi4luOqt6ps" },
  listed,
});
const PREVIEW: ImportResult = {
  format: "csv",
  dry_run: true,
  added: 2,
  already_there: 1,
  needs_review: 3,
  rejected: 1,
  tracks: 0,
  additions: [row(2, "Neural Groove Machine"), row(3, "Smokey September")],
  there: [row(4, "Static Bloom")],
  reviews: [
    {
      line: 5,
      name: "Señor Ocaso",
      reason: "name_only",
      candidates: [candidate("ocaso-1", "Señor Ocaso"), candidate("ocaso-2", "Señor Ocaso (MX)")],
    },
    { line: 6, name: "Mira", reason: "name_only", candidates: [candidate("mira", "Mira", true)] },
    { line: 7, name: "Nobody", reason: "name_only", candidates: [] },
  ],
  rejections: [{ line: 8, code: "unknown_id", reason: '=id: "no" artist' }],
  change_id: null,
};
const DONE: ImportResult = { ...PREVIEW, dry_run: false, change_id: "change-1" };

beforeEach(() => account.entered(ADA));

async function choose(content = "artist,id\n") {
  await userEvent.upload(screen.getByLabelText("Choose a file"), new File([content], "list.csv"));
  await screen.findByRole("heading", { name: "What list.csv would do" });
}
const click = (name: string | RegExp) => userEvent.click(screen.getByRole("button", { name }));
const imported = ({ query }: Call) => ({ body: query.get("dry_run") ? PREVIEW : DONE });
const undone = { change: {}, restored: 2, left: 0 };

test("a file is looked at, then imported, then taken back", async () => {
  const calls = service({ [IMPORT]: imported, [UNDO]: () => ({ body: undone }) });
  render(Import);
  await choose();
  expect(screen.getByRole("heading", { name: "What list.csv would do" })).toHaveFocus();
  expect(screen.getByText("would be added").closest("div")).toHaveTextContent(/^would be added 2$/);
  expect(screen.getByText("Smokey September")).toBeVisible();
  expect(screen.getByRole("combobox")).toHaveDisplayValue("CSV");
  await click("Import 2 artists");
  await screen.findByRole("heading", { name: "2 artists were added" });
  const [look, real] = calls[IMPORT]!;
  expect([look!, real!].map(({ query }) => query.get("dry_run"))).toEqual(["true", null]);
  expect(real!.body).toEqual({ file: "artist,id\n" });
  expect(real!.headers.get("idempotency-key")).toBeTruthy();
  await click("Undo the import");
  await screen.findByRole("heading", { name: "The import is undone" });
  expect(screen.getByText("2 artists are off your list again.")).toBeVisible();
  expect(calls[UNDO]!.map(({ body }) => body)).toEqual([{ change_id: "change-1" }]);
  expect(calls[ADD]).toBeUndefined();
  await click("Choose another file");
  expect(screen.getByLabelText("Choose a file")).toBeInTheDocument();
});

const count = (words: string) => screen.getByText(words).closest("div")!.textContent?.match(/\d+/)?.[0];

test("a row that can only mean who is on the list is there already, and nothing to decide", async () => {
  service({ [IMPORT]: imported });
  render(Import);
  await choose();
  expect(count("on your list already")).toBe("2");
  expect(count("for you to decide")).toBe("2");
  expect(screen.queryByRole("group", { name: "Line 6: Mira" })).toBeNull();
  await userEvent.click(screen.getByText("The first who are on your list already"));
  expect(screen.getByText("Mira")).toBeVisible();
  await click("Import 2 artists");
  await screen.findByRole("heading", { name: "2 artists were added" });
  expect(count("on your list already")).toBe("2");
  expect(count("left open")).toBe("2");
});

test("why a row is left out is told in the reader's words; a reason that is new in the service's", async () => {
  await locale.use("de");
  const rejections = [...PREVIEW.rejections, { line: 9, code: "brand_new", reason: "Something else." }];
  service({ [IMPORT]: () => ({ body: { ...PREVIEW, rejections } }) });
  render(Import);
  await userEvent.upload(screen.getByLabelText("Datei auswählen"), new File(["x"], "list.csv"));
  expect(await screen.findByText("Es gibt keinen Künstler mit dieser ID.")).toBeInTheDocument();
  expect(screen.getByText("Something else.")).toHaveAttribute("lang", "en");
  await locale.use("en");
});

test("each reason that the service may give has words", () => {
  expect(reasons().length).toBeGreaterThan(10);
  expect(reasons().filter((code) => !isKey(`row.${code}`))).toEqual([]);
});

test("of several who may be meant, who is on the list cannot be chosen", async () => {
  const [first] = PREVIEW.reviews;
  const candidates = [candidate("ocaso-1", "Señor Ocaso", true), candidate("ocaso-2", "Señor Ocaso (MX)")];
  const body = { ...PREVIEW, reviews: [{ ...first!, candidates }], needs_review: 1 };
  service({ [IMPORT]: () => ({ body }) });
  render(Import);
  await choose();
  const question = screen.getByRole("group", { name: "Line 5: Señor Ocaso" });
  expect(within(question).getAllByRole("radio")).toHaveLength(2); // the other, and to leave it out
  expect(within(question).getByText("On your list")).toBeVisible();
});

test("who is meant is chosen, put on the list before the rest, and taken off with it", async () => {
  const order: string[] = [];
  const calls = service({
    [IMPORT]: (call) => (order.push("import"), imported(call)),
    [ADD]: () => {
      order.push("add");
      const items = [{ artist_id: "ocaso-2", outcome: "added" }];
      return { body: { items, added: 1, already_there: 0, excepted: 0, unknown: 0, change_id: "c" } };
    },
    [UNDO]: () => ({ body: undone }),
    [REMOVE]: () => ({ body: { removed: 1, not_there: 0, items: [], change_id: "d" } }),
  });
  render(Import);
  await choose();
  const question = screen.getByRole("group", { name: "Line 5: Señor Ocaso" });
  expect(within(question).getByLabelText("Leave out")).toBeChecked();
  const link = within(question).getByRole("link", { name: "Look at Señor Ocaso (MX) on Spotify" });
  expect(link).toHaveAttribute("href", "https://open.spotify.com/artist/3ec16T2vMbjJi4luOqt6ps");
  await userEvent.click(within(question).getByLabelText("Señor Ocaso"));
  await userEvent.click(within(question).getByLabelText("Señor Ocaso (MX)"));
  await click("Import 3 artists");
  await screen.findByRole("heading", { name: "3 artists were added" });
  expect(order).toEqual(["import", "add", "import"]);
  expect(calls[ADD]![0]!.body).toEqual({ artist_ids: ["ocaso-2"] });
  await click("Undo the import");
  expect(await screen.findByText("3 artists are off your list again.")).toBeVisible();
  expect(calls[REMOVE]!.map(({ body }) => body)).toEqual([{ artist_ids: ["ocaso-2"] }]);
});

test("an attempt whose answer never came is made again with the same key", async () => {
  const refusals = [
    problem(409, "shared.request_in_progress"),
    problem(503, "shared.unavailable"),
    problem(409, "blocklists.list_full"),
  ];
  let attempts = 0;
  const calls = service({
    [IMPORT]: (call) => {
      if (call.query.get("dry_run")) return { body: PREVIEW };
      attempts += 1;
      if (attempts === 1) throw new TypeError("the network is away");
      return refusals.shift() ?? { body: DONE };
    },
  });
  render(Import);
  await choose();
  await click("Import 2 artists");
  expect(await screen.findByRole("alert")).toHaveTextContent("cannot be reached");
  expect(screen.getByText(/nobody is added twice/)).toBeVisible();
  for (const attempt of [2, 3, 4, 5]) {
    await click("Import 2 artists");
    await expect.poll(() => attempts).toBe(attempt);
  }
  await screen.findByRole("heading", { name: "2 artists were added" });
  const keys = calls[IMPORT]!.slice(1).map(({ headers }) => headers.get("idempotency-key"));
  const [first, , , , afterRefusal] = keys;
  expect(keys.slice(0, 4)).toEqual([first, first, first, first]);
  expect(afterRefusal).not.toBe(first); // what was refused stays so under its key
});

test("rows that are left out are told, and taken along as CSV", async () => {
  service({ [IMPORT]: imported });
  const kept = downloads();
  render(Import);
  await choose();
  await userEvent.click(screen.getByText("1 row is left out"));
  expect(screen.getByRole("row", { name: /^8 =id/ })).toBeVisible();
  await click("Download these rows as CSV");
  await expect.poll(() => kept).toHaveLength(1);
  expect(kept[0]!.name).toMatch(/^rows-left-out-\d{4}-\d\d-\d\d\.csv$/);
  expect(kept[0]!.text).toBe('line,reason\r\n8,"\'=id: ""no"" artist"\r\n');
});

test("a file that cannot be read is told, and tried again or exchanged", async () => {
  let isRefused = true;
  service({
    [IMPORT]: () =>
      isRefused ? problem(422, "blocklists.unreadable_list") : { body: PREVIEW },
  });
  render(Import);
  await userEvent.upload(screen.getByLabelText("Choose a file"), new File(["?"], "list.csv"));
  expect(await screen.findByText("Request r-1")).toBeVisible();
  expect(screen.getByLabelText("Choose a file")).toBeInTheDocument();
  isRefused = false;
  await click("Try again");
  await screen.findByRole("heading", { name: "What list.csv would do" });
});

test("a file is read as something else where its content was misunderstood", async () => {
  const calls = service({
    [IMPORT]: ({ query }) => ({ body: { ...PREVIEW, format: query.get("format") ?? "csv" } }),
  });
  render(Import);
  await choose();
  await userEvent.selectOptions(screen.getByRole("combobox"), "Text, line by line");
  await expect.poll(() => screen.getByRole("combobox")).toHaveDisplayValue("Text, line by line");
  await click("Import 2 artists");
  await screen.findByRole("heading", { name: "2 artists were added" });
  expect(calls[IMPORT]!.map(({ query }) => Object.fromEntries(query))).toEqual([
    { dry_run: "true" },
    { dry_run: "true", format: "text" },
    { format: "text" },
  ]);
});

test("where nothing would happen, nothing is offered", async () => {
  const nothing = { added: 0, needs_review: 0, additions: [], reviews: [] };
  service({ [IMPORT]: () => ({ body: { ...PREVIEW, ...nothing } }) });
  render(Import);
  await choose();
  expect(screen.getByText("There is nothing in this file to import.")).toBeVisible();
  expect(screen.queryByRole("button", { name: /^Import/ })).toBeNull();
});
