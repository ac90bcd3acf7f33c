import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { account } from "$lib/api/session.svelte";
import { ADA, problem, service } from "../../../test.service";
import Profile from "./Profile.svelte";

const READ = "GET /api/v1/users/profile";
const SETTINGS = "PUT /api/v1/users/settings";
const PROFILE = { body: ADA, headers: { etag: '"1"' } };
const box = () => screen.getByRole<HTMLInputElement>("checkbox");

test("the switch for mail goes back where it was not kept", async () => {
  account.entered(ADA);
  service({ [READ]: () => PROFILE, [SETTINGS]: () => problem(503, "shared.unavailable") });
  render(Profile);
  expect(box()).toBeChecked();
  await userEvent.click(box());
  expect(await screen.findByRole("alert")).toBeVisible();
  await expect.poll(() => box().checked).toBe(true);
});

test("the switch for mail waits until it is kept, and then shows what is", async () => {
  account.entered(ADA);
  const calls = service({
    [READ]: () => PROFILE,
    [SETTINGS]: ({ body }) => ({ body: { ...ADA, settings: body } }),
  });
  const works = globalThis.fetch;
  let answer = () => {};
  const waits = new Promise<void>((resume) => (answer = resume));
  globalThis.fetch = async (...sent) => {
    await waits;
    return works(...sent);
  };
  render(Profile);
  await userEvent.click(box());
  expect(box()).not.toBeChecked();
  expect(box()).toHaveAttribute("aria-disabled", "true");
  await userEvent.click(box());
  expect(box()).not.toBeChecked();
  answer();
  await expect.poll(() => account.user?.settings.email_notifications).toBe(false);
  expect(box()).not.toBeChecked();
  expect(calls[SETTINGS]).toHaveLength(1);
});
