/** Which track a link, a URI or an id means: only what says so by itself. */
import type { TrackRegister } from "@nodrake/client";

export const REGISTERS = [
  "spotify",
  "apple_music",
  "youtube",
  "tidal",
  "deezer",
  "amazon_music",
  "musicbrainz",
  "isrc",
] as const satisfies readonly TrackRegister[];

const SHAPES: Record<TrackRegister, RegExp> = {
  spotify: /^(?:spotify:track:|https:\/\/open\.spotify\.com\/)|^(?=.*\d)(?=.*[A-Za-z])[\dA-Za-z]{22}$/,
  apple_music: /^https:\/\/music\.apple\.com\//,
  youtube: /^https:\/\/(?:(?:www\.|music\.|m\.)?youtube\.com|youtu\.be)\//,
  tidal: /^https:\/\/(?:www\.|listen\.)?tidal\.com\//,
  deezer: /^https:\/\/(?:www\.)?deezer\.com\//,
  amazon_music: /^https:\/\/music\.amazon\.[a-z.]{2,6}\/|^B0[\dA-Z]{8}$/,
  musicbrainz: /^https:\/\/musicbrainz\.org\/|^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i,
  isrc: /^(?:ISRC\s*)?[A-Z]{2}-?[\dA-Z]{3}-?\d{2}-?\d{5}$/i,
};
const HOSTS = /^(?:[\w-]+\.)*(?:spotify|apple|youtube|youtu|tidal|deezer|amazon|musicbrainz)\.[a-z.]+\/\S+$/i;
// Amazon shares a track as its album, with the track behind it.
const ON_ITS_ALBUM = /[?&]trackAsin=(B[\dA-Z]{9})\b/;

/** What the service takes, out of what was pasted: with words around it, or without `https:`. */
export function idIn(text: string): string {
  const [web] = /https?:\/\/\S+/i.exec(text) ?? [];
  const bare = web ?? text.trim();
  const id = (HOSTS.test(bare) ? `https://${bare}` : bare)
    .replace(/^http:/i, "https:")
    .replace(/^(https:\/\/)m\.youtube/i, "$1www.youtube")
    .replace(/^(https:\/\/)deezer/i, "$1www.deezer");
  return ON_ITS_ALBUM.exec(id)?.[1] ?? id;
}

/** Whose it is; nothing where several may have such an id. */
export function serviceOf(text: string): TrackRegister | null {
  const id = idIn(text);
  return REGISTERS.find((service) => SHAPES[service].test(id)) ?? null;
}
