"""Everything that is known to hold, and was seen failing once."""
