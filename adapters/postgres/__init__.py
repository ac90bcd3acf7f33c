"""PostgreSQL: where everything lives that must not be lost."""
