/** Where an artist can be looked at, to see who it is. */
import { isKey, t } from "$lib/i18n/index.svelte";

// As the service itself writes addresses.
const PAGES: Record<string, string> = {
  spotify: "https://open.spotify.com/artist/",
  apple_music: "https://music.apple.com/us/artist/",
  youtube: "https://music.youtube.com/channel/",
  tidal: "https://tidal.com/artist/",
  deezer: "https://www.deezer.com/artist/",
  amazon_music: "https://music.amazon.com/artists/",
  musicbrainz: "https://musicbrainz.org/artist/",
  isni: "https://isni.org/isni/",
};

export interface Place {
  service: string;
  address: string;
}

/** Each service that knows the artist, with the address of the page there. */
export function placesOf(externalIds: Record<string, string>): Place[] {
  return Object.entries(externalIds).flatMap(([service, id]) => {
    const page = PAGES[service];
    const key = `service.${service}`;
    if (page === undefined) return [];
    return [{ service: isKey(key) ? t(key) : service, address: page + encodeURIComponent(id) }];
  });
}
