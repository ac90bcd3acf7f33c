/** One artist on one's list or off it, and either as it was before. */
import {
  blockArtist,
  getBlockedArtist,
  importBlockedArtists,
  once,
  ProblemError,
  unblockArtist,
  undoBulkChange,
  unwrap,
  type DnpEntry,
  type ImportResult,
  type Once,
} from "@nodrake/client";
import { answered } from "$lib/api/hitch";
import { account } from "$lib/api/session.svelte";

/** Throws a `Hitch`: it may be worth waiting. */
export async function add(artistId: string, key: Once): Promise<void> {
  const body = { artist_id: artistId };
  await answered(blockArtist({ client: account.client, body, ...key }));
}

export async function takeOff(artistId: string): Promise<void> {
  const path = { artist_id: artistId };
  await unwrap(unblockArtist({ client: account.client, path })).catch(ignoreMissing);
}

/** Answers the entry that was removed, for `putBack`; nothing where there was none any more. */
export async function remove(artistId: string): Promise<DnpEntry | null> {
  const client = account.client;
  const path = { artist_id: artistId };
  try {
    const answer = await getBlockedArtist({ client, path });
    const entry = await unwrap(Promise.resolve(answer));
    const etag = answer.response.headers.get("etag");
    await unwrap(unblockArtist({ client, path, headers: etag ? { "If-Match": etag } : {} }));
    return entry;
  } catch (error) {
    ignoreMissing(error);
    return null;
  }
}

/** With its tags, its note and its end. */
export async function putBack(entry: DnpEntry, key: Once): Promise<void> {
  const { artist_id, tags, note, until } = entry;
  const body = { artist_id, tags, note, until };
  await unwrap(blockArtist({ client: account.client, body, ...key }));
}

/** Somebody who is not in the catalogue yet comes onto a list as a file would bring them. */
export async function addNew(name: string, link: string, key: Once): Promise<ImportResult> {
  const file = new File([JSON.stringify([{ name, link }])], hostOf(link), { type: "application/json" });
  const query = { format: "json" } as const;
  const client = account.client;
  return unwrap(importBlockedArtists({ client, body: { file }, query, ...key }));
}

export async function undoNew(changeId: string): Promise<void> {
  await unwrap(undoBulkChange({ client: account.client, body: { change_id: changeId }, ...once() }));
}

/** What the list says the artist came from. */
function hostOf(link: string): string {
  return /^https?:\/\/([^/?#]+)/i.exec(link)?.[1] ?? link.slice(0, 100);
}

function ignoreMissing(error: unknown): void {
  const isGone = error instanceof ProblemError && error.code === "blocklists.artist_not_blocked";
  if (!isGone) throw error;
}
