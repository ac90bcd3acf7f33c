"""Redis: what is counted across processes, and may be lost."""
