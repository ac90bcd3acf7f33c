"""Accounts: people, their credentials and their sessions."""
