"""Health, metrics and the documents of the API."""
