import { render, screen, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test } from "vitest";
import type { LibraryScan, ScanHit, ScanReason } from "@nodrake/client";
import { account } from "$lib/api/session.svelte";
import { downloads } from "../../test.downloads";
import { ADA, problem, service } from "../../test.service";
import { topArtists } from "./findings";
import Scan from "./Scan.svelte";

const SCAN = "POST /api/v1/library/scan";
const reason = (artist: string, more: Partial<ScanReason> = {}): ScanReason => ({
  artist,
  artist_id: artist,
  written: artist,
  role: "main",
  matched_by: "name",
  confidence: 0.8,
  ...more,
});
const hit = (title: string, reasons: ScanReason[], more: Partial<ScanHit> = {}): ScanHit => ({
  kind: "track",
  title,
  artists: ["Señor Ocaso"],
  album: "",
  uri: null,
  marks: ["liked"],
  times: 1,
  place: "tracks 1",
  reasons,
  ...more,
});
const FOUND: LibraryScan = {
  format: "spotify_library",
  listed: 7477,
  read: { tracks: 1234, albums: 3, artists: 1, shows: 0 },
  already_banned: 0,
  skipped: 1,
  skips: [{ place: "tracks 9", reason: "the row has no name" }],
  hits: [
    hit("Slow Tide", [reason("Neural Groove Machine", { matched_by: "id", confidence: 1 })]),
    hit("Fog", [reason("Static Bloom", { role: "featured", confidence: 0.6 })]),
    hit("Rain", [reason("Neural Groove Machine")], { kind: "album", marks: [] }),
  ],
};
const NOTHING: LibraryScan = { ...FOUND, hits: [], skipped: 0, skips: [] };

beforeEach(() => account.entered(ADA));

const choose = (name = "YourLibrary.json") =>
  userEvent.upload(screen.getByLabelText("Choose a file"), new File(["{}"], name));
const table = () => screen.getByRole("table", { name: "All that was found" });
const titles = () =>
  within(table())
    .getAllByRole("row")
    .slice(1)
    .map((row) => within(row).getAllByRole("cell")[1]!.textContent!.trim().split(/\s{2,}|Señor/)[0]!.trim());

test("what was found is summed up, ranked and listed with why", async () => {
  const calls = service({ [SCAN]: () => ({ body: FOUND }) });
  render(Scan);
  expect(screen.getByText(/read once and not kept/)).toBeVisible();
  await choose();
  await screen.findByRole("heading", { name: "What is in YourLibrary.json" });
  expect(
    screen.getByText("By somebody on your list of 7,477 artists: 2 of 1,234 tracks and 1 of 3 albums."),
  ).toBeVisible();
  expect(calls[SCAN]![0]).toMatchObject({ body: { file: "{}" }, query: { features: "true", format: "json" } });
  const ranking = within(screen.getByRole("table", { name: "Who is found most often" }));
  expect(ranking.getAllByRole("row").slice(1).map((row) => row.textContent!.replace(/\s+/g, " ").trim())).toEqual([
    "Neural Groove Machine 2",
    "Static Bloom 1",
  ]);
  expect(titles()).toEqual(["Slow Tide", "Fog", "Rain"]);
  const [, slowTide, fog] = within(table()).getAllByRole("row");
  expect(slowTide).toHaveTextContent(/Neural Groove Machine.*by id/);
  expect(fog).toHaveTextContent(/Static Bloom featured by name, 60% sure/);
  expect(screen.getByText("1 entry could not be read")).toBeVisible();
});

test("the table is narrowed down by kind, role and words, and says so", async () => {
  service({ [SCAN]: () => ({ body: FOUND }) });
  render(Scan);
  await choose();
  await screen.findByText("3 entries");
  await userEvent.selectOptions(screen.getByLabelText("What"), "Albums");
  expect(titles()).toEqual(["Rain"]);
  expect(screen.getByText("1 of 3")).toBeVisible();
  await userEvent.selectOptions(screen.getByLabelText("What"), "Everything");
  await userEvent.selectOptions(screen.getByLabelText("Role"), "featured");
  expect(titles()).toEqual(["Fog"]);
  await userEvent.selectOptions(screen.getByLabelText("Role"), "Any");
  await userEvent.type(screen.getByLabelText("Title or artist"), "senor");
  expect(titles()).toHaveLength(3);
  await userEvent.type(screen.getByLabelText("Title or artist"), " nobody");
  expect(screen.getByText("No entry is like that.")).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Show all" }));
  expect(titles()).toHaveLength(3);
});

