"""Tools that keep document, client and released contract together: ``python -m spec.contract``."""
