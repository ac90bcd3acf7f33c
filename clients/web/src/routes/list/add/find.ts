/** Asks the catalogue who is meant: by name, or by a link. */
import {
  resolveArtists,
  searchArtists,
  type Artist,
  type ArtistHit,
  type MatchReason,
  type ResolvedRow,
  type RowToResolve,
} from "@nodrake/client";
import { answered } from "$lib/api/hitch";
import { account } from "$lib/api/session.svelte";
import { linkIn, rowOf } from "./artist-link";

const SHOWN = 8;
const LONGEST_NAME = 255;

export interface Hit {
  id: string;
  name: string;
  disambiguation: string | null;
  picture: string | null;
  services: string[];
  /** `link`: the link says so. `maybe`: the link leaves it open. */
  why: MatchReason | "link" | "maybe";
  /** The other name that matched. */
  alias: string | null;
  isOnList: boolean;
}

export interface Answer {
  /** What was asked. */
  to: string;
  hits: Hit[];
  /** Where nobody was found: by what. */
  nobody: "name" | "link" | "unreadable" | null;
}

export async function find(text: string, signal: AbortSignal): Promise<Answer> {
  const row = rowOf(text);
  if (row === null) return byName(text, signal);
  const answer = await byLink(text, row, signal);
  // An id that nobody has may still be somebody's name.
  return answer.nobody !== null && linkIn(text) === null ? byName(text, signal) : answer;
}

async function byName(text: string, signal: AbortSignal): Promise<Answer> {
  const hits = (await search(text, signal)).map(fromHit);
  return { to: text, hits, nobody: hits.length > 0 ? null : "name" };
}

async function search(name: string, signal: AbortSignal): Promise<ArtistHit[]> {
  const query = { q: [...name].slice(0, LONGEST_NAME).join(""), limit: SHOWN };
  const { data } = await answered(searchArtists({ client: account.client, query, signal }));
  return data.items;
}

async function byLink(text: string, row: RowToResolve, signal: AbortSignal): Promise<Answer> {
  const body = { rows: [row] };
  const { data } = await answered(resolveArtists({ client: account.client, body, signal }));
  const [resolved] = data.rows;
  if (resolved === undefined) return { to: text, hits: [], nobody: "link" };
  const hits = resolved.artist
    ? [await known(resolved.artist, signal)]
    : resolved.candidates.map(({ artist, disambiguation }) =>
        fromArtist(artist, "maybe", disambiguation),
      );
  return { to: text, hits, nobody: nobodyBy(resolved) };
}

function nobodyBy({ artist, candidates, unreadable }: ResolvedRow): Answer["nobody"] {
  if (artist !== null || candidates.length > 0) return null;
  return unreadable.length > 0 ? "unreadable" : "link";
}

/** A search by the name says what resolving does not: whether the artist is on the list. */
async function known(artist: Artist, signal: AbortSignal): Promise<Hit> {
  const named = await search(artist.canonical_name, signal).catch(() => []);
  const hit = named.find(({ id }) => id === artist.id);
  return hit ? { ...fromHit(hit), why: "link", alias: null } : fromArtist(artist, "link", null);
}

function fromHit(hit: ArtistHit): Hit {
  return {
    ...fromArtist(hit, hit.match.reason, hit.disambiguation),
    alias: hit.match.is_alias ? hit.match.name : null,
    isOnList: hit.on_own_list,
  };
}

function fromArtist(artist: Artist, why: Hit["why"], disambiguation: string | null): Hit {
  return {
    id: artist.id,
    name: artist.canonical_name,
    disambiguation,
    picture: artist.image_url,
    services: Object.keys(artist.external_ids),
    why,
    alias: null,
    isOnList: false,
  };
}
