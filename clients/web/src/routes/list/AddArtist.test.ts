import { render, screen, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { tick } from "svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { account } from "$lib/api/session.svelte";
import Toasts from "$lib/ui/Toasts.svelte";
import { toasts } from "$lib/ui/toasts.svelte";
import { ADA, problem, service } from "../../test.service";
import Whoever from "./add/Whoever.test.svelte";
import AddArtist from "./AddArtist.svelte";

vi.mock("../../router", () => ({ p: (path: string) => path }));

const hit = (name: string, more: object = {}) => ({
  id: `id-${name}`,
  canonical_name: name,
  external_ids: { spotify: "1", apple_music: "2" },
  links: {},
  metadata: {},
  image_url: null,
  created_at: "2026-01-31T12:00:00Z",
  match: { reason: "prefix", name, is_alias: false },
  aliases: [],
  disambiguation: null,
  on_own_list: false,
  ...more,
});
const OCASO = hit("Señor Ocaso", { disambiguation: "singer from Cádiz" });
const OCEAN = hit("Ocean Static");
const OCTAVE = hit("Octave", { on_own_list: true });
const SEARCH = "GET /api/v1/dnp/search";
const ADD = "POST /api/v1/dnp/add";
const TAKE_OFF = "DELETE /api/v1/dnp/entries/id-Se%C3%B1or%20Ocaso";
const found = (...items: object[]) => () => ({ body: { items } });
const added = () => ({ status: 201, body: {} });

const onadded = vi.fn();
const box = () => screen.getByRole("combobox", { name: "Find an artist" });
const names = () => screen.queryAllByRole("option").map((row) => row.querySelector(".font-semibold")!.textContent);
const active = () => document.getElementById(box().getAttribute("aria-activedescendant") ?? "");
const said = () => screen.getAllByRole("status").map((region) => region.textContent).join(" ");

function open() {
  render(Toasts);
  return render(AddArtist, { onadded });
}

/** Types into the box, and waits for what is found. */
async function look(text: string) {
  await userEvent.type(box(), text);
  await expect.poll(() => screen.queryAllByRole("option").length).toBeGreaterThan(0);
}

beforeEach(() => void (toasts.items = []));
afterEach(() => {
  vi.useRealTimers();
  onadded.mockReset();
});

test("Ctrl+K leads to the box, and a letter alone does not", async () => {
  service({ [SEARCH]: found() });
  open();
  await userEvent.keyboard("k/");
  expect(box()).not.toHaveFocus();
  await userEvent.keyboard("{Control>}k{/Control}");
  expect(box()).toHaveFocus();
  expect(box()).toHaveValue("");
});

test("arrows move, around both ends; Escape closes and keeps the text, once more empties it", async () => {
  service({ [SEARCH]: found(OCASO, OCEAN) });
  open();
  await look("oc");
  expect(box()).toHaveAttribute("aria-expanded", "true");
  expect(active()).toHaveTextContent("Señor Ocaso");
  await userEvent.keyboard("{ArrowDown}");
  expect(active()).toHaveTextContent("Ocean Static");
  expect(active()).toHaveAttribute("aria-selected", "true");
  await userEvent.keyboard("{ArrowDown}");
  expect(active()).toHaveTextContent("Señor Ocaso");
  await userEvent.keyboard("{ArrowUp}");
  expect(active()).toHaveTextContent("Ocean Static");
  await userEvent.keyboard("{Escape}");
  expect(box()).toHaveAttribute("aria-expanded", "false");
  expect(box()).not.toHaveAttribute("aria-activedescendant");
  expect(box()).toHaveValue("oc");
  await userEvent.keyboard("{Escape}");
  expect(box()).toHaveValue("");
});

test("each hit says who it is, why it was found and where it is played", async () => {
  const alias = { reason: "exact", name: "NGM", is_alias: true };
  service({ [SEARCH]: found(OCASO, hit("Neural Groove Machine", { match: alias }), OCTAVE) });
  open();
  await look("x");
  const [first, second, third] = screen.getAllByRole("option");
  expect(first).toHaveTextContent(/Señor Ocaso singer from Cádiz Begins like this.*Spotify, Apple Music/);
  expect(second).toHaveTextContent("Also called NGM · Exactly this name");
  expect(third).toHaveTextContent("On your list");
  expect(said()).toContain("3 artists found");
});

test("the service is asked once for what is typed without a pause", async () => {
  const calls = service({ [SEARCH]: found(OCASO) });
  open();
  await look("ocaso");
  expect(calls[SEARCH]).toHaveLength(1);
  await userEvent.type(box(), " ");
  await new Promise((done) => setTimeout(done, 200));
  expect(calls[SEARCH]).toHaveLength(1);
});

/** Answers one search after the other, when it is told to. */
function slowly() {
  const waiting: { request: Request; answer: (items: object[]) => void }[] = [];
  vi.stubGlobal("fetch", (request: Request) => {
    if (request.method !== "GET") throw new Error("Nothing was to be added");
    return new Promise<Response>((resolve) => {
      waiting.push({ request, answer: (items) => resolve(Response.json({ items })) });
    });
  });
  return waiting;
}

test("an answer that was overtaken is dropped, and its request given up", async () => {
  const waiting = slowly();
  open();
  await userEvent.type(box(), "oc");
  await expect.poll(() => waiting.length).toBe(1);
  await userEvent.type(box(), "e");
  await expect.poll(() => waiting.length).toBe(2);
  expect(waiting[0]!.request.signal.aborted).toBe(true);
  waiting[1]!.answer([OCEAN]);
  await expect.poll(names).toEqual(["Ocean Static"]);
  waiting[0]!.answer([OCASO]);
  await new Promise((done) => setTimeout(done, 20));
  expect(names()).toEqual(["Ocean Static"]);
});

test("Enter never adds what answers an earlier text", async () => {
  const waiting = slowly();
  open();
  await userEvent.type(box(), "oc");
  await expect.poll(() => waiting.length).toBe(1);
  waiting[0]!.answer([OCASO]);
  await expect.poll(names).toEqual(["Señor Ocaso"]);
  await userEvent.type(box(), "e{Enter}");
  expect(waiting).toHaveLength(2); // at once, instead
  expect(box()).toHaveValue("oce");
});

test("Enter adds; the box is ready for the next name, and the toast undoes it", async () => {
  const calls = service({
    [SEARCH]: found(OCASO),
    [ADD]: added,
    [TAKE_OFF]: () => ({ status: 204 }),
  });
  open();
  await look("ocaso");
  await userEvent.keyboard("{Enter}");
  expect(box()).toHaveValue("");
  expect(box()).toHaveFocus();
  expect(screen.queryByRole("listbox")).toBeNull();
  await expect.poll(() => onadded.mock.calls.length).toBe(1);
  expect(calls[ADD]![0]!.body).toEqual({ artist_id: "id-Señor Ocaso" });
  expect(calls[ADD]![0]!.headers.get("idempotency-key")).toBeTruthy();
  expect(said()).toContain("Señor Ocaso is on your list.");
  await userEvent.click(screen.getByRole("button", { name: "Undo" }));
  await expect.poll(said).toContain("Señor Ocaso is off your list again.");
  expect(calls[TAKE_OFF]).toHaveLength(1);
  expect(onadded).toHaveBeenCalledTimes(2);
  expect(box()).toHaveFocus();
});

test("what is composed of several keys is no choice yet", async () => {
  const calls = service({ [SEARCH]: found(OCASO), [ADD]: added });
  open();
  await look("oc");
  box().dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", isComposing: true, bubbles: true }));
  await new Promise((done) => setTimeout(done, 20));
  expect(calls[ADD]).toBeUndefined();
});

test("who is on the list already can be taken off it, and comes back as it was", async () => {
  const entry = { artist_id: OCTAVE.id, tags: ["loud"], note: "Not today.", until: null };
  const calls = service({
    [SEARCH]: found(OCTAVE),
    "GET /api/v1/dnp/entries/id-Octave": () => ({ body: entry, headers: { etag: '"7"' } }),
    "DELETE /api/v1/dnp/entries/id-Octave": () => ({ status: 204 }),
    [ADD]: added,
  });
  open();
  await look("oct");
  await userEvent.keyboard("{Enter}");
  expect(calls[ADD]).toBeUndefined();
  expect(said()).toContain("Octave is on your list already.");
  await userEvent.click(screen.getByRole("button", { name: "Remove Octave from your list" }));
  await expect.poll(said).toContain("Octave is no longer on your list.");
  expect(calls["DELETE /api/v1/dnp/entries/id-Octave"]![0]!.headers.get("if-match")).toBe('"7"');
  await userEvent.click(screen.getByRole("button", { name: "Undo" }));
  await expect.poll(said).toContain("Octave is back on your list.");
  expect(calls[ADD]![0]!.body).toEqual(entry);
});

test("somebody else's addition of a moment ago is no error", async () => {
  service({
    [SEARCH]: found(OCASO),
    [ADD]: () => problem(409, "blocklists.artist_already_blocked"),
  });
  open();
  await look("oc");
  await userEvent.keyboard("{Enter}");
  await expect.poll(said).toContain("Señor Ocaso is on your list already.");
  expect(screen.queryByRole("alert")).toBeNull();
});

const tooMany = { ...problem(429, "shared.too_many_requests"), headers: { "retry-after": "2" } };

test("too many searches: the seconds run, the text stays, and it goes on by itself", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  let refusals = 1;
  const calls = service({ [SEARCH]: () => (refusals-- > 0 ? tooMany : found(OCASO)()) });
  open();
  const user = userEvent.setup({ advanceTimers: vi.advanceTimersByTime });
  await user.type(box(), "oc");
  expect(await screen.findByText(/It goes on by itself in 2 s/, { selector: "p:not(.sr-only)" })).toBeVisible();
  await user.type(box(), "aso");
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await screen.findByText(/in 1 s/)).toBeVisible();
  expect(calls[SEARCH]).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1_500);
  await vi.waitFor(() => expect(names()).toEqual(["Señor Ocaso"]));
  expect(calls[SEARCH]).toHaveLength(2);
  expect(box()).toHaveValue("ocaso");
});

