"""Use cases of notifications: messages on their way out."""
