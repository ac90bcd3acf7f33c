"""What a do-not-play list means for a library: who is named where, and what it touches."""
