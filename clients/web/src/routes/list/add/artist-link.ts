/** Whether what somebody has pasted says by itself who is meant: a link, a URI or an id. */
import type { RowToResolve } from "@nodrake/client";

const HOSTS = /^(?:[\w-]+\.)*(?:spotify|apple|youtube|tidal|deezer|amazon|musicbrainz|isni)\.[a-z.]+\/\S+$/i;
const URIS = /^(?:spotify|tidal|deezer|mbid|musicbrainz|isni):\S+$/i;
const WEB = /https?:\/\/\S+/i;
// Ids that only one service writes so, and hardly anybody is called so either.
const IDS: Record<string, RegExp> = {
  spotify: /^(?=.*\d)(?=.*[A-Za-z])[\dA-Za-z]{22}$/,
  youtube: /^UC[\w-]{22}$/,
  amazon_music: /^B0[\dA-Z]{8}$/,
  musicbrainz: /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i,
  isni: /^\d{4}([ -]?)\d{4}\1\d{4}\1\d{3}[\dX]$/i,
};

/** The link in a text, also where words stand around it, as apps share it. */
export function linkIn(text: string): string | null {
  const web = WEB.exec(text)?.[0];
  if (web !== undefined) return web;
  return HOSTS.test(text) || URIS.test(text) ? text : null;
}

/** What the service is to resolve; nothing where the text is a name. */
export function rowOf(text: string): RowToResolve | null {
  const link = linkIn(text);
  if (link !== null) return { links: [link] };
  const service = Object.keys(IDS).find((name) => IDS[name]!.test(text));
  return service === undefined ? null : { ids: { [service]: text } };
}
