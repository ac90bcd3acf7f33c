import assert from "node:assert/strict";
import { readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { after, before, beforeEach, test } from "node:test";
import { setTimeout } from "node:timers/promises";

import {
  createClient,
  disableTotp,
  getProfile,
  importBlockedArtists,
  isProblem,
  ProblemError,
  Session,
  unblockArtist,
} from "../dist/index.js";

/** What the service knows: the access and the refresh token that work, and what was asked. */
let service;
let server;
let baseUrl;

const problem = (status, code) => ({
  status,
  body: {
    type: `urn:nodrake:problem:${code}`,
    title: "Refused",
    status,
    detail: "Because.",
    instance: "/",
    code,
    request_id: "r-1",
    timestamp: "2026-01-31T12:00:00Z",
    retryable: false,
  },
});

function nextPair() {
  service.generation += 1;
  service.access = `access-${service.generation}`;
  service.refresh = `refresh-${service.generation}`;
  return {
    status: 200,
    body: {
      user: { id: service.user, email: "ada@example.org" },
      access_token: service.access,
      refresh_token: service.refresh,
      expires_in: service.lifetime,
    },
  };
}

function answer({ path, authorization, body }) {
  switch (path) {
    case "/api/v1/auth/register":
    case "/api/v1/auth/login":
      return body.includes("wrong") ? problem(401, "accounts.invalid_credentials") : nextPair();
    case "/api/v1/auth/refresh":
      service.refreshes += 1;
      if (service.away) return problem(503, "shared.unavailable");
      service.meanwhile?.();
      // What is not in the body is in the cookie, and that the server has set itself.
      if ((JSON.parse(body).refresh_token ?? service.refresh) !== service.refresh || !service.refresh) {
        return problem(401, "accounts.invalid_refresh_token");
      }
      return nextPair();
    case "/api/v1/auth/logout":
      if (authorization !== `Bearer ${service.access}`) break;
      service.access = service.refresh = null;
      return { status: 204 };
    case "/api/v1/dnp/list":
      return { status: 200, body: { items: [], next_cursor: null } };
    case "/api/v1/dnp/entries/wrong-password":
      return problem(401, "accounts.invalid_credentials");
    case "/api/v1/auth/2fa/disable":
      if (authorization !== `Bearer ${service.access}`) break;
      return service.proven
        ? { status: 204 }
        : problem(401, "accounts.fresh_authentication_required");
    default:
      return authorization === `Bearer ${service.access}`
        ? { status: 200, body: { id: "u" } }
        : problem(401, "accounts.authentication_required");
  }
  return problem(401, "accounts.authentication_required");
}

before(async () => {
  server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const call = {
      path: request.url,
      authorization: request.headers.authorization,
      body: Buffer.concat(chunks).toString(),
    };
    service.seen.push(call);
    const { status, body } = answer(call);
    if (call.path.endsWith("/refresh")) await setTimeout(service.slow);
    const type = status < 400 ? "application/json" : "application/problem+json";
    response.writeHead(status, { "content-type": type });
    response.end(body && JSON.stringify(body));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  baseUrl = `http://127.0.0.1:${server.address().port}`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  service = { generation: 0, refreshes: 0, user: "u", lifetime: 900, away: false, slow: 0, seen: [] };
});

async function signedIn(options = {}) {
  const session = new Session({ baseUrl, ...options });
  await session.signIn("ada@example.org", "seven quiet otters");
  return session;
}

test("twenty calls that are refused share one refresh", async () => {
  const session = await signedIn();
  service.access = null; // revoked on the server, unknown to the client
  const calls = Array.from({ length: 20 }, () => getProfile({ client: session.client }));
  for (const { data, error } of await Promise.all(calls)) {
    assert.equal(error, undefined);
    assert.deepEqual(data, { id: "u" });
  }
  assert.equal(service.refreshes, 1);
});

test("twenty calls with an expired token share one refresh and are sent once", async () => {
  service.lifetime = 20;
  const session = await signedIn();
  service.lifetime = 900;
  const calls = Array.from({ length: 20 }, () => getProfile({ client: session.client }));
  for (const { error } of await Promise.all(calls)) assert.equal(error, undefined);
  assert.equal(service.refreshes, 1);
  assert.equal(service.seen.filter((call) => call.path.endsWith("/profile")).length, 20);
});

test("a call is sent again once and no more", async () => {
  const session = await signedIn();
  service.meanwhile = () => setImmediate(() => (service.access = null)); // new tokens fail too
  service.access = null;
  const { error } = await getProfile({ client: session.client });
  assert.equal(error.code, "accounts.authentication_required");
  assert.equal(service.refreshes, 1);
  assert.equal(service.seen.filter((call) => call.path.endsWith("/profile")).length, 2);
});

test("a refusal of something else than the token is not asked again", async () => {
  const session = await signedIn();
  const path = { artist_id: "wrong-password" };
  const { error } = await unblockArtist({ client: session.client, path });
  assert.equal(error.code, "accounts.invalid_credentials");
  assert.equal(service.refreshes, 0);
  assert.equal(service.seen.filter((call) => call.path.includes("/entries/")).length, 1);
});

test("calls that want a proof ask once for it, and are sent again", async () => {
  let asked = 0;
  const onProofWanted = async () => {
    asked += 1;
    await setTimeout(20);
    return (service.proven = true);
  };
  const { client } = await signedIn({ onProofWanted });
  service.access = "renewed meanwhile"; // the token is refused first, then the proof is missing
  const calls = await Promise.all([disableTotp({ client }), disableTotp({ client })]);
  for (const { error } of calls) assert.equal(error, undefined);
  assert.equal(asked, 1);
});

test("a proof that is not given, or not enough, leaves the refusal", async () => {
  for (const given of [false, true]) {
    let asked = 0;
    const { client } = await signedIn({ onProofWanted: async () => (asked++, given) });
    const { error } = await disableTotp({ client });
    assert.equal(error.code, "accounts.fresh_authentication_required");
    assert.equal(asked, 1);
  }
});

test("a token is refreshed before it expires", async () => {
  service.lifetime = 20; // less than the thirty seconds ahead
  const session = await signedIn();
  service.lifetime = 900;
  await getProfile({ client: session.client });
  assert.equal(service.refreshes, 1);
  assert.equal(service.seen.at(-1).authorization, "Bearer access-2");
  assert.equal(service.seen.filter((call) => call.path.endsWith("/profile")).length, 1);
});

test("a file is sent again after a refresh, whole", async () => {
  const session = await signedIn();
  service.access = null;
  const file = new Blob(["artist,id\nBloom,4PbKVheWA7ToOxOrqqzjol\n"], { type: "text/csv" });
  const { error } = await importBlockedArtists({ client: session.client, body: { file } });
  assert.equal(error, undefined);
  const sent = service.seen.filter((call) => call.path.endsWith("/import"));
  assert.equal(sent.length, 2);
  assert.match(sent[1].body, /Bloom,4PbKVheWA7ToOxOrqqzjol/);
  assert.equal(sent[0].body, sent[1].body);
});

test("a stream is sent again after a refresh, as it was", async () => {
  const session = await signedIn();
  service.access = null;
  const rows = ["artist,id\n", "Bloom,4PbKVheWA7ToOxOrqqzjol\n"];
  const { error } = await session.client.post({
    url: "/api/v1/dnp/import",
    security: [{ scheme: "bearer", type: "http" }],
    headers: { "content-type": "text/csv" },
    body: ReadableStream.from(rows.map((row) => new TextEncoder().encode(row))),
    bodySerializer: null,
    duplex: "half",
  });
  assert.equal(error, undefined);
  const sent = service.seen.filter((call) => call.path.endsWith("/import"));
  assert.deepEqual(sent.map((call) => call.body), [rows.join(""), rows.join("")]);
});

test("a refused refresh ends the session and says so once", async () => {
  let told = 0;
  const session = await signedIn({ onSignedOut: () => (told += 1) });
  service.access = service.refresh = null;
  const calls = [1, 2, 3].map(() => getProfile({ client: session.client }));
  for (const { error } of await Promise.all(calls)) {
    assert.equal(error.code, "accounts.authentication_required");
  }
  assert.equal(told, 1);
  assert.equal(await session.resume(), false);
});

test("a service that is away does not end the session", async () => {
  let told = 0;
  const session = await signedIn({ onSignedOut: () => (told += 1) });
  service.access = null;
  service.away = true;
  const store = { load: () => "refresh-1", save: () => assert.fail("the token is kept") };
  const { error } = await getProfile({ client: session.client });
  assert.equal(error.status, 401);
  assert.equal(told, 0);
  service.away = false;
  await assert.rejects(() => new Session({ baseUrl: "http://127.0.0.1:1", store }).resume());
  assert.deepEqual((await getProfile({ client: session.client })).data, { id: "u" });
});

test("a refresh that was overtaken by signing in changes nothing", async () => {
  const session = await signedIn();
  service.access = null;
  let signingIn;
  service.meanwhile = () => (signingIn = session.signIn("bob@example.org", "seven quiet otters"));
  service.slow = 50; // the refresh is answered after the sign-in
  await getProfile({ client: session.client });
  await signingIn;
  await getProfile({ client: session.client });
  assert.equal(service.seen.at(-1).authorization, "Bearer access-3");
});

test("signing out ends the session on the server, with an expired token too", async () => {
  service.lifetime = 20;
  const session = await signedIn();
  service.access = null;
  await session.signOut();
  assert.equal(service.refresh, null);
  await session.signOut(); // again: there is nothing left to end
  assert.equal(service.refreshes, 1);
});

test("signing out ends a stored session that was not resumed", async () => {
  let kept = null;
  const store = { load: () => kept, save: (token) => (kept = token) };
  await signedIn({ store });
  await new Session({ baseUrl, store }).signOut();
  assert.deepEqual([kept, service.refresh], [null, null]);
});

test("signing out of a session that is over already is no error", async () => {
  const session = await signedIn();
  service.access = service.refresh = null;
  await session.signOut();
  assert.equal(await session.resume(), false);
});

test("signing out ends the session here even if the server is away", async () => {
  let kept = null;
  const store = { load: () => kept, save: (token) => (kept = token) };
  let away = false;
  const asked = (request) => (away ? Promise.reject(new TypeError("away")) : fetch(request));
  const session = await signedIn({ store, fetch: asked });
  away = true;
  await assert.rejects(session.signOut(), /away/);
  assert.equal(kept, null);
  assert.equal(await session.resume(), false);
});

test("with a cookie, signing out while the server is away leaves everybody signed in", async () => {
  let away = null;
  const asked = (request) => (away === null ? fetch(request) : away());
  const told = [];
  const session = await signedIn({ cookie: true, fetch: asked });
  const otherTab = new Session({ baseUrl, cookie: true, onSignedOut: () => told.push("out") });
  assert.equal(await otherTab.resume(), true);
  await setTimeout(30); // what one tab tells the other takes a moment
  away = () => Promise.reject(new TypeError("away"));
  await assert.rejects(session.signOut(), /away/);
  away = async () => new Response("Bad gateway", { status: 502 });
  await assert.rejects(session.signOut(), /502/);
  await setTimeout(30);
  assert.deepEqual(told, []);
  away = null;
  assert.deepEqual((await getProfile({ client: session.client })).data, { id: "u" });
  await session.signOut();
  await setTimeout(30);
  assert.deepEqual([told, service.refresh], [["out"], null]);
});

test("with a cookie, an old token and a server that is away is not signed out", async () => {
  const session = await signedIn({ cookie: true });
  service.access = "renewed elsewhere";
  service.away = true; // it answers, but refreshes nothing
  await assert.rejects(session.signOut(), ProblemError);
  service.away = false;
  await session.signOut();
  assert.equal(service.refresh, null);
  await session.signOut(); // over already
});

test("a tab does nothing in the name of whom another tab has signed in", async () => {
  let others = 0;
  const tab = await signedIn({ cookie: true, onOtherUser: () => (others += 1) });
  const own = service.access;
  service.user = "bob";
  await signedIn({ cookie: true });
  await setTimeout(30);
  assert.equal(others, 1);
  // Ada's token is refused now, and the browser's cookie is Bob's.
  const { error } = await getProfile({ client: tab.client });
  assert.equal(error.code, "accounts.authentication_required");
  const asked = service.seen.filter((call) => call.path.endsWith("/profile"));
  assert.deepEqual(asked.map((call) => call.authorization), [`Bearer ${own}`]);
  assert.ok(others > 1);
});

test("a request of one person is not sent again as another", async () => {
  const session = await signedIn();
  service.access = null;
  service.user = "bob";
  let signingIn;
  service.meanwhile = () => (signingIn = session.signIn("bob@example.org", "seven quiet otters"));
  service.slow = 50;
  const { error } = await getProfile({ client: session.client });
  await signingIn;
  assert.equal(error.code, "accounts.authentication_required");
  assert.equal(service.seen.filter((call) => call.path.endsWith("/profile")).length, 1);
});

test("tabs of one person share what is refreshed, and a tab that was signed out hears of it", async () => {
  let others = 0;
  const idle = new Session({ baseUrl, cookie: true, onOtherUser: () => (others += 1) });
  const first = await signedIn({ cookie: true });
  await setTimeout(30);
  assert.equal(others, 1); // signed out, and now somebody is in
  await first.resume();
  await setTimeout(30);
  assert.equal(others, 1);
  assert.deepEqual((await getProfile({ client: idle.client })).data, { id: "u" });
  assert.equal(service.refreshes, 1);
});

test("a stored refresh token is enough to go on", async () => {
  let kept = null;
  const store = { load: () => kept, save: (token) => (kept = token) };
  await signedIn({ store });
  const later = new Session({ baseUrl, store });
  assert.equal(await later.resume(), true);
  assert.equal((await getProfile({ client: later.client })).data.id, "u");
  await later.signOut();
  assert.equal(kept, null);
});

test("an API token needs no session", async () => {
  service.access = "ndh_dev_token";
  const client = createClient({ baseUrl, auth: "ndh_dev_token" });
  assert.equal((await getProfile({ client })).data.id, "u");
});

test("a problem is thrown with its document", async () => {
  const session = new Session({ baseUrl });
  await assert.rejects(session.signIn("ada@example.org", "wrong"), (error) => {
    assert.ok(error instanceof ProblemError);
    assert.ok(isProblem(error.problem));
    assert.equal(error.code, "accounts.invalid_credentials");
    return true;
  });
});

test("the example of the README works as it stands", async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const [, example] = /```ts\n([^]*?)```/.exec(readme);
  const copy = new URL("../dist/readme.test.mjs", import.meta.url);
  await writeFile(copy, example.replace("http://localhost:3000", `${baseUrl}/`));
  try {
    await import(copy);
  } finally {
    await rm(copy);
  }
  const asked = service.seen.map((call) => call.path.split("/").at(-1));
  assert.deepEqual(asked, ["register", "import", "list", "logout"]);
  assert.match(service.seen[1].body, /Neural Groove Machine,3ec16T2vMbjJi4luOqt6ps/);
});
