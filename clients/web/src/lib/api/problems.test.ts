import { render, screen } from "@testing-library/svelte";
import { afterEach, beforeEach, expect, test } from "vitest";
import { locale } from "$lib/i18n/index.svelte";
import Notice from "$lib/ui/Notice.svelte";
import { problem } from "../../test.service";
import { troubleOf } from "./problems";

const trouble = (status: number, code: string, detail = "Because.") =>
  troubleOf({ ...(problem(status, code).body as object), detail });

beforeEach(() => locale.use("de"));
afterEach(() => locale.use("en"));

test("what is refused often is told in the language of the reader", () => {
  render(Notice, { trouble: trouble(401, "accounts.invalid_credentials") });
  const words = screen.getByText(/Die E-Mail-Adresse oder das Passwort ist falsch/);
  expect(words).not.toHaveAttribute("lang");
});

test("the time to wait is told", () => {
  const { message } = trouble(429, "shared.too_many_requests", "Please wait 12 seconds.");
  expect(message).toBe("Zu viele Versuche. Versuche es in 12 Sekunden noch einmal.");
  expect(trouble(429, "shared.too_many_requests").message).toBe("Refused. Because.");
});

test("what is refused seldom is English, and says so", async () => {
  render(Notice, { trouble: trouble(409, "accounts.last_sign_in_method") });
  expect(screen.getByText("Refused. Because.")).toHaveAttribute("lang", "en");
  await locale.use("en");
  expect(trouble(409, "accounts.last_sign_in_method").lang).toBeUndefined();
});
