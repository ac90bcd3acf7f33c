import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import TokenShown from "./TokenShown.svelte";

test("a new token is not put away by accident", async () => {
  const onclose = vi.fn();
  render(TokenShown, { secret: "ndh_secret", onclose });
  screen.getByRole("dialog").dispatchEvent(new Event("cancel", { cancelable: true }));
  await userEvent.click(screen.getByRole("button", { name: "Close" }));
  expect(onclose).not.toHaveBeenCalled();
  expect(screen.getByRole("alert")).toHaveTextContent("cannot be shown again");
  await userEvent.click(screen.getByRole("button", { name: "Done" }));
  expect(onclose).toHaveBeenCalledOnce();
});
