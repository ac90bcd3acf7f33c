import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import { problem, service } from "../../test.service";
import FollowLink from "./FollowLink.svelte";

const at = (address: string) => history.replaceState(null, "", address);
afterEach(() => at("/"));

test("nothing is done before one says so; the secret leaves the address at once", async () => {
  const calls = service({ "POST /api/v1/auth/email/verify": () => ({ status: 204 }) });
  at("/verify-email#token=secret");
  render(FollowLink);
  expect(location.hash).toBe("");
  expect(calls).toEqual({});
  await userEvent.click(screen.getByRole("button", { name: "Confirm the address" }));
  expect(await screen.findByText("Thank you, your address is confirmed.")).toHaveFocus();
  expect(calls["POST /api/v1/auth/email/verify"]![0]!.body).toEqual({ token: "secret" });
});

test("a new password is sent with the secret, and what is wrong with it said at its field", async () => {
  let refuses = true;
  const refused = problem(422, "shared.invalid_input");
  const errors = [{ field: "password", message: "this one is guessed early" }];
  const calls = service({
    "POST /api/v1/auth/password/reset": () =>
      refuses ? { ...refused, body: { ...(refused.body as object), errors } } : { status: 204 },
  });
  at("/reset-password#token=secret");
  render(FollowLink);
  const password = screen.getByLabelText("New password");
  await userEvent.type(password, "seven quiet otters{Enter}");
  await expect.poll(() => password).toHaveAccessibleDescription(/easy to guess/);
  refuses = false;
  await userEvent.click(screen.getByRole("button", { name: "Save the password" }));
  expect(await screen.findByText("Done. You can sign in with it now.")).toBeVisible();
  const body = { token: "secret", password: "seven quiet otters" };
  expect(calls["POST /api/v1/auth/password/reset"]!.map((call) => call.body)).toEqual([body, body]);
});

test("a link that was cut off says so, and offers nothing to press", () => {
  service({});
  at("/confirm-email");
  render(FollowLink);
  expect(screen.getByRole("alert")).toHaveTextContent("Copy all of the link");
  expect(screen.queryByRole("button")).toBeNull();
});
