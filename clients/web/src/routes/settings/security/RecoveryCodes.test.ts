import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import RecoveryCodes from "./RecoveryCodes.svelte";

test("codes are not put away before somebody says that they are kept", async () => {
  const onclose = vi.fn();
  render(RecoveryCodes, { codes: ["7k3m-p2qw", "x9ab-4tcd"], onclose });
  expect(screen.getAllByRole("listitem").map((item) => item.textContent)).toEqual([
    "7k3m-p2qw",
    "x9ab-4tcd",
  ]);
  await userEvent.click(screen.getByRole("button", { name: "Done" }));
  expect(onclose).not.toHaveBeenCalled();
  expect(screen.getByRole("alert")).toHaveTextContent("cannot be shown again");
  await userEvent.click(screen.getByLabelText("I have kept the codes"));
  await userEvent.click(screen.getByRole("button", { name: "Done" }));
  expect(onclose).toHaveBeenCalledOnce();
});

test("codes stay where the browser has closed the dialog, as a second Escape does", async () => {
  const onclose = vi.fn();
  render(RecoveryCodes, { codes: ["7k3m-p2qw", "x9ab-4tcd"], onclose });
  const dialog = screen.getByRole<HTMLDialogElement>("dialog");
  dialog.dispatchEvent(new Event("cancel", { cancelable: false }));
  dialog.close();
  dialog.dispatchEvent(new Event("close"));
  await expect.poll(() => dialog.open).toBe(true);
  expect(screen.getByRole("alert")).toHaveTextContent("cannot be shown again");
  expect(onclose).not.toHaveBeenCalled();
});
