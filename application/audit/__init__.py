"""Use cases of the audit log: sealing, checking, expiring and reading it."""
