"""Ports in memory, for tests; never shipped."""
