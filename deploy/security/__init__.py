"""Known vulnerabilities of what we depend on: `make audit`, its exceptions, and their rules."""
