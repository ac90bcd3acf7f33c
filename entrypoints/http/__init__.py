"""The HTTP API: routes, their wire shapes, and what surrounds every request."""