test("of thousands of entries only those in sight are in the page", async () => {
  const hits = Array.from({ length: 5000 }, (_, n) => hit(`Title ${n}`, [reason("Static Bloom")]));
  service({ [SCAN]: () => ({ body: { ...FOUND, hits } }) });
  render(Scan);
  await choose();
  await screen.findByText("5,000 entries");
  expect(table()).toHaveAttribute("aria-rowcount", "5001");
  expect(titles().length).toBeGreaterThan(3);
  expect(titles().length).toBeLessThan(60);
});

test("guests are left out on demand, and the same file is held against the list again", async () => {
  const calls = service({
    [SCAN]: ({ query }) => ({
      body: query.features === "true" ? FOUND : { ...FOUND, hits: [FOUND.hits[0]!] },
    }),
  });
  render(Scan);
  await choose();
  await screen.findByText("3 entries");
  await userEvent.click(screen.getByLabelText("Guests count as well"));
  expect(await screen.findByText("1 entry")).toBeVisible();
  expect(screen.getByLabelText("Guests count as well")).not.toBeChecked();
  expect(calls[SCAN]!.map(({ query, body }) => [query.features, body])).toEqual([
    ["true", { file: "{}" }],
    ["false", { file: "{}" }],
  ]);
});

test("where asking again fails, what is shown and what is said to count stay together", async () => {
  service({
    [SCAN]: ({ query }) =>
      query.features === "true" ? { body: FOUND } : problem(503, "shared.unavailable"),
  });
  render(Scan);
  await choose();
  await screen.findByText("3 entries");
  await userEvent.click(screen.getByLabelText("Guests count as well"));
  expect(await screen.findByRole("alert")).toHaveTextContent("r-1");
  expect(screen.getByLabelText("Guests count as well")).toBeChecked();
  expect(titles()).toHaveLength(3);
});

test("checklist and CSV come from the service, JSON is what is shown", async () => {
  const calls = service({
    [SCAN]: ({ query }) => ({ body: query.format === "json" ? FOUND : `as ${query.format}` }),
  });
  const kept = downloads();
  render(Scan);
  await choose();
  const save = async (name: string, count: number) => {
    await userEvent.click(await screen.findByRole("button", { name }));
    await expect.poll(() => kept).toHaveLength(count);
  };
  await save("Checklist (Markdown)", 1);
  await save("CSV", 2);
  await save("JSON", 3);
  expect(kept.map(({ name }) => name.replace(/\d{4}-\d\d-\d\d/, "DAY"))).toEqual([
    "removal-checklist-DAY.md",
    "library-check-DAY.csv",
    "library-check-DAY.json",
  ]);
  expect(kept.slice(0, 2).map(({ text }) => text)).toEqual(["as checklist", "as csv"]);
  expect(JSON.parse(kept[2]!.text)).toEqual(FOUND);
  expect(calls[SCAN]).toHaveLength(3);
});

test("that nothing was found is said, with what was read; and an empty list is not that", async () => {
  const reports = [NOTHING, { ...NOTHING, listed: 0 }];
  service({ [SCAN]: () => ({ body: reports.shift() }) });
  render(Scan);
  await choose();
  await screen.findByRole("heading", { name: "Nothing on your list is in this file" });
  expect(
    screen.getByText(
      "Read, and held against your list of 7,477 artists: 1,234 tracks, 3 albums, and 1 followed artist.",
    ),
  ).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Check another file" }));
  await choose();
  await screen.findByRole("heading", { name: "Nobody is on your list yet" });
  expect(screen.getByRole("link", { name: "Import a list" })).toHaveAttribute("href", "/import");
});

test("a file that is no library is refused in words, and another can be chosen", async () => {
  service({ [SCAN]: () => problem(422, "shared.unreadable_library_export") });
  render(Scan);
  await choose("cat.png");
  expect(await screen.findByText("Request r-1")).toBeVisible();
  expect(screen.getByLabelText("Choose a file")).toBeInTheDocument();
});

test("in a history plays are counted, and somebody who is named twice in one counts once", () => {
  const twice = [reason("Static Bloom"), reason("Static Bloom", { role: "remixer" })];
  const hits = [hit("Fog", twice, { times: 3 }), hit("Rain", [reason("Neural")], { times: 9 })];
  expect(topArtists(hits, 10)).toEqual([
    { name: "Neural", count: 9 },
    { name: "Static Bloom", count: 3 },
  ]);
  expect(topArtists(hits, 1)).toHaveLength(1);
});
