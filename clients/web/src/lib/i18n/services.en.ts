/** What services are called. */
export const servicesEn = {
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
