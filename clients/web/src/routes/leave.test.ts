import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { account } from "$lib/api/session.svelte";
import Toasts from "$lib/ui/Toasts.svelte";
import { ADA, service } from "../test.service";
import { leave } from "./leave";

test("who cannot sign out stays signed in, hears why, and can try again", async () => {
  const calls = service({ "POST /api/v1/auth/logout": () => ({ status: 204 }) });
  account.entered(await account.session.signIn(ADA.email, "seven quiet otters"));
  const works = globalThis.fetch;
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("away")));
  render(Toasts);
  await leave();
  expect(account.state).toBe("signed_in");
  expect(await screen.findByText(/You are still signed in\. The service cannot be reached/)).toBeVisible();
  vi.stubGlobal("fetch", works);
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  await expect.poll(() => account.state).toBe("signed_out");
  expect(calls["POST /api/v1/auth/logout"]).toHaveLength(1);
});
