import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test } from "vitest";
import { service } from "../../test.service";
import ManageTags from "./ManageTags.svelte";
import { begin, UNDO } from "./test.world";

const RENAME = "POST /api/v1/dnp/tags/rename";
const REMOVE = "POST /api/v1/dnp/tags/remove";
const tags = [
  { tag: "evening", entries: 3 },
  { tag: "loud", entries: 1 },
];

beforeEach(begin);

function managed() {
  const calls = service({
    [RENAME]: () => ({ body: { change_id: "c-1", entries: 1 } }),
    [REMOVE]: () => ({ body: { change_id: "c-2", entries: 3 } }),
    [UNDO]: () => ({ body: { change: {}, restored: 3, left: 0 } }),
  });
  render(ManageTags, { tags, onchanged: async () => {}, onclose: () => {} });
  return calls;
}

test("a name that is there already makes one tag of two, and says so before", async () => {
  const calls = managed();
  await userEvent.click(screen.getByRole("button", { name: "Rename the tag loud" }));
  const name = screen.getByLabelText("New name for loud");
  await userEvent.clear(name);
  await userEvent.type(name, "evenin");
  expect(screen.queryByText(/Both become one/)).toBeNull();
  await userEvent.type(name, "g");
  expect(screen.getByText("There is a tag evening already. Both become one.")).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Merge" }));
  await screen.findByText("loud is now evening, on 1 entry.");
  expect(calls[RENAME]!.map(({ body }) => body)).toEqual([{ tag: "loud", to: "evening" }]);
});

test("a tag is removed, and that is undone", async () => {
  const calls = managed();
  await userEvent.click(screen.getByRole("button", { name: "Remove the tag evening" }));
  await screen.findByText("evening is taken off 3 entries.");
  await userEvent.click(screen.getByRole("button", { name: "Undo" }));
  await screen.findByText("Undone: 3 entries are as they were.");
  expect(calls[UNDO]!.map(({ body }) => body)).toEqual([{ change_id: "c-2" }]);
});
