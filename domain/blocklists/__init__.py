"""The personal do-not-play list."""
