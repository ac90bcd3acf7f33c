/** Wie Dienste heißen. */
export const servicesDe = {
  "service.spotify": "Spotify",
  "service.apple_music": "Apple Music",
  "service.youtube": "YouTube",
  "service.tidal": "Tidal",
  "service.deezer": "Deezer",
  "service.amazon_music": "Amazon Music",
  "service.musicbrainz": "MusicBrainz",
  "service.isni": "ISNI",
  "service.isrc": "ISRC",
} as const;
