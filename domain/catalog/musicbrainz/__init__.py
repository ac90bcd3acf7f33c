"""MusicBrainz's published dumps: what each line of them says about an artist."""