test("too many additions: they wait, each is sent with its key again, none is lost", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  let refusals = 1;
  const calls = service({
    [SEARCH]: found(OCASO),
    [ADD]: () => (refusals-- > 0 ? tooMany : added()),
  });
  open();
  const user = userEvent.setup({ advanceTimers: vi.advanceTimersByTime });
  await user.type(box(), "oc");
  await vi.waitFor(() => expect(names()).toHaveLength(1));
  await user.keyboard("{Enter}");
  await vi.waitFor(() => expect(said()).toContain("Señor Ocaso is not on your list yet."));
  await vi.advanceTimersByTimeAsync(2_500);
  await vi.waitFor(() => expect(said()).toContain("Señor Ocaso is on your list."));
  const keys = calls[ADD]!.map(({ headers }) => headers.get("idempotency-key"));
  expect(keys).toEqual([keys[0], keys[0]]);
});

test("without a connection the text stays; with it again, the search goes on", async () => {
  let isOffline = true;
  service({
    [SEARCH]: () => {
      if (isOffline) throw new TypeError("Failed to fetch");
      return found(OCASO)();
    },
  });
  vi.spyOn(navigator, "onLine", "get").mockImplementation(() => !isOffline);
  open();
  await userEvent.type(box(), "oc");
  await expect.poll(said).toContain("You are offline.");
  expect(box()).toHaveValue("oc");
  isOffline = false;
  dispatchEvent(new Event("online"));
  await expect.poll(names).toEqual(["Señor Ocaso"]);
});

