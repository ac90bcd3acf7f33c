import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";
import { account } from "$lib/api/session.svelte";
import App from "./App.svelte";
import { ADA, service } from "./test.service";
import "./routes/list/List.svelte"; // at hand when the router wants it
import "./routes/sign-in/SignIn.svelte";
import { aList, anEntry } from "./routes/list/test.world";

const REFRESH = "POST /api/v1/auth/refresh";
const pair = { access_token: "access", expires_in: 900, refresh_token: "", user: ADA };
const SIGNED_IN = {
  [REFRESH]: () => ({ body: pair }),
  "GET /api/v1/users/profile": () => ({ body: ADA }),
  "POST /api/v1/auth/logout": () => ({ status: 204 }),
};
const forget = () => (document.cookie = "nodrake-session=; max-age=0");

beforeEach(() => {
  forget();
  account.state = "unknown";
  account.isKnown = false;
  history.replaceState(null, "", "/");
});

test("a stranger is welcomed, and nothing is asked for a session that there cannot be", async () => {
  const calls = service({});
  render(App);
  expect(await screen.findByRole("heading", { name: /^One do-not-play list/ })).toBeVisible();
  expect(screen.getByRole("link", { name: "Open an account" })).toHaveAttribute("href", "/sign-up");
  expect(screen.getByRole("link", { name: "Sign in" })).toHaveAttribute("href", "/sign-in");
  expect(calls[REFRESH]).toBeUndefined();
});

test("whoever signs out is sent away before anything is asked for in nobody's name", async () => {
  document.cookie = "nodrake-session=1";
  const sent: [string, string | null][] = [];
  aList({ now: [anEntry(1)] }, SIGNED_IN);
  const inner = globalThis.fetch;
  vi.stubGlobal("fetch", (request: Request) => {
    sent.push([new URL(request.url).pathname, request.headers.get("authorization")]);
    return inner(request);
  });
  render(App);
  await userEvent.click(await screen.findByRole("button", { name: "Sign out" }));
  expect(await screen.findByRole("heading", { name: "Welcome back" })).toBeVisible();
  await new Promise((done) => setTimeout(done, 50));
  const nobodys = sent.filter(([, authorization]) => authorization === null).map(([path]) => path);
  expect(nobodys).toEqual(["/api/v1/auth/refresh", "/api/v1/auth/providers"]);
});
