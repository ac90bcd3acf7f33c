"""Routes of what a list means for a library."""
