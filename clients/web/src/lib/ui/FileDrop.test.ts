import { fireEvent, render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import FileDrop from "./FileDrop.svelte";

function drop(most = 10) {
  const onfile = vi.fn<(file: File) => void>();
  render(FileDrop, { label: "A list", formats: "CSV.", most, onfile, example: "A name" });
  const given = async () =>
    Promise.all(
      onfile.mock.calls.map(async ([file]) => [
        file.name,
        new TextDecoder().decode(await file.arrayBuffer()),
      ]),
    );
  return { given, onfile };
}
const dropped = (...files: File[]) =>
  fireEvent.drop(screen.getByRole("group", { name: "A list" }), { dataTransfer: { files } });

test("a file is chosen, dropped, or pasted as text", async () => {
  const { given, onfile } = drop();
  const input = screen.getByLabelText("Choose a file");
  expect(input).toHaveAccessibleDescription(/A list.*CSV\./);
  await userEvent.upload(input, new File(["abc"], "a.csv"));
  await expect.poll(() => onfile.mock.calls.length).toBe(1);
  await dropped(new File(["def"], "b.csv"));
  await userEvent.click(screen.getByText("Paste text instead"));
  await userEvent.type(screen.getByLabelText("Text to use in place of a file"), "ghi");
  await userEvent.click(screen.getByRole("button", { name: "Use this text" }));
  await expect.poll(given).toEqual([
    ["a.csv", "abc"],
    ["b.csv", "def"],
    ["Pasted text", "ghi"],
  ]);
});

test("a file that is too large, or empty, or one of several, is refused before it is sent", async () => {
  const { onfile } = drop();
  const refusal = () => screen.getByRole("alert").textContent;
  await dropped(new File(["eleven byte"], "large.csv"));
  await expect.poll(refusal).toContain("large.csv has");
  await dropped(new File([], "empty.csv"));
  await expect.poll(refusal).toContain("empty.csv is empty");
  await dropped(new File(["a"], "a.csv"), new File(["b"], "b.csv"));
  await expect.poll(refusal).toContain("One file at a time");
  expect(onfile).not.toHaveBeenCalled();
  await dropped(new File(["ten bytes!"], "fits.csv"));
  await expect.poll(refusal).toBe("");
  expect(onfile).toHaveBeenCalledOnce();
});

test("a folder is told from a file", async () => {
  drop();
  const folder = new File(["x"], "folder");
  folder.arrayBuffer = () => Promise.reject(new DOMException("", "NotReadableError"));
  await dropped(folder);
  await expect.poll(() => screen.getByRole("alert").textContent).toContain("folder cannot be read");
});
