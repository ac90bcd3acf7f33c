"""The ways into the product: HTTP, the command line, the worker; and how they are wired."""
