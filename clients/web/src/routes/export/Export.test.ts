import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test } from "vitest";
import { account } from "$lib/api/session.svelte";
import { downloads } from "../../test.downloads";
import { ADA, problem, service } from "../../test.service";
import Export from "./Export.svelte";

const EXPORT = "GET /api/v1/dnp/export";
const SUMMARY = "GET /api/v1/dnp/summary";

beforeEach(() => account.entered(ADA));

test("a list is taken along in the format of the card, with the day in its name", async () => {
  const calls = service({
    [SUMMARY]: () => ({ body: { entries: 7477 } }),
    [EXPORT]: ({ query }) => ({ body: `as ${query.format}` }),
  });
  const kept = downloads();
  render(Export);
  expect(await screen.findByText("There are 7,477 artists on it.")).toBeVisible();
  for (const name of ["CSV", "JSON", "Spicetify Trashbin", "Plain text"]) {
    await userEvent.click(screen.getByRole("button", { name: `Download as ${name}` }));
  }
  await expect.poll(() => kept.map(({ text }) => text)).toEqual([
    "as csv",
    "as json",
    "as trashbin",
    "as text",
  ]);
  const day = new Intl.DateTimeFormat("en-CA").format(new Date());
  expect(kept.map(({ name }) => name)).toEqual([
    `do-not-play-list-${day}.csv`,
    `do-not-play-list-${day}.json`,
    `do-not-play-list-${day}.trashbin.json`,
    `do-not-play-list-${day}.txt`,
  ]);
  expect(calls[EXPORT]).toHaveLength(4);
});

test("a refusal is told in its card, and no file is kept", async () => {
  service({ [SUMMARY]: () => ({ body: { entries: 0 } }), [EXPORT]: () => problem(429, "shared.too_many_requests") });
  const kept = downloads();
  render(Export);
  expect(await screen.findByText(/Nobody is on your list yet/)).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Download as CSV" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("r-1");
  expect(kept).toEqual([]);
});
