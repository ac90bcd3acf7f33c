import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";
import { problem, service } from "../../test.service";
import EditEntry from "./EditEntry.svelte";
import { anEntry, begin } from "./test.world";

const entry = anEntry(1, { tags: ["evening"], note: "Not now." });
const READ = `GET /api/v1/dnp/entries/${entry.artist_id}`;
const CHANGE = `PATCH /api/v1/dnp/entries/${entry.artist_id}`;
const newer = { ...entry, note: "Never again.", tags: ["late"] };

beforeEach(begin);

function edited(answers: Parameters<typeof service>[0]) {
  const hooks = { onsaved: vi.fn(), onclose: vi.fn() };
  const calls = service(answers);
  render(EditEntry, { entry, known: ["loud"], ...hooks });
  return { calls, ...hooks };
}
const save = () => userEvent.click(screen.getByRole("button", { name: "Save" }));

test("only what was changed is sent, for the state that was on the screen", async () => {
  const { calls, onsaved } = edited({
    [READ]: () => ({ body: entry, headers: { etag: '"1"' } }),
    [CHANGE]: () => ({ body: newer }),
  });
  await userEvent.type(await screen.findByLabelText("Tags"), "loud");
  await save();
  await expect.poll(() => onsaved.mock.calls).toEqual([[newer]]);
  expect(calls[CHANGE]![0]!.body).toEqual({ tags: ["evening", "loud"] });
  expect(calls[CHANGE]![0]!.headers.get("if-match")).toBe('"1"');
});

test("an end is the end of that day, and can be taken away", async () => {
  const { calls } = edited({
    [READ]: () => ({ body: { ...entry, until: "2046-01-31T09:30:00Z" }, headers: { etag: '"1"' } }),
    [CHANGE]: () => ({ body: newer }),
  });
  const day = await screen.findByLabelText("Until the end of");
  await userEvent.clear(day);
  await userEvent.type(day, "2046-03-01");
  await save();
  await userEvent.clear(day);
  await save();
  await expect.poll(() => calls[CHANGE]?.map(({ body }) => body)).toEqual([
    { until: new Date("2046-03-01T23:59:59").toISOString() },
    { until: null },
  ]);
});

const overtaken = () => {
  const states = [
    { body: entry, headers: { etag: '"1"' } },
    { body: newer, headers: { etag: '"2"' } },
  ];
  return edited({
    [READ]: () => states.shift()!,
    [CHANGE]: ({ headers }) =>
      headers.get("if-match") === '"2"'
        ? { body: newer }
        : problem(412, "shared.precondition_failed"),
  });
};

test("an entry that was changed elsewhere is shown, and saved over only if one wants that", async () => {
  const { calls, onsaved } = overtaken();
  const note = await screen.findByLabelText("Note");
  await userEvent.clear(note);
  await userEvent.type(note, "On Sundays.");
  await save();
  const conflict = await screen.findByRole("alert");
  expect(conflict).toHaveTextContent("changed elsewhere");
  expect(conflict).toHaveTextContent("Never again.");
  expect(note).toHaveValue("On Sundays.");
  expect(onsaved).not.toHaveBeenCalled();
  await userEvent.click(screen.getByRole("button", { name: "Save mine instead" }));
  await expect.poll(() => onsaved.mock.calls.length).toBe(1);
  expect(calls[CHANGE]!.map(({ body }) => body)).toEqual([
    { note: "On Sundays." },
    { note: "On Sundays." }, // and not the tags, which are left as somebody else has set them
  ]);
});

test("what was changed elsewhere can be gone on with", async () => {
  overtaken();
  await userEvent.type(await screen.findByLabelText("Note"), "!");
  await save();
  await userEvent.click(await screen.findByRole("button", { name: "Use what is there now" }));
  expect(screen.getByLabelText("Note")).toHaveValue("Never again.");
  expect(screen.queryByRole("alert")).toBeNull();
});
