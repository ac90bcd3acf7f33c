import { expect, test } from "vitest";
import { rowOf } from "./artist-link";

test.each([
  "https://open.spotify.com/artist/3ec16T2vMbjJi4luOqt6ps?si=1",
  "open.spotify.com/artist/3ec16T2vMbjJi4luOqt6ps",
  "spotify:artist:3ec16T2vMbjJi4luOqt6ps",
  "https://music.apple.com/de/artist/ada/271256",
  "music.youtube.com/channel/UCabcdefghijklmnopqrstuv",
  "www.deezer.com/artist/27",
  "tidal.com/browse/artist/3",
  "https://music.amazon.co.uk/artists/B00ABCDEFG",
  "mbid:a74b1b7f-71a5-4011-9441-d0b5e4122711",
])("%s is a link", (text) => {
  expect(rowOf(text)).toEqual({ links: [text] });
});

test.each([
  ["3ec16T2vMbjJi4luOqt6ps", "spotify"],
  ["UCabcdefghijklmnopqrstuv", "youtube"],
  ["a74b1b7f-71a5-4011-9441-d0b5e4122711", "musicbrainz"],
  ["B00ABCDEFG", "amazon_music"],
  ["0000 0001 2103 2683", "isni"],
])("%s is an id on %s", (text, service) => {
  expect(rowOf(text)).toEqual({ ids: { [service]: text } });
});

test.each(["AC/DC", "will.i.am", "deadmau5", "Re: Union", "spotify", "1999", "t.A.T.u. / live", "Donaudampfschifffahrts"])(
  "%s is a name",
  (text) => expect(rowOf(text)).toBeNull(),
);
