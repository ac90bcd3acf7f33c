import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test } from "vitest";
import { problem, service } from "../../../test.service";
import Toasts from "$lib/ui/Toasts.svelte";
import Tracks from "./Tracks.svelte";
import { begin, held } from "../test.world";

beforeEach(begin);

const TRACKS = "GET /api/v1/dnp/tracks";
const OFF = "POST /api/v1/dnp/tracks/remove";
const ON = "POST /api/v1/dnp/tracks/add";
const item = {
  track: { service: "spotify", id: "4cOdK2wGLETKBW3PvgPWqT", title: "A song", artist_credit: "Somebody" },
  note: null,
  created_at: "2026-01-31T12:00:00Z",
};

test("an undo works while the tracks are still read again, and is offered again where it fails", async () => {
  const wait = held();
  let works = false;
  let isOn = true;
  const calls = service({
    [TRACKS]: async () => {
      if (!isOn) await wait.promise;
      return { body: { items: isOn ? [item] : [], next_cursor: null } };
    },
    [OFF]: () => {
      isOn = false;
      return { body: {} };
    },
    [ON]: () => {
      isOn = works;
      return works ? { body: {} } : problem(503, "shared.unavailable");
    },
  });
  render(Toasts);
  render(Tracks, { onchanged: () => Promise.resolve() });
  await userEvent.click(await screen.findByRole("button", { name: "Remove the track A song" }));
  await userEvent.click(await screen.findByRole("button", { name: "Undo" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("r-1");
  works = true;
  await userEvent.click(await screen.findByRole("button", { name: "Undo" }));
  expect(await screen.findByRole("button", { name: "Remove the track A song" })).toBeVisible();
  wait.go();
  await expect.poll(() => screen.queryByRole("alert")).toBeNull();
  expect(calls[ON]).toHaveLength(2);
  expect(screen.getByText("Somebody")).toBeVisible();
});

const LINK = "https://open.spotify.com/track/4cOdK2wGLETKBW3PvgPWqT";

/** A list of tracks, and what comes of adding one. */
function answering(outcome: string) {
  let isOn = false;
  const calls = service({
    [TRACKS]: () => ({ body: { items: isOn ? [item] : [], next_cursor: null } }),
    [ON]: () => {
      isOn = outcome === "added";
      const { service, id } = item.track;
      return { body: { added: isOn ? 1 : 0, items: [{ service, id, outcome }] } };
    },
    [OFF]: () => {
      isOn = false;
      return { body: {} };
    },
  });
  render(Toasts);
  render(Tracks, { onchanged: () => Promise.resolve() });
  return calls;
}

async function fillIn() {
  await userEvent.click(screen.getByRole("button", { name: "Add a track" }));
  await userEvent.type(screen.getByLabelText("Link or id of the track"), LINK);
  await userEvent.type(screen.getByLabelText("Title"), "A song");
  await userEvent.type(screen.getByLabelText("By"), "Somebody");
}
const send = () => userEvent.click(screen.getAllByRole("button", { name: "Add a track" }).at(-1)!);

test("there is none at first; one is added by its link, and taken off again by an undo", async () => {
  const calls = answering("added");
  expect(await screen.findByRole("heading", { name: "No single track is on your list." })).toBeVisible();
  await fillIn();
  expect(screen.getByLabelText("Service")).toHaveValue("spotify");
  await send();
  expect(await screen.findByRole("button", { name: "Remove the track A song" })).toBeVisible();
  expect(screen.queryByRole("dialog")).toBeNull();
  expect(calls[ON]![0]!.body).toEqual({ tracks: [{ ...item.track, id: LINK, note: null }] });
  await userEvent.click(await screen.findByRole("button", { name: "Undo" }));
  await expect.poll(() => screen.queryByRole("button", { name: "Remove the track A song" })).toBeNull();
  expect(calls[OFF]![0]!.body).toEqual({ tracks: [{ service: "spotify", id: item.track.id }] });
});

test("the link says whose it is; an id that may be anybody's leaves that to the person", async () => {
  answering("added");
  await userEvent.click(screen.getByRole("button", { name: "Add a track" }));
  const link = screen.getByLabelText("Link or id of the track");
  await userEvent.type(link, "https://listen.tidal.com/track/1");
  expect(screen.getByLabelText("Service")).toHaveValue("tidal");
  await userEvent.clear(link);
  await userEvent.selectOptions(screen.getByLabelText("Service"), "Deezer");
  await userEvent.type(link, "12345");
  expect(screen.getByLabelText("Service")).toHaveValue("deezer");
});

test("nothing is sent while something is missing, and each field says so", async () => {
  const calls = answering("added");
  await userEvent.click(screen.getByRole("button", { name: "Add a track" }));
  await send();
  expect(screen.getAllByText("This is needed.")).toHaveLength(3);
  expect(calls[ON]).toBeUndefined();
});

test("a track that is excepted is not taken, and what was typed stays", async () => {
  answering("excepted");
  await fillIn();
  await send();
  expect(await screen.findByText(/^You have excepted this track/)).toBeVisible();
  expect(screen.getByLabelText("Title")).toHaveValue("A song");
});

test("a track that is there already is told as such", async () => {
  answering("already_there");
  await fillIn();
  await send();
  expect(await screen.findByText("A song is on your list already.")).toBeVisible();
  expect(screen.queryByRole("dialog")).toBeNull();
});

test("a link that the service cannot read is told at its field", async () => {
  const refused = problem(422, "shared.invalid_input");
  const errors = [{ field: "tracks[0].id", message: "expected for spotify: 22 letters and digits" }];
  service({
    [TRACKS]: () => ({ body: { items: [], next_cursor: null } }),
    [ON]: () => ({ ...refused, body: { ...(refused.body as object), errors } }),
  });
  render(Tracks, { onchanged: () => Promise.resolve() });
  await fillIn();
  await send();
  await expect
    .poll(() => screen.getByLabelText("Link or id of the track"))
    .toHaveAccessibleDescription(/does not say which track is meant on Spotify/);
});
