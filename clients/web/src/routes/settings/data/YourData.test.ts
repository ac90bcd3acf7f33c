import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test } from "vitest";
import { account } from "$lib/api/session.svelte";
import { deletion } from "$lib/api/deletion.svelte";
import { collect } from "$lib/download";
import { ADA, service } from "../../../test.service";
import Erasure from "./Erasure.svelte";

beforeEach(() => account.entered(ADA));

test("an account is erased for whoever types its address, and for nobody by a slip", async () => {
  const due = { due_at: "2026-02-07T12:00:00Z", requested_at: "2026-01-31T12:00:00Z" };
  const calls = service({ "POST /api/v1/users/deletion": () => ({ status: 202, body: due }) });
  render(Erasure);
  await userEvent.click(screen.getByRole("button", { name: "Delete my account" }));
  const field = screen.getByLabelText(/Type your e-mail/);
  const send = () => userEvent.click(screen.getAllByRole("button", { name: "Delete my account" }).at(-1)!);
  await userEvent.type(field, "ada@example.com");
  await send();
  expect(field).toHaveAccessibleDescription("This is not the address of your account.");
  expect(calls).toEqual({});
  await userEvent.clear(field);
  await userEvent.type(field, "Ada@Example.org");
  await send();
  await expect.poll(() => deletion.scheduled).toEqual(due);
});

test("a download tells how much has come", async () => {
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const part of ["abc", "de"]) controller.enqueue(new TextEncoder().encode(part));
      controller.close();
    },
  });
  const heard: number[] = [];
  const file = await collect(stream, (bytes) => heard.push(bytes), "application/zip");
  expect(heard).toEqual([3, 5]);
  expect(file.size).toBe(5);
});
