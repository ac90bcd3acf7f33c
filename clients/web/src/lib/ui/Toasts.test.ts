import { fireEvent, render, screen } from "@testing-library/svelte";
import { tick } from "svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import Toasts from "./Toasts.svelte";
import { toasts } from "./toasts.svelte";

beforeEach(() => {
  vi.useFakeTimers();
  toasts.items = [];
});
afterEach(() => void vi.useRealTimers());

async function pass(seconds: number) {
  vi.advanceTimersByTime(seconds * 1_000);
  await tick();
}

test("a message stays while the pointer is on it or the focus in it", async () => {
  render(Toasts);
  toasts.say("It is gone.", () => {});
  await tick();
  const undo = screen.getByRole("button", { name: "Undo" });
  await pass(7);
  await fireEvent.pointerEnter(undo.parentElement!);
  await pass(60);
  undo.focus();
  await fireEvent.pointerLeave(undo.parentElement!);
  await pass(60);
  expect(undo).toBeInTheDocument();
  screen.getByRole("button", { name: "Close" }).focus();
  await pass(60);
  expect(undo).toBeInTheDocument();
  (document.activeElement as HTMLElement).blur();
  await pass(7);
  expect(undo).toBeInTheDocument();
  await pass(2);
  expect(undo).not.toBeInTheDocument();
});

test("the page makes room for what is said, as long as it is said", async () => {
  vi.spyOn(HTMLElement.prototype, "offsetHeight", "get").mockReturnValue(72);
  render(Toasts);
  const room = () => document.documentElement.style.getPropertyValue("--toasts");
  expect(room()).toBe("0px");
  toasts.say("It is gone.");
  await tick();
  expect(room()).toBe("72px");
  await pass(9);
  expect(room()).toBe("0px");
});