test("what is refused for good says so with the request's id, and gives the text back", async () => {
  service({ [SEARCH]: found(OCASO), [ADD]: () => problem(409, "blocklists.list_full") });
  open();
  await look("oc");
  await userEvent.keyboard("{Enter}");
  const alert = await screen.findByRole("alert");
  expect(alert).toHaveTextContent("Your list is full");
  expect(alert).toHaveTextContent("Request r-1");
  expect(box()).toHaveValue("oc");
});

test("whoever has to sign in again finds what they had typed, and nobody else does", async () => {
  const enter = (user: typeof ADA | null) => {
    account.user = user;
    account.state = user ? "signed_in" : "signed_out";
    return tick();
  };
  await enter(ADA);
  service({ [SEARCH]: () => problem(401, "accounts.authentication_required") });
  render(Toasts);
  render(Whoever);
  await userEvent.type(box(), "oc");
  await screen.findByRole("alert");
  service({ [SEARCH]: found(OCASO) });
  await enter(null);
  await expect.poll(said).toContain("what you typed is kept");
  await enter({ ...ADA, id: "another" } as unknown as typeof ADA);
  expect(box()).toHaveValue("");
  await enter(null);
  await enter(ADA);
  expect(box()).toHaveValue("oc");
});

test("nobody found: there is another way to go", async () => {
  service({ [SEARCH]: found() });
  open();
  await userEvent.type(box(), "zzz");
  expect(await screen.findByText("Nobody called “zzz” was found.", { selector: ".font-semibold" })).toBeVisible();
  expect(screen.getByRole("link", { name: "Import a list" })).toHaveAttribute("href", "/import");
  await userEvent.click(screen.getByRole("button", { name: "Add by link" }));
  expect(box()).toHaveFocus();
  expect(said()).toContain("Paste the link");
});

