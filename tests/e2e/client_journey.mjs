// A person's first half hour, through the TypeScript client against the real service.
//
//     node client_journey.mjs BASE_URL FILE.csv
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

import {
  blockArtist,
  exportBlockedArtists,
  getBlockedArtist,
  getProfile,
  importBlockedArtists,
  listBlockedArtists,
  once,
  searchArtists,
  Session,
  unblockArtist,
  unwrap,
  updateBlockedArtist,
  updateProfile,
  updateSettings,
} from "../../clients/typescript/dist/index.js";

const [baseUrl, path] = process.argv.slice(2);
const email = `journey-${Date.now()}@example.org`;
const password = "seven quiet otters on a raft";

const calls = [];
let credentials = null; // the last that were sent
let expired = null; // those that the service is to refuse: they are spoilt on the way
const session = new Session({
  baseUrl,
  fetch: (request) => {
    calls.push(new URL(request.url).pathname);
    credentials = request.headers.get("authorization") ?? credentials;
    if (expired !== null && request.headers.get("authorization") === expired) {
      request.headers.set("authorization", `${expired.slice(0, -8)}AAAAAAAA`);
    }
    return fetch(request);
  },
  onSignedOut: () => assert.fail("nobody has ended the session"),
});
const client = session.client;
const user = await session.register(email, password);
assert.equal(user.email, email);

const file = new Blob([await readFile(path)], { type: "text/csv" });
const key = once();
const first = await unwrap(importBlockedArtists({ client, body: { file }, ...key }));
const repeated = await importBlockedArtists({ client, body: { file }, ...key });
assert.deepEqual(repeated.data, first, "a form has another boundary each time, and is the same");
assert.equal(repeated.response.headers.get("idempotent-replayed"), "true");
const again = await unwrap(importBlockedArtists({ client, body: { file } }));
assert.equal(again.added, 0);
assert.equal(again.already_there, first.added + first.already_there);

let listed = 0;
let cursor;
do {
  const query = { limit: 100, sort: "name", ...(cursor && { cursor }) };
  const page = await unwrap(listBlockedArtists({ client, query }));
  listed += page.items.length;
  cursor = page.next_cursor;
} while (cursor);
assert.equal(listed, first.added);

const { items } = await unwrap(listBlockedArtists({ client, query: { limit: 1 } }));
const name = items[0].artist.canonical_name;
const hits = await unwrap(searchArtists({ client, query: { q: name, limit: 100 } }));
const artist = hits.items.find((hit) => hit.id === items[0].artist_id);
assert.ok(artist, `${name} is found by its name`);

const refused = await blockArtist({ client, body: { artist_id: artist.id } });
assert.equal(refused.error.code, "blocklists.artist_already_blocked");
assert.equal(refused.error.entry.artist.id, artist.id);

await unwrap(unblockArtist({ client, path: { artist_id: artist.id } }));
const added = { client, body: { artist_id: artist.id, tags: ["ai"] }, ...once() };
const entry = await unwrap(blockArtist(added));
assert.deepEqual(await unwrap(blockArtist(added)), entry);
const reused = await blockArtist({ ...added, body: { artist_id: artist.id } });
assert.equal(reused.error.code, "shared.idempotency_key_reused");

const where = { artist_id: artist.id };
const read = await getBlockedArtist({ client, path: where });
assert.deepEqual(read.data, entry);
const tag = read.response.headers.get("etag");
const known = await getBlockedArtist({ client, path: where, headers: { "If-None-Match": tag } });
assert.equal(known.response.status, 304);
const edited = await unwrap(
  updateBlockedArtist({ client, path: { artist_id: artist.id }, body: { note: "=not a formula" } }),
);
assert.deepEqual([edited.tags, edited.note], [["ai"], "=not a formula"]);

const late = { client, path: where, body: { note: "x" }, headers: { "If-Match": tag } };
assert.equal((await updateBlockedArtist(late)).error.code, "shared.precondition_failed");
const renamed = await updateProfile({ client, body: { display_name: "Ada" } });
const headers = { "If-Match": renamed.response.headers.get("etag") };
await unwrap(updateProfile({ client, body: { display_name: null }, headers }));

const exported = await unwrap(exportBlockedArtists({ client, query: { format: "csv" } }));
assert.equal(typeof exported, "string");
assert.ok(exported.includes("'=not a formula"));
const document = await unwrap(exportBlockedArtists({ client, query: { format: "json" } }));
assert.equal(document.entries.length, listed);

const settings = { theme: "dark", language: "en", email_notifications: false };
await unwrap(updateSettings({ client, body: settings }));
await session.signOut();
assert.equal((await getProfile({ client })).error.code, "accounts.authentication_required");

const profile = await session.signIn(email, password);
assert.equal(profile.settings.theme, "dark");
assert.equal(await session.resume(), true);
assert.equal((await unwrap(getProfile({ client }))).id, user.id);

// The service no longer takes the access token: calls go on, after one refresh.
expired = credentials;
calls.length = 0;
const [answered, ...profiles] = await Promise.all([
  unwrap(importBlockedArtists({ client, body: { file } })),
  ...Array.from({ length: 20 }, () => unwrap(getProfile({ client }))),
]);
assert.equal(answered.added, 0);
assert.equal(answered.already_there, first.added);
assert.ok(profiles.every((one) => one.id === user.id));
assert.equal(calls.filter((call) => call.endsWith("/auth/refresh")).length, 1);
assert.equal(calls.filter((call) => call.endsWith("/dnp/import")).length, 2);
console.log(JSON.stringify({ imported: first.added, listed, name }));
