import { render, screen } from "@testing-library/svelte";
import { afterEach, expect, test } from "vitest";
import { toasts } from "$lib/ui/toasts.svelte";
import { service } from "../../test.service";
import { landingOf, refusalIn } from "./landing";
import SignedIn from "./SignedIn.svelte";
import SignInFailed from "./SignInFailed.svelte";

afterEach(() => history.replaceState(null, "", "/"));

test("of a link only codes and names of providers are taken", () => {
  expect(refusalIn("#code=accounts.provider_unavailable")).toBe("accounts.provider_unavailable");
  expect(refusalIn("#code=Call+this+number")).toBeNull();
  expect(refusalIn(`#code=${"a".repeat(61)}`)).toBeNull();
  expect(landingOf("#linked=git-hub2").linked).toBe("git-hub2");
  expect(landingOf("#linked=Your+account+is+locked").linked).toBeNull();
});

test("a link cannot put words on the screen", () => {
  location.hash = "#code=Your+account+is+locked";
  render(SignInFailed);
  expect(screen.getByText(/could not confirm who you are/)).toBeVisible();
  expect(document.body).not.toHaveTextContent("locked");
});

test("a code that is the name of something else is a code without words", () => {
  location.hash = "#code=constructor";
  render(SignInFailed);
  expect(screen.getByText(/could not confirm who you are/)).toBeVisible();
  expect(screen.getByText("Code: constructor")).toBeVisible();
});

test.each([
  ["github", ["GitHub is linked."]],
  ["your-account-is-locked", []],
])("of the provider %s it says %j", async (name, said) => {
  toasts.items = [];
  const calls = service({ "GET /api/v1/auth/providers": () => ({ body: { items: ["github"] } }) });
  location.hash = `#linked=${name}`;
  render(SignedIn);
  await expect.poll(() => calls["GET /api/v1/auth/providers"]?.length).toBe(1);
  await new Promise((resume) => setTimeout(resume, 50));
  expect(toasts.items.map((toast) => toast.text)).toEqual(said);
});
