import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test } from "vitest";
import { problem, service } from "../../test.service";
import Toasts from "$lib/ui/Toasts.svelte";
import Tracks from "./Tracks.svelte";
import { begin, held } from "./test.world";

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
