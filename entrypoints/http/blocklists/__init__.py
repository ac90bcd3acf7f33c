"""Routes of the do-not-play list."""