const LINK = "https://open.spotify.com/intl-de/artist/3ec16T2vMbjJi4luOqt6ps?si=1";
const RESOLVE = "POST /api/v1/artists/resolve";
const resolved = (row: object) => () => ({
  body: { rows: [{ outcome: "unknown", artist: null, candidates: [], unreadable: [], ...row }] },
});

test("a link that is pasted says who is meant, and whether they are there", async () => {
  const calls = service({
    [RESOLVE]: resolved({ outcome: "resolved", artist: OCTAVE }),
    [SEARCH]: found(OCEAN, OCTAVE),
  });
  open();
  await userEvent.click(box());
  await userEvent.paste(`Listen to Octave: ${LINK}`);
  await expect.poll(names).toEqual(["Octave"]);
  expect(calls[RESOLVE]![0]!.body).toEqual({ rows: [{ links: [LINK] }] });
  expect(screen.getByRole("option")).toHaveTextContent(/The artist of this link.*On your list/);
});

test("a link with several artists leaves the choice, one of a song says what is needed", async () => {
  const candidates = [OCASO, OCEAN].map((artist) => ({ artist, disambiguation: null }));
  let answer = resolved({ outcome: "conflict", candidates });
  service({ [RESOLVE]: () => answer() });
  open();
  await userEvent.click(box());
  await userEvent.paste(LINK);
  await expect.poll(names).toEqual(["Señor Ocaso", "Ocean Static"]);
  answer = resolved({ unreadable: ["…"] });
  await userEvent.clear(box());
  await userEvent.paste("spotify:track:3ec16T2vMbjJi4luOqt6ps");
  const panel = await screen.findByText(/link of an artist’s page is needed/);
  expect(within(panel.parentElement!).getByText("This link does not say who is meant.")).toBeVisible();
});

test("who is not in the catalogue yet is added under a name, with the link", async () => {
  const calls = service({
    [RESOLVE]: resolved({}),
    "POST /api/v1/dnp/bulk/undo": () => ({ body: {} }),
  });
  const others = globalThis.fetch;
  const files: File[] = [];
  let result = { added: 1, already_there: 0, change_id: "c-1" };
  vi.stubGlobal("fetch", async (request: Request) => {
    if (!request.url.endsWith("/dnp/import?format=json")) return others(request);
    files.push((await request.formData()).get("file") as File);
    return Response.json(result);
  });
  open();
  await userEvent.click(box());
  await userEvent.paste(LINK);
  await userEvent.type(await screen.findByLabelText("Name of the artist"), "Slow Tide{Enter}");
  await expect.poll(said).toContain("Slow Tide is on your list.");
  expect(JSON.parse(await files[0]!.text())).toEqual([{ name: "Slow Tide", link: LINK }]);
  expect(box()).toHaveValue("");
  expect(onadded).toHaveBeenCalledOnce();
  await userEvent.type(box(), "x");
  await userEvent.click(screen.getByRole("button", { name: "Undo" }));
  await expect.poll(() => calls["POST /api/v1/dnp/bulk/undo"]?.[0]?.body).toEqual({ change_id: "c-1" });
  await expect.poll(said).toContain("Slow Tide is off your list again.");
  expect(box()).toHaveValue("x");
  await userEvent.clear(box());
  result = { added: 0, already_there: 0, change_id: "c-2" };
  await userEvent.type(box(), LINK);
  await userEvent.type(await screen.findByLabelText("Name of the artist"), "Slow Tide{Enter}");
  expect(await screen.findByText(/could not be added/)).toBeVisible();
});
