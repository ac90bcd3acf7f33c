"""Use cases of the personal do-not-play list."""
