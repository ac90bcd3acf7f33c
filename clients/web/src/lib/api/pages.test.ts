import { expect, test } from "vitest";
import { Pages } from "./pages.svelte";

test("a later page that comes after it was begun again is dropped", async () => {
  let late!: (page: { items: string[]; next_cursor: null }) => void;
  const pages = new Pages<string>((cursor) =>
    cursor === null
      ? Promise.resolve({ items: ["a"], next_cursor: "1" })
      : new Promise((resolve) => (late = resolve)),
  );
  await expect.poll(() => pages.items).toEqual(["a"]);
  const more = pages.more();
  await pages.again();
  expect(pages.items).toEqual(["a"]);
  late({ items: ["b"], next_cursor: null });
  await more;
  expect([pages.items, pages.cursor, pages.action.busy]).toEqual([["a"], "1", false]);
});
