"""Backups as files in a folder."""
