import { beforeEach, expect, test } from "vitest";
import { ADA, problem, service } from "../../test.service";
import { locale } from "$lib/i18n/index.svelte";
import { enterAnew, NameChangedElsewhere, saveDisplayName, saveSettings } from "./profile";
import { account } from "./session.svelte";

const READ = "GET /api/v1/users/profile";
const SETTINGS = "PUT /api/v1/users/settings";

beforeEach(() => account.entered(ADA));

test("a change that was overtaken is made to what is there now", async () => {
  const states = [
    { body: ADA, headers: { etag: '"1"' } },
    { body: { ...ADA, settings: { ...ADA.settings, language: "de" } }, headers: { etag: '"2"' } },
  ];
  const calls = service({
    [READ]: () => states.shift()!,
    [SETTINGS]: ({ headers, body }) =>
      headers.get("if-match") === '"2"'
        ? { body: { ...ADA, settings: body } }
        : problem(412, "shared.precondition_failed"),
  });
  await saveSettings({ theme: "dark" });
  expect(calls[SETTINGS]).toHaveLength(2);
  expect(account.user?.settings).toEqual({ ...ADA.settings, language: "de", theme: "dark" });
  expect(document.documentElement.dataset.theme).toBe("dark");
});

test("a change that is overtaken twice is told", async () => {
  service({
    [READ]: () => ({ body: ADA, headers: { etag: '"1"' } }),
    [SETTINGS]: () => problem(412, "shared.precondition_failed"),
  });
  await expect(saveSettings({ theme: "dark" })).rejects.toMatchObject({
    code: "shared.precondition_failed",
  });
});

test("a name that was changed elsewhere is shown and not written over", async () => {
  const calls = service({ [READ]: () => ({ body: { ...ADA, display_name: "Countess" } }) });
  await expect(saveDisplayName("Lady")).rejects.toBeInstanceOf(NameChangedElsewhere);
  expect(account.user?.display_name).toBe("Countess");
  expect(calls["PATCH /api/v1/users/profile"]).toBeUndefined();
});

test("an account that is opened in German speaks German, there and here", async () => {
  const calls = service({
    [READ]: () => ({ body: ADA, headers: { etag: '"1"' } }),
    [SETTINGS]: ({ body }) => ({ body: { ...ADA, settings: body } }),
  });
  await locale.use("de");
  await enterAnew(ADA);
  expect(calls[SETTINGS]).toHaveLength(1);
  expect(account.user?.settings.language).toBe("de");
  expect(locale.language).toBe("de");
  await locale.use("en");
  await enterAnew(ADA);
  expect(calls[SETTINGS]).toHaveLength(1);
});

test("an account whose language could not be kept is open all the same", async () => {
  service({ [READ]: () => problem(503, "shared.unavailable") });
  await locale.use("de");
  await expect(enterAnew(ADA)).resolves.toBeUndefined();
  expect(account.state).toBe("signed_in");
  await locale.use("en");
});
