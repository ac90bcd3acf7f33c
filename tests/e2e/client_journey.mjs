// A person's first half hour, through the TypeScript client against the real service.
//
//     node client_journey.mjs BASE_URL FILE.csv
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

import {
  blockArtist,
  exportBlockedArtists,
  getProfile,
  importBlockedArtists,
  listBlockedArtists,
  searchArtists,
  Session,
  unblockArtist,
  unwrap,
  updateBlockedArtist,
  updateSettings,
} from "../../clients/typescript/dist/index.js";

const [baseUrl, path] = process.argv.slice(2);
const email = `journey-${Date.now()}@example.org`;
const password = "seven quiet otters on a raft";

const session = new Session({ baseUrl });
const client = session.client;
const user = await session.register(email, password);
assert.equal(user.email, email);

const file = new Blob([await readFile(path)], { type: "text/csv" });
const first = await unwrap(importBlockedArtists({ client, body: { file } }));
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
await unwrap(blockArtist({ client, body: { artist_id: artist.id, tags: ["ai"] } }));
const edited = await unwrap(
  updateBlockedArtist({ client, path: { artist_id: artist.id }, body: { note: "=not a formula" } }),
);
assert.deepEqual([edited.tags, edited.note], [["ai"], "=not a formula"]);

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
console.log(JSON.stringify({ imported: first.added, listed, name }));
