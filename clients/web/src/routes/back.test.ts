import { expect, test } from "vitest";
import { backTo, isPlace } from "./back";
import { landingOf } from "./provider/landing";

test("places are paths of this app", () => {
  for (const to of ["/", "/settings/email?x=1"]) expect(isPlace(to)).toBe(true);
  for (const to of [null, "", "//evil.example", "/\\evil.example", "https://evil.example"]) {
    expect(isPlace(to)).toBe(false);
  }
  expect(backTo("?to=%2Fsettings%2Femail")).toBe("/settings/email");
  expect(backTo("?to=//evil.example")).toBeNull();
});

test("what a provider sends back is read from the fragment", () => {
  expect(landingOf("#code=abc&return_to=%2Fsettings")).toEqual({
    code: "abc",
    linked: null,
    to: "/settings",
  });
  expect(landingOf("#linked=github&return_to=//evil.example")).toEqual({
    code: null,
    linked: "github",
    to: "/",
  });
});
