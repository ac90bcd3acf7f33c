import { render, screen } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isKey, locale } from "$lib/i18n/index.svelte";
import Notice from "$lib/ui/Notice.svelte";
import { inputs, refusals } from "../../test.contract";
import { problem } from "../../test.service";
import { troubleOf } from "./problems";

const trouble = (status: number, code: string, more: object = {}) =>
  troubleOf({ ...(problem(status, code).body as object), ...more });

beforeEach(() => locale.use("de"));
afterEach(() => locale.use("en"));

test("what is refused often is told in the language of the reader", () => {
  render(Notice, { trouble: trouble(401, "accounts.invalid_credentials") });
  const words = screen.getByText(/Die E-Mail-Adresse oder das Passwort ist falsch/);
  expect(words).not.toHaveAttribute("lang");
});

test("the time to wait is told", () => {
  const { message } = trouble(429, "shared.too_many_requests", { retry_after: 12 });
  expect(message).toBe("Zu viele Versuche in kurzer Zeit. Versuche es in 12 Sekunden noch einmal.");
  expect(trouble(429, "shared.too_many_requests").message).toMatch(/^Zu viele Anfragen/);
});

test("what no code is known of is English, and says so", async () => {
  render(Notice, { trouble: trouble(409, "somewhere.new") });
  expect(screen.getByText("Refused. Because.")).toHaveAttribute("lang", "en");
  await locale.use("en");
  expect(trouble(409, "somewhere.new").lang).toBeUndefined();
});

test("a field is told in the reader's words; of one without words the service's own are shown", () => {
  const refused = (...fields: string[]) => {
    const errors = fields.map((field) => ({ field, message: "expected something" }));
    return troubleOf({ ...(problem(422, "shared.invalid_input").body as object), errors });
  };
  expect(refused("tracks[0].note").fields).toEqual({ "tracks[0].note": "Bis zu 2.000 Zeichen." });
  expect(refused("note").detail).toBeUndefined();
  render(Notice, { trouble: refused("note", "shoe_size") });
  expect(screen.getByText("Because.")).toHaveAttribute("lang", "en");
  expect(screen.getByText(/^Etwas ist nicht so/)).toBeVisible();
});

describe("each refusal that a screen can meet has words in both languages", () => {
  test("there are some", () => expect(refusals().size).toBeGreaterThan(50));
  test.each([...refusals()])("%s, answered with %i", async (code, status) => {
    for (const language of ["de", "en"]) {
      await locale.use(language);
      const { message, lang } = trouble(status, code);
      expect([language, message, lang]).toEqual([language, expect.not.stringMatching(/Because/), undefined]);
    }
  });
  test.each([...inputs()])("the input %s", (field) => expect(isKey(`field.${field}`)).toBe(true));
});
