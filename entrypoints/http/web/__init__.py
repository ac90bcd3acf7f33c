"""The web app, as files."""
