"""A labelled set of artist fields and titles: who is named in them, and as what."""
