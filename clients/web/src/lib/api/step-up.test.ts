import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { changePassword, unwrap } from "@nodrake/client";
import { beforeEach, expect, test } from "vitest";
import { problem, service } from "../../test.service";
import { Action } from "./action.svelte";
import { account } from "./session.svelte";
import StepUp from "./StepUp.svelte";
import { stepUp } from "./step-up.svelte";

const PASSWORD = "PUT /api/v1/auth/password";
const PROOF = "POST /api/v1/auth/reauthenticate";
let proven: boolean;

function world(proof: () => ReturnType<typeof problem>) {
  proven = false;
  return service({
    [PASSWORD]: () => (proven ? { status: 204 } : problem(401, "accounts.fresh_authentication_required")),
    [PROOF]: proof,
  });
}
const change = () =>
  unwrap(changePassword({ client: account.client, body: { password: "eight quiet otters" } }));

beforeEach(async () => {
  world(() => ({ status: 204 }));
  account.entered(await account.session.signIn("ada@example.org", "seven quiet otters"));
});

test("a proof is asked for once, and what waited for it is done", async () => {
  const calls = world(() => ((proven = true), { status: 204 }));
  const action = new Action();
  const done = action.run(change);
  await expect.poll(() => stepUp.open).toBe(true);
  render(StepUp);
  await userEvent.type(screen.getByLabelText("Password"), "seven quiet otters");
  await userEvent.click(screen.getByRole("button", { name: "Continue" }));
  expect(await done).toBe(true);
  expect(calls[PROOF]!.map((call) => call.body)).toEqual([{ password: "seven quiet otters" }]);
  expect(calls[PASSWORD]!.map((call) => call.body)).toEqual([
    { password: "eight quiet otters" },
    { password: "eight quiet otters" },
  ]);
  expect(stepUp.open).toBe(false);
});

test("a wrong password is said, and a code is asked for where one is wanted", async () => {
  const refusals = [problem(403, "accounts.wrong_password"), problem(401, "accounts.totp_required")];
  const calls = world(() => refusals.shift() ?? ((proven = true), { status: 204 }));
  const done = change();
  await expect.poll(() => stepUp.open).toBe(true);
  render(StepUp);
  const go = () => userEvent.click(screen.getByRole("button", { name: "Continue" }));
  await userEvent.type(screen.getByLabelText("Password"), "seven quiet otters");
  await go();
  expect(await screen.findByRole("alert")).toHaveTextContent("r-1");
  await go();
  await userEvent.type(await screen.findByLabelText("Code from your app"), "123 456");
  await go();
  await done;
  expect(calls[PROOF]!.at(-1)!.body).toEqual({ password: "seven quiet otters", totp_code: "123456" });
});

test("to close the question is to leave things as they are, and no trouble", async () => {
  const action = new Action();
  const done = action.run(change);
  await expect.poll(() => stepUp.open).toBe(true);
  render(StepUp);
  await userEvent.click(screen.getByRole("button", { name: "Close" }));
  expect(await done).toBe(false);
  expect(action.trouble).toBeNull();
});
