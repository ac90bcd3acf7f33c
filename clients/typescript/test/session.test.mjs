import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, beforeEach, test } from "node:test";

import {
  getProfile,
  importBlockedArtists,
  isProblem,
  ProblemError,
  Session,
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
      user: { id: "u", email: "ada@example.org" },
      access_token: service.access,
      refresh_token: service.refresh,
      expires_in: service.lifetime,
    },
  };
}

function answer({ path, authorization, body }) {
  switch (path) {
    case "/api/v1/auth/login":
      return body.includes("wrong") ? problem(401, "accounts.invalid_credentials") : nextPair();
    case "/api/v1/auth/refresh":
      service.refreshes += 1;
      if (service.away) return { status: 502, body: {} };
      if (JSON.parse(body).refresh_token !== service.refresh) {
        return problem(401, "accounts.invalid_refresh_token");
      }
      return nextPair();
    case "/api/v1/auth/logout":
      return { status: 204 };
    default:
      return authorization === `Bearer ${service.access}`
        ? { status: 200, body: { id: "u" } }
        : problem(401, "accounts.authentication_required");
  }
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
  service = { generation: 0, refreshes: 0, lifetime: 900, away: false, seen: [] };
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
  const { error } = await getProfile({ client: session.client });
  assert.equal(error.status, 401);
  assert.equal(told, 0);
  service.away = false;
  assert.deepEqual((await getProfile({ client: session.client })).data, { id: "u" });
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

test("a problem is thrown with its document", async () => {
  const session = new Session({ baseUrl });
  await assert.rejects(session.signIn("ada@example.org", "wrong"), (error) => {
    assert.ok(error instanceof ProblemError);
    assert.ok(isProblem(error.problem));
    assert.equal(error.problem.code, "accounts.invalid_credentials");
    return true;
  });
});
