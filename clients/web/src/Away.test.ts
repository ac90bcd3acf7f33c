import { render, screen } from "@testing-library/svelte";
import { expect, test, vi } from "vitest";
import Away from "./Away.svelte";

const trouble = { message: "", fields: {}, requestId: null, code: null };

test("without a connection it says so, what there is meanwhile, and goes on when it is back", async () => {
  const online = vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
  const onretry = vi.fn();
  render(Away, { trouble, onretry });
  expect(screen.getByRole("heading", { name: "You are offline" })).toBeVisible();
  expect(screen.getByText(/exported is a file/)).toBeVisible();
  online.mockReturnValue(true);
  dispatchEvent(new Event("online"));
  expect(onretry).toHaveBeenCalledOnce();
});

test("where the service is away it tries again by itself, and leaves a refusal alone", async () => {
  vi.useFakeTimers();
  const onretry = vi.fn();
  const { rerender } = render(Away, { trouble, onretry });
  expect(screen.getByRole("heading", { name: "The service cannot be reached" })).toBeVisible();
  await vi.advanceTimersByTimeAsync(15_000);
  expect(onretry).toHaveBeenCalledOnce();
  await rerender({ trouble: { ...trouble, message: "No.", code: "shared.unavailable", requestId: "r-1" } });
  expect(screen.getByRole("alert")).toHaveTextContent("Request r-1");
  await vi.advanceTimersByTimeAsync(60_000);
  expect(onretry).toHaveBeenCalledOnce();
  vi.useRealTimers();
});
