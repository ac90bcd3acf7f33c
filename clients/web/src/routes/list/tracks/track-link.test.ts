import { expect, test } from "vitest";
import { idIn, serviceOf } from "./track-link";

const UUID = "b1a9c0e9-d987-4042-ae91-78d6a3267d69";

test.each([
  ["https://open.spotify.com/intl-de/track/4cOdK2wGLETKBW3PvgPWqT?si=1", "spotify"],
  ["spotify:track:4cOdK2wGLETKBW3PvgPWqT", "spotify"],
  ["4cOdK2wGLETKBW3PvgPWqT", "spotify"],
  ["https://music.apple.com/de/album/rain/1?i=2", "apple_music"],
  ["https://music.youtube.com/watch?v=dQw4w9WgXcQ", "youtube"],
  ["https://youtu.be/dQw4w9WgXcQ", "youtube"],
  ["https://listen.tidal.com/track/1", "tidal"],
  ["https://www.deezer.com/de/track/1", "deezer"],
  ["https://music.amazon.de/tracks/B012345678", "amazon_music"],
  [`https://musicbrainz.org/recording/${UUID}`, "musicbrainz"],
  [UUID, "musicbrainz"],
  ["QZ-ES7-12-34567", "isrc"],
  ["12345", null],
  ["Rain", null],
] as const)("%s is of %s", (text, service) => expect(serviceOf(text)).toBe(service));

test.each([
  ["Rain by Static Bloom https://youtu.be/dQw4w9WgXcQ enjoy", "https://youtu.be/dQw4w9WgXcQ"],
  ["open.spotify.com/track/4cOdK2wGLETKBW3PvgPWqT", "https://open.spotify.com/track/4cOdK2wGLETKBW3PvgPWqT"],
  ["http://deezer.com/track/1", "https://www.deezer.com/track/1"],
  ["https://m.youtube.com/watch?v=dQw4w9WgXcQ", "https://www.youtube.com/watch?v=dQw4w9WgXcQ"],
  ["https://music.amazon.de/albums/B011111111?trackAsin=B012345678&ref=x", "B012345678"],
  [" 12345 ", "12345"],
])("of %s the service takes %s", (text, id) => expect(idIn(text)).toBe(id));
