import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { literalTexts, placesLeftBehind, SERVICE_WORKER, waysOut } from "./test.rules";

const HERE = import.meta.dirname;
const sources = readdirSync(HERE, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.(ts|js|mjs|svelte)$/.test(entry.name))
  .map((entry) => relative(HERE, join(entry.parentPath, entry.name)))
  .filter((path) => !/(^|\/)test\.|\.test\.ts$/.test(path))
  .concat(SERVICE_WORKER);
const read = (path: string) => readFileSync(join(HERE, path), "utf8");

test("there is something to look at", () => {
  expect(sources).toContain("lib/api/session.svelte.ts");
  expect(sources).toContain("routes/sign-in/SignIn.svelte");
});

describe.each(sources)("%s", (path) => {
  test("asks the service through the generated client only", () =>
    expect(waysOut(path, read(path))).toEqual([]));
  test("leaves nothing behind in the browser", () =>
    expect(placesLeftBehind(path, read(path))).toEqual([]));
});

test.each(sources.filter((path) => path.endsWith(".svelte")))("%s takes its texts from the catalogue", (path) =>
  expect(literalTexts(read(path))).toEqual([]),
);

describe("the rules see", () => {
  const script = (code: string) => `<script lang="ts">${code}</script>`;

  test.each([
    ['fetch("/x")', ["fetch"]],
    ["new XMLHttpRequest()", ["XMLHttpRequest"]],
    ['import axios from "axios"', ["axios"]],
    ['new WebSocket("/x")', ["WebSocket"]],
    ['navigator.sendBeacon("/x")', ["sendBeacon"]],
    ['globalThis["fetch"]("/x")', ["fetch"]],
    ["const { fetch: send } = window", ["fetch"]],
    ['client.get({ url: "/api/v1/dnp/list" })', ["/api/v1/dnp/list"]],
    ["client.get({ url: `/api/v1/${part}` })", ["/api/v1/"]],
  ])("the way out in %s", (code, wrong) => {
    expect(waysOut("a.ts", code)).toEqual(wrong);
    expect(waysOut("A.svelte", script(code))).toEqual(wrong);
    expect(waysOut("lib/service-worker.ts", code)).toEqual(wrong);
  });

  test.each([
    ['localStorage.setItem("a", "b")', ["localStorage"]],
    ["window.sessionStorage.clear()", ["sessionStorage"]],
    ['indexedDB.open("a")', ["indexedDB"]],
    ['document.cookie = "a=b"', ["document.cookie"]],
    ['caches.open("a")', ["caches"]],
  ])("what is left behind by %s", (code, wrong) => {
    expect(placesLeftBehind("a.ts", code)).toEqual(wrong);
    expect(placesLeftBehind("A.svelte", script(code))).toEqual(wrong);
  });

  test("that whether there may be a session is read from a cookie, and nothing set", () => {
    expect(placesLeftBehind("lib/api/session-mark.ts", 'document.cookie === "a"')).toEqual([]);
    expect(placesLeftBehind("lib/api/session-mark.ts", 'document.cookie = "a"')).toEqual(["document.cookie"]);
  });
  test("that a way out in the markup is one", () =>
    expect(waysOut("A.svelte", '<button onclick={() => fetch("/x")}></button>')).toEqual(["fetch"]));
  test("that a comment does nothing", () => expect(waysOut("a.ts", "// no fetch here")).toEqual([]));
  test("that the service worker may load and keep the app's files, and nothing else", () => {
    expect(waysOut(SERVICE_WORKER, "fetch(request)")).toEqual([]);
    expect(placesLeftBehind(SERVICE_WORKER, 'caches.open("a")')).toEqual([]);
    expect(waysOut(SERVICE_WORKER, 'new WebSocket("/x")')).toEqual(["WebSocket"]);
    expect(waysOut(SERVICE_WORKER, 'fetch("/api/v1/dnp/list")')).toEqual(["/api/v1/dnp/list"]);
    expect(placesLeftBehind(SERVICE_WORKER, 'indexedDB.open("a")')).toEqual(["indexedDB"]);
  });

  test.each([
    ["<p>Hello</p>", ["Hello"]],
    ["{#if a}<p>{b} times</p>{/if}", ["times"]],
    ['<p>{busy ? "Wait" : t("form.done")}</p>', ["Wait"]],
    ['<p>{name ?? "Nobody"}</p>', ["Nobody"]],
    ["<p>{`${count} rows`}</p>", ["rows"]],
    ['<p>{"No " + name}</p>', ["No"]],
    ['<button aria-label="Close">✕</button>', ["Close"]],
    ['<img alt="A record" src={a} />', ["A record"]],
    ['<input placeholder="Name" title={`Name`} />', ["Name", "Name"]],
    ['<Field label="Name" hint={a ? "Short" : ""} />', ["Name", "Short"]],
    ["<Dialog {title}>{#snippet foot()}<p>End</p>{/snippet}</Dialog>", ["End"]],
    ["<svelte:head><title>Lists</title></svelte:head>", ["Lists"]],
  ])("the literal text in %s", (source, wrong) => expect(literalTexts(source)).toEqual(wrong));

  test.each([
    '<p>{t("form.done")} · {count}</p>',
    '<p>{kind === "totp" ? t("form.done") : t("form.back")}</p>',
    '<Field label={t("form.name")} type="email" /><button class="label">✕</button>',
    "<!-- A record with a line through it. -->",
  ])("nothing in %s", (source) => expect(literalTexts(source)).toEqual([]));
});
