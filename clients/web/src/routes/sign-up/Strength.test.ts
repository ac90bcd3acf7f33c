import { render, screen } from "@testing-library/svelte";
import { expect, test } from "vitest";
import Strength from "./Strength.svelte";

test.each([
  ["elevenchars", /1 more character is needed/],
  ["ten charac", /2 more characters are needed/],
])("of %s it says what is missing", (password, words) => {
  render(Strength, { password });
  expect(screen.getByText(words)).toBeVisible();
});
