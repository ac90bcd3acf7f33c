import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { service } from "../../../test.service";
import NewToken from "./NewToken.svelte";

test("a token may do something, and only what was chosen", async () => {
  const onmade = vi.fn();
  const calls = service({
    "POST /api/v1/auth/tokens": () => ({ status: 201, body: { token: "ndh_secret", details: {} } }),
  });
  render(NewToken, { onmade, onclose: () => {} });
  const make = () => userEvent.click(screen.getByRole("button", { name: "Make a token" }));
  await userEvent.type(screen.getByLabelText("Name"), "Home server");
  await userEvent.click(screen.getByLabelText("read the list"));
  await make();
  expect(screen.getByRole("alert")).toHaveTextContent("Choose at least one");
  expect(calls).toEqual({});
  await userEvent.click(screen.getByLabelText("find artists"));
  await userEvent.selectOptions(screen.getByLabelText("It works for"), "30 days");
  await make();
  await expect.poll(() => onmade.mock.calls).toEqual([["ndh_secret"]]);
  const [call] = calls["POST /api/v1/auth/tokens"]!;
  expect(call!.body).toEqual({ name: "Home server", scopes: ["catalog:read"], expires_in_days: 30 });
  expect(call!.headers.get("idempotency-key")).toBeTruthy();
});
