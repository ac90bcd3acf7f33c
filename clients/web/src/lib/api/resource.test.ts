import { expect, test } from "vitest";
import { Resource } from "./resource.svelte";

test("an answer that was overtaken is dropped", async () => {
  const waiting: ((value: string) => void)[] = [];
  const resource = new Resource(() => new Promise<string>((resolve) => waiting.push(resolve)));
  const second = resource.reload();
  waiting[1]!("new");
  await second;
  waiting[0]!("old");
  await new Promise((resolve) => setTimeout(resolve)); // all that follows from it has happened
  expect([resource.data, resource.loading]).toEqual(["new", false]);
});

test("what was read stays where reading it again fails", async () => {
  let answer = () => Promise.resolve("there");
  const resource = new Resource(() => answer());
  await expect.poll(() => resource.data).toBe("there");
  answer = () => Promise.reject(new TypeError("no network"));
  await resource.reload();
  expect(resource.data).toBe("there");
  expect(resource.trouble?.message).toContain("cannot be reached");
});
