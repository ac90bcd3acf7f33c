"""Use cases of accounts: opening one, signing in and out, profile and settings."""
