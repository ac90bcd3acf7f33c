"""The worker: what is done apart from any request."""
