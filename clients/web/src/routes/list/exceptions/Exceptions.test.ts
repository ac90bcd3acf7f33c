import { render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";
import Toasts from "$lib/ui/Toasts.svelte";
import { problem, service } from "../../../test.service";
import { anEntry, begin } from "../test.world";
import Exceptions from "./Exceptions.svelte";

vi.mock("../../../router", () => ({ p: (path: string) => path }));
beforeEach(begin);

const READ = "GET /api/v1/dnp/exceptions";
const ADD = "POST /api/v1/dnp/exceptions";
const SEARCH = "GET /api/v1/dnp/search";
const RESOLVE = "POST /api/v1/artists/resolve";
const ENTRY = anEntry(1, { tags: ["loud"], note: "Mine." });
const PATH = `/api/v1/dnp/entries/${ENTRY.artist_id}`;

const hit = (on_own_list = false) => ({
  ...ENTRY.artist,
  match: { reason: "exact", name: ENTRY.artist.canonical_name, is_alias: false },
  aliases: [],
  disambiguation: null,
  on_own_list,
});
const exception = (id: string, body: object) => ({
  id,
  artist_id: null,
  track: null,
  note: null,
  created_at: "2026-01-31T12:00:00Z",
  ...body,
});

/** A service that keeps exceptions; who is on one's own list cannot be one. */
function world({ onList = false, says = false } = {}) {
  const kept: { id: string }[] = [];
  let blocked = onList;
  const calls = service({
    [READ]: () => ({
      body: { items: kept.map((item) => ({ exception: item, name: "Artist 1" })), next_cursor: null },
    }),
    [ADD]: ({ body }) => {
      if (blocked) return problem(409, "blocklists.blocked_by_own_list");
      if (kept.length > 0) return problem(409, "blocklists.already_excepted");
      kept.push(exception("e-1", body as object));
      return { status: 201, body: kept[0] };
    },
    "DELETE /api/v1/dnp/exceptions/e-1": () => {
      kept.pop();
      return { status: 204 };
    },
    [SEARCH]: () => ({ body: { items: [hit(says)] } }),
    [`GET ${PATH}`]: () => ({ body: ENTRY, headers: { etag: '"1"' } }),
    [`DELETE ${PATH}`]: () => {
      blocked = false;
      return { status: 204 };
    },
    "POST /api/v1/dnp/add": () => {
      blocked = true;
      return { status: 201, body: ENTRY };
    },
  });
  render(Toasts);
  const onchanged = vi.fn(() => Promise.resolve());
  render(Exceptions, { onchanged });
  return { calls, kept, onchanged, isBlocked: () => blocked };
}

const box = () => screen.getByRole("combobox", { name: "Never block an artist" });
const undo = () => screen.findByRole("button", { name: "Undo" });
const row = () => screen.queryByRole("button", { name: "Remove the exception for Artist 1" });

async function choose() {
  await userEvent.type(box(), "art");
  await expect.poll(() => screen.queryAllByRole("option").length).toBe(1);
  await userEvent.keyboard("{Enter}");
}

test("there is nobody at first, and it says how to begin", async () => {
  world();
  expect(await screen.findByRole("heading", { name: "There are no exceptions." })).toBeVisible();
  expect(box()).toHaveAccessibleDescription(/Enter makes an exception/);
});

test("an artist is excepted with one key, and the exception taken back by an undo", async () => {
  const { calls, onchanged } = world();
  await choose();
  await waitFor(() => expect(row()).toBeVisible());
  expect(calls[ADD]![0]!.body).toEqual({ artist_id: ENTRY.artist_id });
  expect(onchanged).toHaveBeenCalledOnce();
  expect(box()).toHaveValue("");
  expect(screen.getByText("No list blocks Artist 1 any more.")).toBeVisible();
  await userEvent.click(await undo());
  await waitFor(() => expect(row()).toBeNull());
});

test.each([true, false])(
  "who is on one's own list comes off it first, and back with what was said of them (known before: %s)",
  async (says) => {
    const { calls, isBlocked } = world({ onList: true, says });
    await choose();
    await userEvent.click(await screen.findByRole("button", { name: "Take off and never block" }));
    await waitFor(() => expect(row()).toBeVisible());
    expect(isBlocked()).toBe(false);
    expect(calls[`DELETE ${PATH}`]![0]!.headers.get("if-match")).toBe('"1"');
    await userEvent.click(await undo());
    await waitFor(() => expect(isBlocked()).toBe(true));
    expect(calls["POST /api/v1/dnp/add"]![0]!.body).toMatchObject({ tags: ["loud"], note: "Mine." });
    await waitFor(() => expect(row()).toBeNull());
  },
);

test("who is an exception already is told as such, and is no failure", async () => {
  world();
  await choose();
  await waitFor(() => expect(row()).toBeVisible());
  await choose();
  expect(await screen.findByText("Artist 1 is an exception already.")).toBeVisible();
  expect(screen.queryByRole("alert")).toBeNull();
});

test("what goes wrong is told, and the name stays in the box", async () => {
  service({
    [READ]: () => ({ body: { items: [], next_cursor: null } }),
    [SEARCH]: () => ({ body: { items: [hit()] } }),
    [ADD]: () => problem(500, "shared.unexpected"),
  });
  render(Exceptions, { onchanged: () => Promise.resolve() });
  await choose();
  expect(await screen.findByRole("alert")).toHaveTextContent("r-1");
  expect(box()).toHaveValue("art");
});

test("a link that nobody has does not offer to put a new artist on the list", async () => {
  service({
    [READ]: () => ({ body: { items: [], next_cursor: null } }),
    [RESOLVE]: () => ({ body: { rows: [{ artist: null, candidates: [], unreadable: [], unknown: [] }] } }),
  });
  render(Exceptions, { onchanged: () => Promise.resolve() });
  await userEvent.type(box(), "https://open.spotify.com/artist/3ec16T2vMbjJi4luOqt6ps");
  expect(await screen.findByText(/^Only whom the catalogue knows/)).toBeVisible();
  expect(screen.queryByRole("textbox", { name: "Name of the artist" })).toBeNull();
});

test("a single track is excepted with its own words", async () => {
  const { calls } = world();
  await userEvent.click(screen.getByRole("button", { name: "Except a single track" }));
  await userEvent.type(screen.getByLabelText("Link or id of the track"), "QZES71234567");
  await userEvent.type(screen.getByLabelText("Title"), "Rain");
  await userEvent.type(screen.getByLabelText("By"), "Static Bloom");
  await userEvent.type(screen.getByLabelText("Note"), "Ours.");
  await userEvent.click(
    screen.getAllByRole("button", { name: "Except a single track" }).at(-1)!,
  );
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  const track = { service: "isrc", id: "QZES71234567", title: "Rain", artist_credit: "Static Bloom" };
  expect(calls[ADD]![0]!.body).toEqual({ track: { ...track, note: null }, note: "Ours." });
  expect(await screen.findByText("No list blocks Rain any more.")).toBeVisible();
});
