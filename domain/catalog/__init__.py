"""The catalogue: artists, the names they go by and their ids on services."""
